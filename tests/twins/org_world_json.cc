#include "tests/twins/org_world_json.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/json_fields.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

absl::Status WrongOrg(const std::string& what) { return absl::InvalidArgumentError(what); }

absl::Status ReadMemberships(const json& item, CloudAccount& account) {
  const auto found = item.find("directories");
  if (found == item.end()) return absl::OkStatus();
  if (found->is_array()) {
    for (const std::string& id : TextsField(item, "directories")) account.directories[id] = {};
    return absl::OkStatus();
  }
  if (!found->is_object()) return WrongOrg("\"directories\" is not an object or a list");
  for (const auto& entry : found->items()) {
    if (entry.value() != "active" && entry.value() != "suspended") {
      return WrongOrg(absl::StrCat("in ", entry.key(), " it is neither active nor suspended"));
    }
    account.directories[entry.key()].suspended = entry.value() == "suspended";
  }
  return absl::OkStatus();
}

absl::Status ReadAccount(const json& item, CloudAccount& account) {
  absl::Status status = CheckFields(
      item, {"id", "email", "active", "name", "type", "closed", "pending_deletion",
             "deactivated_on", "claimed", "email_verified", "follows_scim", "owner",
             "disable_message", "roles", "profile", "directories", "email_hidden", "api_tokens"});
  if (!status.ok()) return status;
  account.id = TextField(item, "id");
  if (account.id.empty()) return WrongOrg("a cloud account needs an id");
  account.email = TextField(item, "email");
  account.active = FlagField(item, "active", true);
  account.name = TextField(item, "name");
  if (item.contains("type")) account.type = TextField(item, "type");
  account.closed = FlagField(item, "closed", false);
  account.pending_deletion = FlagField(item, "pending_deletion", false);
  if (item.contains("deactivated_on")) account.deactivated_on = TextField(item, "deactivated_on");
  account.claimed = FlagField(item, "claimed", true);
  account.email_verified = FlagField(item, "email_verified", true);
  account.follows_scim = FlagField(item, "follows_scim", true);
  account.owner = TextField(item, "owner");
  account.disable_message = TextField(item, "disable_message");
  account.email_hidden = FlagField(item, "email_hidden", false);
  account.api_tokens = item.value("api_tokens", 0);
  account.roles = TextsField(item, "roles");
  if (item.contains("profile") && item["profile"].is_object()) account.profile = item["profile"];
  return ReadMemberships(item, account);
}

// An account by id, else by e-mail.
absl::StatusOr<std::string> FindAccount(const World& world, const std::string& text) {
  if (world.cloud_accounts.count(text) > 0) return text;
  for (const auto& [id, account] : world.cloud_accounts) {
    if (!text.empty() && absl::EqualsIgnoreCase(account.email, text)) return id;
  }
  return WrongOrg(absl::StrCat("the member \"", text, "\" is no account's id or e-mail"));
}

absl::Status ReadOrgGroup(const json& item, IdSource& ids, const World& world,
                          Organisation& organisation) {
  absl::Status status =
      CheckFields(item, {"id", "name", "description", "directory", "synced", "synced_by",
                         "modifiable", "deletable", "readable", "default", "admin", "members"});
  if (!status.ok()) return status;
  OrgGroup group;
  group.name = TextField(item, "name");
  if (group.name.empty()) return WrongOrg("a group needs a name");
  group.id = item.contains("id") ? TextField(item, "id") : ids.Uuid();
  group.description = TextField(item, "description");
  group.directory =
      item.contains("directory") ? TextField(item, "directory") : organisation.directories.at(0).id;
  if (organisation.FindDirectory(group.directory) == nullptr) {
    return WrongOrg(absl::StrCat("group ", group.name, ": no directory ", group.directory));
  }
  group.synced_by = TextField(item, "synced_by");
  group.synced = FlagField(item, "synced", !group.synced_by.empty());
  group.modifiable = FlagField(item, "modifiable", true);
  group.deletable = FlagField(item, "deletable", true);
  group.readable = FlagField(item, "readable", true);
  group.is_default = FlagField(item, "default", false);
  group.is_admin = FlagField(item, "admin", false);
  for (const std::string& member : TextsField(item, "members")) {
    absl::StatusOr<std::string> id = FindAccount(world, member);
    if (!id.ok()) return WrongOrg(absl::StrCat("group ", group.name, ": ", id.status().message()));
    group.members.insert(*std::move(id));
  }
  const std::string id = group.id;
  if (!organisation.groups.emplace(id, std::move(group)).second) {
    return WrongOrg(absl::StrCat("two groups have the id ", id));
  }
  return absl::OkStatus();
}

absl::Status ReadOrgDirectories(const json& object, Organisation& organisation) {
  for (const json& item : ListField(object, "directories")) {
    if (absl::Status status = CheckFields(item, {"id", "name"}); !status.ok()) return status;
    const std::string id = TextField(item, "id");
    if (id.empty() || id == "-") return WrongOrg("a directory needs an id");
    if (organisation.FindDirectory(id) != nullptr) {
      return WrongOrg(absl::StrCat("two directories have the id ", id));
    }
    organisation.directories.push_back({id, item.contains("name") ? TextField(item, "name") : id});
  }
  if (organisation.directories.empty()) return WrongOrg("it needs \"directories\"");
  return absl::OkStatus();
}

// Nobody may be in a directory that there is not.
absl::Status CheckMemberships(const World& world, const Organisation& organisation) {
  for (const auto& [id, account] : world.cloud_accounts) {
    for (const auto& [directory, membership] : account.directories) {
      if (organisation.FindDirectory(directory) != nullptr) continue;
      return WrongOrg(absl::StrCat("the account ", id, " is in ", directory, ", which is none"));
    }
  }
  return absl::OkStatus();
}

template <typename T>
void WriteUnless(json& object, const char* key, const T& value, const T& otherwise) {
  if (value != otherwise) object[key] = value;
}

json WriteAccount(const CloudAccount& account) {
  const CloudAccount usual;
  json result = {{"id", account.id}, {"email", account.email}, {"active", account.active}};
  WriteUnless(result, "name", account.name, usual.name);
  WriteUnless(result, "type", account.type, usual.type);
  WriteUnless(result, "closed", account.closed, usual.closed);
  WriteUnless(result, "pending_deletion", account.pending_deletion, usual.pending_deletion);
  WriteUnless(result, "deactivated_on", account.deactivated_on, usual.deactivated_on);
  WriteUnless(result, "claimed", account.claimed, usual.claimed);
  WriteUnless(result, "email_verified", account.email_verified, usual.email_verified);
  WriteUnless(result, "follows_scim", account.follows_scim, usual.follows_scim);
  WriteUnless(result, "owner", account.owner, usual.owner);
  WriteUnless(result, "disable_message", account.disable_message, usual.disable_message);
  WriteUnless(result, "email_hidden", account.email_hidden, usual.email_hidden);
  WriteUnless(result, "api_tokens", account.api_tokens, usual.api_tokens);
  WriteUnless(result, "roles", account.roles, usual.roles);
  WriteUnless(result, "profile", account.profile, usual.profile);
  for (const auto& [id, membership] : account.directories) {
    result["directories"][id] = membership.suspended ? "suspended" : "active";
  }
  return result;
}

json WriteOrgGroup(const OrgGroup& group) {
  const OrgGroup usual;
  json result = {{"id", group.id},
                 {"name", group.name},
                 {"directory", group.directory},
                 {"members", group.members}};
  WriteUnless(result, "description", group.description, usual.description);
  WriteUnless(result, "synced", group.synced, usual.synced);
  WriteUnless(result, "synced_by", group.synced_by, usual.synced_by);
  WriteUnless(result, "modifiable", group.modifiable, usual.modifiable);
  WriteUnless(result, "deletable", group.deletable, usual.deletable);
  WriteUnless(result, "readable", group.readable, usual.readable);
  WriteUnless(result, "default", group.is_default, usual.is_default);
  WriteUnless(result, "admin", group.is_admin, usual.is_admin);
  return result;
}

}  // namespace

json OrganisationToJson(const Organisation& organisation) {
  json result = {{"id", organisation.id},
                 {"name", organisation.name},
                 {"domains", json::array()},
                 {"directories", json::array()},
                 {"groups", json::array()}};
  for (const OrgDomain& domain : organisation.domains) {
    result["domains"].push_back({{"name", domain.name}, {"status", domain.status}});
  }
  for (const OrgDirectory& directory : organisation.directories) {
    result["directories"].push_back({{"id", directory.id}, {"name", directory.name}});
  }
  for (const auto& [id, group] : organisation.groups)
    result["groups"].push_back(WriteOrgGroup(group));
  const Propagation& late = organisation.propagation;
  if (late.reads > 0 || late.time > absl::ZeroDuration()) {
    result["propagation"] = {{"reads", late.reads}, {"ms", absl::ToInt64Milliseconds(late.time)}};
  }
  return result;
}

json CloudAccountsToJson(const World& world) {
  json result = json::array();
  for (const auto& [id, account] : world.cloud_accounts) result.push_back(WriteAccount(account));
  return result;
}

absl::Status CloudAccountsFromJson(const json& list, World& world) {
  for (const json& item : list) {
    CloudAccount account;
    if (absl::Status status = ReadAccount(item, account); !status.ok()) {
      return WrongOrg(absl::StrCat("cloud account ", account.id, ": ", status.message()));
    }
    const std::string id = account.id;
    if (!world.cloud_accounts.emplace(id, std::move(account)).second) {
      return WrongOrg(absl::StrCat("two cloud accounts have the id ", id));
    }
  }
  return absl::OkStatus();
}

absl::Status OrganisationFromJson(const json& object, IdSource& ids, World& world) {
  absl::Status status =
      CheckFields(object, {"id", "name", "domains", "directories", "groups", "propagation"});
  if (!status.ok()) return status;
  Organisation organisation;
  organisation.id = object.contains("id") ? TextField(object, "id") : ids.Uuid();
  organisation.name = object.contains("name") ? TextField(object, "name") : "Example";
  for (const json& item : ListField(object, "domains")) {
    const std::string verified = item.is_string() ? item.get<std::string>() : "";
    if (!verified.empty()) organisation.domains.push_back({verified, "verified"});
    if (!item.is_object()) continue;
    organisation.domains.push_back({TextField(item, "name"), TextField(item, "status")});
  }
  if (status = ReadOrgDirectories(object, organisation); !status.ok()) return status;
  const json late = object.value("propagation", json::object());
  organisation.propagation.reads = NumberField(late, "reads", 0);
  organisation.propagation.time = absl::Milliseconds(NumberField(late, "ms", 0));
  for (const json& item : ListField(object, "groups")) {
    if (status = ReadOrgGroup(item, ids, world, organisation); !status.ok()) return status;
  }
  if (status = CheckMemberships(world, organisation); !status.ok()) return status;
  world.organisation = std::move(organisation);
  return absl::OkStatus();
}

}  // namespace rollcall::twins
