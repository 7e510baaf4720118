#include "tests/twins/crowd_world_json.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_names.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

absl::Status WrongCrowd(const std::string& what) { return absl::InvalidArgumentError(what); }

absl::Status CheckKeys(const json& object, const std::set<std::string>& known) {
  if (!object.is_object()) return WrongCrowd("is not an object");
  for (const auto& item : object.items()) {
    if (known.count(item.key()) == 0) return WrongCrowd(absl::StrCat("\"", item.key(), "\"?"));
  }
  return absl::OkStatus();
}

std::string WorldText(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool FlagOf(const json& object, const char* key, bool otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

json ListOf(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : json::array();
}

CrowdAttributes ReadCrowdAttributes(const json& item) {
  CrowdAttributes attributes;
  const auto found = item.find("attributes");
  if (found == item.end() || !found->is_object()) return attributes;
  for (const auto& entry : found->items()) {
    for (const json& value : entry.value()) {
      if (value.is_string()) attributes[entry.key()].push_back(value.get<std::string>());
    }
  }
  return attributes;
}

absl::Status ReadCrowdUser(const json& item, absl::Time created, IdSource& ids,
                           CrowdDirectory& directory) {
  absl::Status status = CheckKeys(item, {"name", "first-name", "last-name", "display-name", "email",
                                         "active", "external-id", "password", "attributes"});
  if (!status.ok()) return status;
  CrowdUser user;
  user.name = WorldText(item, "name");
  if (user.name.empty()) return WrongCrowd("a user needs a name");
  user.first_name = WorldText(item, "first-name");
  user.last_name = WorldText(item, "last-name");
  user.display_name = WorldText(item, "display-name");
  if (!item.contains("display-name")) DeriveCrowdNames(user);
  user.email = WorldText(item, "email");
  user.active = FlagOf(item, "active", true);
  user.external_id = item.contains("external-id") ? WorldText(item, "external-id") : ids.Uuid();
  user.password = WorldText(item, "password");
  user.attributes = ReadCrowdAttributes(item);
  user.created = user.updated = created;
  if (directory.users.insert({FoldCrowdName(user.name), user}).second) return absl::OkStatus();
  return WrongCrowd(absl::StrCat("two users have the name ", user.name));
}

absl::Status ReadCrowdGroup(const json& item, CrowdDirectory& directory) {
  absl::Status status =
      CheckKeys(item, {"name", "description", "active", "attributes", "users", "groups"});
  if (!status.ok()) return status;
  CrowdGroup group;
  group.name = WorldText(item, "name");
  if (group.name.empty()) return WrongCrowd("a group needs a name");
  group.description = WorldText(item, "description");
  group.active = FlagOf(item, "active", true);
  group.attributes = ReadCrowdAttributes(item);
  for (const json& member : ListOf(item, "users")) {
    const std::string folded = FoldCrowdName(member.is_string() ? member.get<std::string>() : "");
    if (directory.users.count(folded) == 0) {
      return WrongCrowd(absl::StrCat("group ", group.name, ": there is no user ", member.dump()));
    }
    group.users.insert(folded);
  }
  for (const json& child : ListOf(item, "groups")) {
    group.groups.insert(FoldCrowdName(child.is_string() ? child.get<std::string>() : ""));
  }
  if (directory.groups.insert({FoldCrowdName(group.name), group}).second) return absl::OkStatus();
  return WrongCrowd(absl::StrCat("two groups have the name ", group.name));
}

absl::Status CheckChildren(const CrowdDirectory& directory) {
  for (const auto& [folded, group] : directory.groups) {
    for (const std::string& child : group.groups) {
      if (directory.groups.count(child) > 0) continue;
      return WrongCrowd(absl::StrCat("group ", group.name, ": there is no group ", child));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadDenied(const json& object, CrowdDirectory& directory) {
  for (int i = 0; i < kCrowdOperations && FlagOf(object, "read_only", false); ++i) {
    directory.denied.insert(static_cast<CrowdOperation>(i));
  }
  for (const json& item : ListOf(object, "denied")) {
    const std::optional<CrowdOperation> operation =
        FindCrowdOperation(item.is_string() ? item.get<std::string>() : "");
    if (!operation.has_value()) return WrongCrowd(absl::StrCat("no operation ", item.dump()));
    directory.denied.insert(*operation);
  }
  return absl::OkStatus();
}

absl::Status ReadCrowdDirectory(const json& object, absl::Time created, IdSource& ids,
                                CrowdDirectory& directory) {
  absl::Status status = CheckKeys(
      object, {"id", "name", "active", "nested_groups", "read_only", "denied", "users", "groups"});
  if (!status.ok()) return status;
  const auto id = object.find("id");
  if (id != object.end() && id->is_number_integer()) directory.id = id->get<int64_t>();
  directory.name = WorldText(object, "name");
  if (directory.name.empty()) directory.name = absl::StrCat("Directory ", directory.id);
  directory.active = FlagOf(object, "active", true);
  directory.nested_groups = FlagOf(object, "nested_groups", true);
  if (status = ReadDenied(object, directory); !status.ok()) return status;
  for (const json& item : ListOf(object, "users")) {
    if (status = ReadCrowdUser(item, created, ids, directory); !status.ok()) return status;
  }
  for (const json& item : ListOf(object, "groups")) {
    if (status = ReadCrowdGroup(item, directory); !status.ok()) return status;
  }
  return CheckChildren(directory);
}

json WriteCrowdUser(const CrowdUser& user) {
  json result = {{"name", user.name},
                 {"first-name", user.first_name},
                 {"last-name", user.last_name},
                 {"display-name", user.display_name},
                 {"email", user.email},
                 {"active", user.active},
                 {"external-id", user.external_id}};
  if (!user.password.empty()) result["password"] = user.password;
  if (!user.attributes.empty()) result["attributes"] = user.attributes;
  return result;
}

json WriteCrowdGroup(const CrowdDirectory& directory, const CrowdGroup& group) {
  json result = {{"name", group.name},
                 {"description", group.description},
                 {"active", group.active},
                 {"users", json::array()},
                 {"groups", json::array()}};
  for (const std::string& member : group.users) {
    const auto user = directory.users.find(member);
    result["users"].push_back(user == directory.users.end() ? member : user->second.name);
  }
  for (const std::string& child : group.groups) {
    const auto found = directory.groups.find(child);
    result["groups"].push_back(found == directory.groups.end() ? child : found->second.name);
  }
  if (!group.attributes.empty()) result["attributes"] = group.attributes;
  return result;
}

json WriteCrowdDirectory(const CrowdDirectory& directory) {
  json result = {{"id", directory.id},         {"name", directory.name},
                 {"active", directory.active}, {"nested_groups", directory.nested_groups},
                 {"denied", json::array()},    {"users", json::array()},
                 {"groups", json::array()}};
  for (const CrowdOperation operation : directory.denied) {
    result["denied"].push_back(NameOfCrowdOperation(operation));
  }
  for (const auto& [folded, user] : directory.users)
    result["users"].push_back(WriteCrowdUser(user));
  for (const auto& [folded, group] : directory.groups) {
    result["groups"].push_back(WriteCrowdGroup(directory, group));
  }
  return result;
}

}  // namespace

json CrowdToJson(const CrowdApplication& application) {
  json result = {{"aggregating", application.aggregating},
                 {"lower_case_output", application.lower_case_output},
                 {"aliases", application.aliases},
                 {"directories", json::array()}};
  for (const CrowdDirectory& directory : application.directories) {
    result["directories"].push_back(WriteCrowdDirectory(directory));
  }
  return result;
}

absl::Status CrowdFromJson(const json& object, absl::Time created, IdSource& ids,
                           CrowdApplication& application) {
  absl::Status status = CheckKeys(
      object, {"aggregating", "lower_case_output", "aliases", "directories", "users", "groups"});
  if (!status.ok()) return status;
  application.aggregating = FlagOf(object, "aggregating", false);
  application.lower_case_output = FlagOf(object, "lower_case_output", false);
  const json aliases = object.value("aliases", json::object());
  for (const auto& item : aliases.items()) {
    if (!item.value().is_string()) return WrongCrowd("an alias is a text");
    application.aliases[FoldCrowdName(item.key())] = item.value().get<std::string>();
  }
  json directories = ListOf(object, "directories");
  if (!object.contains("directories")) {
    directories.push_back(
        {{"users", ListOf(object, "users")}, {"groups", ListOf(object, "groups")}});
  } else if (object.contains("users") || object.contains("groups")) {
    return WrongCrowd("\"users\" and \"groups\" stand in \"directories\" or beside none");
  }
  for (const json& item : directories) {
    CrowdDirectory directory;
    directory.id = static_cast<int64_t>(application.directories.size()) + 1;
    status = ReadCrowdDirectory(item, created, ids, directory);
    if (!status.ok()) {
      return WrongCrowd(
          absl::StrCat("directory ", application.directories.size() + 1, ": ", status.message()));
    }
    application.directories.push_back(std::move(directory));
  }
  return absl::OkStatus();
}

}  // namespace rollcall::twins
