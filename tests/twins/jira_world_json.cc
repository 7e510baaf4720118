#include "tests/twins/jira_world_json.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/json_fields.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

// Accounts by id, else by e-mail.
absl::Status ReadSiteAccounts(const json& object, const char* key, const World& world,
                              std::set<std::string>& accounts) {
  for (const std::string& text : TextsField(object, key)) {
    std::string id = world.cloud_accounts.count(text) > 0 ? text : "";
    for (const auto& [one, account] : world.cloud_accounts) {
      if (id.empty() && absl::EqualsIgnoreCase(account.email, text)) id = one;
    }
    if (id.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(key, ": \"", text, "\" is no account's id or e-mail"));
    }
    accounts.insert(std::move(id));
  }
  return absl::OkStatus();
}

// Groups of the site's directory by id, else by name, in the order of the list.
absl::Status ReadAccessGroups(const json& object, const Organisation& organisation,
                              JiraSite& site) {
  for (const json& item : ListField(object, "access_groups")) {
    const std::string text = item.is_string() ? item.get<std::string>() : "";
    std::string found;
    for (const auto& [id, group] : organisation.groups) {
      if (group.directory != site.directory) continue;
      if (id == text || (found.empty() && group.name == text)) found = id;
    }
    if (found.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("access_groups: \"", text, "\" is no group of ", site.directory));
    }
    site.access_groups.push_back(std::move(found));
  }
  return absl::OkStatus();
}

}  // namespace

json JiraSiteToJson(const JiraSite& site) {
  json result = {{"id", site.id}, {"directory", site.directory}, {"name", site.name}};
  if (!site.removed.empty()) result["removed"] = site.removed;
  if (!site.access_groups.empty()) result["access_groups"] = site.access_groups;
  if (!site.admins.empty()) result["admins"] = site.admins;
  return result;
}

absl::Status JiraSiteFromJson(const std::string& name, const json& object, IdSource& ids,
                              World& world) {
  absl::Status status =
      CheckFields(object, {"id", "directory", "name", "removed", "access_groups", "admins"});
  if (!status.ok()) return status;
  if (!world.organisation.has_value()) {
    return absl::InvalidArgumentError("there is no organisation, whose site it could be");
  }
  const Organisation& organisation = *world.organisation;
  JiraSite site;
  site.id = object.contains("id") ? TextField(object, "id") : ids.Uuid();
  site.name = object.contains("name") ? TextField(object, "name") : name;
  site.directory = object.contains("directory") ? TextField(object, "directory")
                                                : organisation.directories.at(0).id;
  if (organisation.FindDirectory(site.directory) == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("the organisation has no directory ", site.directory));
  }
  status = ReadSiteAccounts(object, "removed", world, site.removed);
  if (status.ok()) status = ReadSiteAccounts(object, "admins", world, site.admins);
  if (status.ok()) status = ReadAccessGroups(object, organisation, site);
  if (!status.ok()) return status;
  world.sites[name] = std::move(site);
  return absl::OkStatus();
}

}  // namespace rollcall::twins
