// A Jira site's word on itself and on who calls.
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/jira_endpoints.h"
#include "tests/twins/jira_reply.h"
#include "tests/twins/jira_users.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

struct GlobalPermission {
  const char* key;
  const char* id;
  const char* name;
  bool of_administrators;
};

constexpr GlobalPermission kGlobalPermissions[] = {
    {"ADMINISTER", "0", "Administer Jira", true},
    {"SYSTEM_ADMIN", "44", "System Administrators", true},
    {"USER_PICKER", "27", "Browse users and groups", false},
    {"BULK_CHANGE", "33", "Make bulk changes", false},
};

std::string JiraTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3S+0000", time, absl::UTCTimeZone());
}

bool Grants(const JiraCall& call, const GlobalPermission& permission) {
  if (permission.of_administrators) return !call.Has(JiraQuirk::kNotAdmin);
  return !call.caller.empty() && !call.Has(JiraQuirk::kBrowseForbidden);
}

const GlobalPermission* FindPermission(absl::string_view key) {
  for (const GlobalPermission& permission : kGlobalPermissions) {
    if (key == permission.key) return &permission;
  }
  return nullptr;
}

// Who calls, though no account of the world is theirs.
CloudAccount StrangerOf(const JiraCall& call) {
  CloudAccount account;
  account.id = call.caller;
  account.email = call.options.email;
  account.name = "Administrator";
  account.directories[call.site.directory] = {};
  return account;
}

}  // namespace

TwinResponse JiraServerInfo(const JiraCall& call) {
  const bool cloud = !call.Has(JiraQuirk::kDataCenter);
  json info = {{"baseUrl", call.base_url},
               {"version", cloud ? "1001.0.0-SNAPSHOT" : "9.12.4"},
               {"versionNumbers", cloud ? json{1001, 0, 0} : json{9, 12, 4}},
               {"deploymentType", cloud ? "Cloud" : "Server"},
               {"buildNumber", cloud ? 100'290 : 9'120'004},
               {"buildDate", "2026-01-01T00:00:00.000+0000"},
               {"serverTime", JiraTime(call.now)},
               {"scmInfo", "1f51473f5c7b75c1a69a0090f4832cdc5053702a"},
               {"serverTitle", "Jira"}};
  if (cloud) info["displayUrl"] = call.base_url;
  return JiraJson(200, info);
}

TwinResponse JiraMyself(const JiraCall& call) {
  const CloudAccount* account = call.FindAccount(call.caller);
  if (account == nullptr) return JiraJson(200, RenderWholeJiraUser(call, StrangerOf(call)));
  return JiraJson(200, RenderWholeJiraUser(call, call.Read(*account)));
}

TwinResponse JiraMyPermissions(const JiraCall& call) {
  json permissions = json::object();
  const std::string keys = call.Text("permissions");
  for (absl::string_view key : absl::StrSplit(keys, ',', absl::SkipEmpty())) {
    const GlobalPermission* permission = FindPermission(key);
    if (permission == nullptr) {
      return JiraRefuse(400, absl::StrCat("Unrecognized permission: ", key));
    }
    permissions[permission->key] = {
        {"id", permission->id},     {"key", permission->key},
        {"name", permission->name}, {"type", "GLOBAL"},
        {"description", ""},        {"havePermission", Grants(call, *permission)}};
  }
  if (permissions.empty()) return JiraNeeds("permissions");
  return JiraJson(200, {{"permissions", permissions}});
}

}  // namespace rollcall::twins
