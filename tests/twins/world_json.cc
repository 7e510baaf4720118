#include "tests/twins/world_json.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_world_json.h"
#include "tests/twins/id_source.h"
#include "tests/twins/jira_world_json.h"
#include "tests/twins/json_fields.h"
#include "tests/twins/org_world_json.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

// Ids of what has none in the file; any fixed number will do.
constexpr uint64_t kIdSeed = 2;

absl::Status WrongWorld(const std::string& what) { return absl::InvalidArgumentError(what); }

template <typename T>
void SortById(json& items, const std::vector<std::unique_ptr<T>>& from, json (*write)(const T&)) {
  std::vector<const T*> sorted;
  for (const auto& item : from) sorted.push_back(item.get());
  std::sort(sorted.begin(), sorted.end(), [](const T* a, const T* b) { return a->id < b->id; });
  items = json::array();
  for (const T* item : sorted) items.push_back(write(*item));
}

json WriteUser(const ScimUser& user) {
  json result = user.attributes;
  result["id"] = user.id;
  result["email"] = user.Email();
  return result;
}

json WriteGroup(const ScimGroup& group) {
  std::vector<std::string> members = group.members;
  std::sort(members.begin(), members.end());
  json result = {{"id", group.id}, {"displayName", group.display_name}, {"members", members}};
  if (!group.external_id.empty()) result["externalId"] = group.external_id;
  return result;
}

absl::Status ReadUser(const json& item, absl::Time created, IdSource& ids,
                      ScimDirectory& directory) {
  if (!item.is_object() || TextField(item, "userName").empty()) {
    return WrongWorld("a user needs a userName");
  }
  ScimUser user;
  user.attributes = item;
  user.id = TextField(item, "id");
  if (user.id.empty()) user.id = ids.Uuid();
  user.attributes.erase("id");
  user.attributes.erase("email");
  const std::string email = TextField(item, "email");
  if (!email.empty() && !item.contains("emails")) {
    user.attributes["emails"] =
        json::array({{{"value", email}, {"type", "work"}, {"primary", true}}});
  }
  const std::string account = TextField(item, "atlassianAccountId");
  user.attributes.erase("atlassianAccountId");
  if (!account.empty()) user.attributes[kAtlassianExtension]["atlassianAccountId"] = account;
  if (!item.contains("active")) user.attributes["active"] = true;
  user.created = user.modified = created;
  if (directory.FindUser(user.id) != nullptr) {
    return WrongWorld(absl::StrCat("two users have the id ", user.id));
  }
  directory.PutUser(std::move(user));
  return absl::OkStatus();
}

// A member by id, else by user name.
absl::StatusOr<std::string> FindMember(const json& member, const ScimDirectory& directory) {
  const std::string text =
      member.is_string() ? member.get<std::string>() : TextField(member, "value");
  if (directory.FindUser(text) != nullptr || directory.FindGroup(text) != nullptr) return text;
  const std::vector<const ScimUser*> named = directory.UsersNamed(text);
  if (named.size() == 1) return named[0]->id;
  return WrongWorld(absl::StrCat("the member \"", text, "\" is no user's id or name"));
}

absl::Status ReadGroup(const json& item, absl::Time created, IdSource& ids,
                       ScimDirectory& directory) {
  ScimGroup group;
  if (item.is_object()) group.display_name = TextField(item, "displayName");
  if (group.display_name.empty()) return WrongWorld("a group needs a displayName");
  group.id = TextField(item, "id");
  if (group.id.empty()) group.id = ids.Uuid();
  group.external_id = TextField(item, "externalId");
  group.created = group.modified = created;
  for (const json& member : item.value("members", json::array())) {
    absl::StatusOr<std::string> id = FindMember(member, directory);
    if (!id.ok()) {
      return WrongWorld(absl::StrCat("group ", group.display_name, ": ", id.status().message()));
    }
    group.members.push_back(*std::move(id));
  }
  if (directory.FindGroup(group.id) != nullptr) {
    return WrongWorld(absl::StrCat("two groups have the id ", group.id));
  }
  directory.PutGroup(std::move(group));
  return absl::OkStatus();
}

absl::Status ReadDirectory(const json& object, absl::Time created, IdSource& ids,
                           ScimDirectory& directory) {
  if (!object.is_object()) return WrongWorld("is not an object");
  for (const auto& item : object.items()) {
    if ((item.key() != "users" && item.key() != "groups") || !item.value().is_array()) {
      return WrongWorld(absl::StrCat("\"", item.key(), "\" is not a list of users or groups"));
    }
  }
  for (const json& item : object.value("users", json::array())) {
    if (absl::Status status = ReadUser(item, created, ids, directory); !status.ok()) return status;
  }
  for (const json& item : object.value("groups", json::array())) {
    if (absl::Status status = ReadGroup(item, created, ids, directory); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

json WorldToJson(const World& world) {
  json result = {{"scim", json::object()}, {"cloud_accounts", CloudAccountsToJson(world)}};
  for (const auto& [name, directory] : world.scim) {
    json& written = result["scim"][name];
    SortById(written["users"], directory.users(), &WriteUser);
    SortById(written["groups"], directory.groups(), &WriteGroup);
  }
  for (const auto& [name, application] : world.crowd) {
    result["crowd"][name] = CrowdToJson(application);
  }
  if (world.organisation.has_value()) {
    result["organisation"] = OrganisationToJson(*world.organisation);
  }
  for (const auto& [name, site] : world.sites) result["sites"][name] = JiraSiteToJson(site);
  return result;
}

absl::StatusOr<World> WorldFromJson(absl::string_view text, absl::Time created) {
  const json parsed = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return WrongWorld("a world is one JSON object");
  World world;
  IdSource ids(kIdSeed);
  for (const auto& item : parsed.items()) {
    if (item.key() == "scim" && item.value().is_object()) {
      for (const auto& directory : item.value().items()) {
        const absl::Status status =
            ReadDirectory(directory.value(), created, ids, world.scim[directory.key()]);
        if (status.ok()) continue;
        return WrongWorld(absl::StrCat("scim directory ", directory.key(), ": ", status.message()));
      }
    } else if (item.key() == "crowd" && item.value().is_object()) {
      for (const auto& application : item.value().items()) {
        const absl::Status status =
            CrowdFromJson(application.value(), created, ids, world.crowd[application.key()]);
        if (status.ok()) continue;
        return WrongWorld(absl::StrCat("crowd ", application.key(), ": ", status.message()));
      }
    } else if (item.key() == "cloud_accounts" && item.value().is_array()) {
      if (absl::Status status = CloudAccountsFromJson(item.value(), world); !status.ok()) {
        return status;
      }
    } else if (item.key() == "organisation" ||
               (item.key() == "sites" && item.value().is_object())) {
      continue;  // read after the accounts, whatever the order
    } else {
      return WrongWorld(absl::StrCat("\"", item.key(), "\" is not known in a world"));
    }
  }
  if (parsed.contains("organisation")) {
    const absl::Status status = OrganisationFromJson(parsed["organisation"], ids, world);
    if (!status.ok()) return WrongWorld(absl::StrCat("organisation: ", status.message()));
  }
  if (!parsed.contains("sites")) return world;
  for (const auto& site : parsed["sites"].items()) {
    const absl::Status status = JiraSiteFromJson(site.key(), site.value(), ids, world);
    if (!status.ok()) {
      return WrongWorld(absl::StrCat("site ", site.key(), ": ", status.message()));
    }
  }
  return world;
}

}  // namespace rollcall::twins
