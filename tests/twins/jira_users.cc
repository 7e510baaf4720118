#include "tests/twins/jira_users.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/json_fields.h"
#include "tests/twins/target.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

// `id`: as it stands in a URL.
json AvatarUrls(const JiraCall& call, const std::string& id) {
  const std::string url = absl::StrCat(call.base_url, "/secure/useravatar?id=", id, "&size=");
  return {
      {"16x16", url + "16"}, {"24x24", url + "24"}, {"32x32", url + "32"}, {"48x48", url + "48"}};
}

bool Expands(const JiraCall& call, absl::string_view part) {
  const std::string expand = call.Text("expand");
  for (absl::string_view one : absl::StrSplit(expand, ',')) {
    if (one == part) return true;
  }
  return false;
}

}  // namespace

bool IsOnSite(const JiraCall& call, const CloudAccount& account) {
  return account.directories.count(call.site.directory) > 0 ||
         call.site.removed.count(account.id) > 0;
}

bool IsActiveOnSite(const JiraCall& call, const CloudAccount& account) {
  const auto membership = account.directories.find(call.site.directory);
  return account.active && !account.closed && membership != account.directories.end() &&
         !membership->second.suspended && call.site.removed.count(account.id) == 0;
}

bool GivesAccess(const JiraCall& call, const OrgGroup& group) {
  const std::vector<std::string>& ids = call.site.access_groups;
  return std::find(ids.begin(), ids.end(), group.id) != ids.end();
}

bool HasSiteAccess(const JiraCall& call, const CloudAccount& account) {
  if (account.directories.count(call.site.directory) == 0) return false;
  if (call.site.removed.count(account.id) > 0) return false;
  if (call.site.access_groups.empty()) return true;
  for (const std::string& id : call.site.access_groups) {
    const OrgGroup* group = call.FindGroup(id);
    if (group != nullptr && group->members.count(account.id) > 0) return true;
  }
  return false;
}

std::vector<std::string> SiteUsers(const JiraCall& call) {
  std::vector<std::string> ids;
  for (const auto& [id, account] : call.world.cloud_accounts) {
    if (IsOnSite(call, call.Peek(account))) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> SiteGroupsOf(const JiraCall& call, const CloudAccount& account) {
  std::vector<std::string> ids;
  for (const auto& [id, group] : call.org.groups) {
    if (group.directory != call.site.directory) continue;
    if (call.Peek(group).members.count(account.id) > 0) ids.push_back(id);
  }
  return ids;
}

json RenderJiraUser(const JiraCall& call, const CloudAccount& account) {
  const std::string zone = TextField(account.profile, "zoneinfo");
  const std::string id = PercentEncode(account.id);
  json user = {{"self", absl::StrCat(call.base_url, "/rest/api/3/user?accountId=", id)},
               {"accountId", account.id},
               {"accountType", account.type},
               {"active", IsActiveOnSite(call, account)},
               {"displayName", account.name},
               {"timeZone", zone.empty() ? "Etc/UTC" : zone},
               {"key", ""},  // empty since user keys and names are personal data
               {"name", ""},
               {"avatarUrls", AvatarUrls(call, id)}};
  const bool hidden = account.email_hidden || call.Has(JiraQuirk::kEmailHidden);
  if (!hidden && !account.email.empty()) user["emailAddress"] = account.email;
  return user;
}

json RenderWholeJiraUser(const JiraCall& call, const CloudAccount& account) {
  json user = RenderJiraUser(call, account);
  const std::vector<std::string> groups = SiteGroupsOf(call, account);
  user["expand"] = "groups,applicationRoles";
  user["groups"] = {{"size", groups.size()}, {"items", json::array()}};
  if (Expands(call, "groups")) {
    for (const std::string& id : groups) {
      user["groups"]["items"].push_back(
          RenderJiraGroupName(call, call.Peek(call.org.groups.at(id))));
    }
  }
  const bool has_access = HasSiteAccess(call, account);
  user["applicationRoles"] = {{"size", has_access ? 1 : 0}, {"items", json::array()}};
  if (has_access && Expands(call, "applicationRoles")) {
    user["applicationRoles"]["items"].push_back(
        {{"key", "jira-software"}, {"name", "Jira Software"}});
  }
  return user;
}

json RenderJiraGroupName(const JiraCall& call, const OrgGroup& group) {
  return {
      {"name", group.name},
      {"groupId", group.id},
      {"self", absl::StrCat(call.base_url, "/rest/api/3/group?groupId=", PercentEncode(group.id))}};
}

}  // namespace rollcall::twins
