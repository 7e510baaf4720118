#include "tests/twins/crowd_world_json.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_names.h"
#include "tests/twins/json_fields.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

absl::Status WrongCrowd(const std::string& what) { return absl::InvalidArgumentError(what); }

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
  absl::Status status =
      CheckFields(item, {"name", "first-name", "last-name", "display-name", "email", "active",
                         "external-id", "password", "attributes"});
  if (!status.ok()) return status;
  CrowdUser user;
  user.name = TextField(item, "name");
  if (user.name.empty()) return WrongCrowd("a user needs a name");
  user.first_name = TextField(item, "first-name");
  user.last_name = TextField(item, "last-name");
  user.display_name = TextField(item, "display-name");
  if (!item.contains("display-name")) DeriveCrowdNames(user);
  user.email = TextField(item, "email");
  user.active = FlagField(item, "active", true);
  user.external_id = item.contains("external-id") ? TextField(item, "external-id") : ids.Uuid();
  user.password = TextField(item, "password");
  user.attributes = ReadCrowdAttributes(item);
  user.created = user.updated = created;
  if (directory.users.insert({FoldCrowdName(user.name), user}).second) return absl::OkStatus();
  return WrongCrowd(absl::StrCat("two users have the name ", user.name));
}

absl::Status ReadCrowdGroup(const json& item, CrowdDirectory& directory) {
  absl::Status status =
      CheckFields(item, {"name", "description", "active", "attributes", "users", "groups"});
  if (!status.ok()) return status;
  CrowdGroup group;
  group.name = TextField(item, "name");
  if (group.name.empty()) return WrongCrowd("a group needs a name");
  group.description = TextField(item, "description");
  group.active = FlagField(item, "active", true);
  group.attributes = ReadCrowdAttributes(item);
  for (const json& member : ListField(item, "users")) {
    const std::string folded = FoldCrowdName(member.is_string() ? member.get<std::string>() : "");
    if (directory.users.count(folded) == 0) {
      return WrongCrowd(absl::StrCat("group ", group.name, ": there is no user ", member.dump()));
    }
    group.users.insert(folded);
  }
  for (const json& child : ListField(item, "groups")) {
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
  for (int i = 0; i < kCrowdOperations && FlagField(object, "read_only", false); ++i) {
    directory.denied.insert(static_cast<CrowdOperation>(i));
  }
  for (const json& item : ListField(object, "denied")) {
    const std::optional<CrowdOperation> operation =
        FindCrowdOperation(item.is_string() ? item.get<std::string>() : "");
    if (!operation.has_value()) return WrongCrowd(absl::StrCat("no operation ", item.dump()));
    directory.denied.insert(*operation);
  }
  return absl::OkStatus();
}

absl::Status ReadCrowdDirectory(const json& object, absl::Time created, IdSource& ids,
                                CrowdDirectory& directory) {
  absl::Status status = CheckFields(
      object, {"id", "name", "active", "nested_groups", "read_only", "denied", "users", "groups"});
  if (!status.ok()) return status;
  const auto id = object.find("id");
  if (id != object.end() && id->is_number_integer()) directory.id = id->get<int64_t>();
  directory.name = TextField(object, "name");
  if (directory.name.empty()) directory.name = absl::StrCat("Directory ", directory.id);
  directory.active = FlagField(object, "active", true);
  directory.nested_groups = FlagField(object, "nested_groups", true);
  if (status = ReadDenied(object, directory); !status.ok()) return status;
  for (const json& item : ListField(object, "users")) {
    if (status = ReadCrowdUser(item, created, ids, directory); !status.ok()) return status;
  }
  for (const json& item : ListField(object, "groups")) {
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
  absl::Status status = CheckFields(
      object, {"aggregating", "lower_case_output", "aliases", "directories", "users", "groups"});
  if (!status.ok()) return status;
  application.aggregating = FlagField(object, "aggregating", false);
  application.lower_case_output = FlagField(object, "lower_case_output", false);
  const json aliases = object.value("aliases", json::object());
  for (const auto& item : aliases.items()) {
    if (!item.value().is_string()) return WrongCrowd("an alias is a text");
    application.aliases[FoldCrowdName(item.key())] = item.value().get<std::string>();
  }
  json directories = ListField(object, "directories");
  if (!object.contains("directories")) {
    directories.push_back(
        {{"users", ListField(object, "users")}, {"groups", ListField(object, "groups")}});
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
