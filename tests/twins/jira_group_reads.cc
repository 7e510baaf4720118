// A Jira site's groups: lists, the picker, one group, members.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/jira_endpoints.h"
#include "tests/twins/jira_page.h"
#include "tests/twins/jira_reply.h"
#include "tests/twins/jira_users.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr JiraPaging kGroupBulk = {50, 1000, true};
constexpr JiraPaging kMembers = {50, 50, true};
constexpr int64_t kPickedGroups = 20;
constexpr size_t kShownMembers = 50;

// Ids of the site's groups that pass, by name.
template <typename Test>
std::vector<std::string> GroupIds(const JiraCall& call, const Test& passes) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [id, group] : call.org.groups) {
    if (group.directory != call.site.directory) continue;
    const OrgGroup& seen = call.Peek(group);
    if (passes(seen)) found.emplace_back(seen.name, id);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> ids;
  for (auto& [name, id] : found) ids.push_back(std::move(id));
  return ids;
}

bool Holds(const std::vector<std::string>& wanted, const std::string& value) {
  return std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool GivesAccessType(const JiraCall& call, const OrgGroup& group, const std::string& type) {
  if (type.empty()) return true;
  return type == "user" ? GivesAccess(call, group) : group.is_admin;
}

// The part of the name that was searched for in bold.
std::string BoldName(const std::string& name, const std::string& query) {
  const size_t at = absl::AsciiStrToLower(name).find(absl::AsciiStrToLower(query));
  if (query.empty() || at == std::string::npos) return name;
  return absl::StrCat(name.substr(0, at), "<b>", name.substr(at, query.size()), "</b>",
                      name.substr(at + query.size()));
}

}  // namespace

std::optional<TwinResponse> FindNamedGroup(const JiraCall& call, OrgGroup*& group) {
  group = nullptr;
  const std::string id = call.Text("groupId");
  const std::string name = call.Text("groupname");
  if (id.empty() && name.empty()) return JiraNeeds("groupId");
  if (!id.empty()) {
    group = call.FindGroup(id);
    return std::nullopt;
  }
  const std::vector<std::string> ids =
      GroupIds(call, [&](const OrgGroup& one) { return one.name == name; });
  if (!ids.empty()) group = call.FindGroup(ids.front());
  return std::nullopt;
}

json RenderJiraGroup(const JiraCall& call, const OrgGroup& group, bool with_members) {
  json result = RenderJiraGroupName(call, group);
  result["expand"] = "users";
  json items = json::array();
  for (const std::string& id : group.members) {
    const CloudAccount* account = call.FindAccount(id);
    if (!with_members || account == nullptr || items.size() == kShownMembers) continue;
    items.push_back(RenderJiraUser(call, call.Peek(*account)));
  }
  result["users"] = {{"size", group.members.size()},
                     {"max-results", kShownMembers},
                     {"start-index", 0},
                     {"end-index", items.empty() ? 0 : items.size() - 1}};
  result["users"]["items"] = std::move(items);
  return result;
}

TwinResponse JiraGetGroup(const JiraCall& call) {
  OrgGroup* group = nullptr;
  if (auto refusal = FindNamedGroup(call, group)) return *std::move(refusal);
  if (group == nullptr) return JiraNoGroup(call);
  return JiraJson(200, RenderJiraGroup(call, call.Read(*group), call.Text("expand") == "users"));
}

TwinResponse JiraBulkGroups(const JiraCall& call) {
  JiraWindow window;
  if (auto refusal = ReadJiraWindow(call, kGroupBulk, window)) return *std::move(refusal);
  const std::string type = call.Text("accessType");
  const bool known = type.empty() || type == "site-admin" || type == "admin" || type == "user";
  if (!known || (!type.empty() && call.Has(JiraQuirk::kAccessType500))) {
    return JiraRefuse(500,
                      absl::StrCat("Couldn't retrieve groups with the ", type, " accessType."));
  }
  const std::vector<std::string> wanted_ids = call.All("groupId");
  const std::vector<std::string> wanted_names = call.All("groupName");
  const bool of_product = call.Parameter("applicationKey").has_value();
  std::vector<std::string> ids = GroupIds(call, [&](const OrgGroup& group) {
    if (!wanted_ids.empty() && !Holds(wanted_ids, group.id)) return false;
    if (!wanted_names.empty() && !Holds(wanted_names, group.name)) return false;
    if (of_product && !GivesAccess(call, group)) return false;
    return GivesAccessType(call, group, type);
  });
  const JiraSlice slice = SliceJira(call, window, std::move(ids));
  json values = json::array();
  for (const std::string& id : slice.ids) {
    const OrgGroup& group = call.Read(call.org.groups.at(id));
    values.push_back({{"name", group.name}, {"groupId", group.id}});
  }
  return JiraJson(200, JiraPageBean(call, window, slice, values));
}

TwinResponse JiraGroupMembers(const JiraCall& call) {
  JiraWindow window;
  if (auto refusal = ReadJiraWindow(call, kMembers, window)) return *std::move(refusal);
  OrgGroup* group = nullptr;
  if (auto refusal = FindNamedGroup(call, group)) return *std::move(refusal);
  if (group == nullptr) return JiraNoGroup(call);
  const bool all = call.Text("includeInactiveUsers") == "true";
  const std::set<std::string>& members = call.Read(*group).members;
  std::vector<std::string> ids;
  for (const std::string& id : members) {
    const CloudAccount* account = call.FindAccount(id);
    if (account == nullptr) continue;
    if (all || IsActiveOnSite(call, call.Peek(*account))) ids.push_back(id);
  }
  const JiraSlice slice = SliceJira(call, window, std::move(ids));
  json values = json::array();
  for (const std::string& id : slice.ids) {
    values.push_back(RenderJiraUser(call, call.Read(call.world.cloud_accounts.at(id))));
  }
  return JiraJson(200, JiraPageBean(call, window, slice, values));
}

TwinResponse JiraPickGroups(const JiraCall& call) {
  int64_t most = kPickedGroups;
  if (const auto text = call.Parameter("maxResults")) {
    if (!absl::SimpleAtoi(*text, &most) || most < 0) {
      return JiraRefuse(400, "The value of maxResults is not valid.");
    }
  }
  const std::string query = call.Text("query");
  const std::vector<std::string> no_names = call.All("exclude");
  const std::vector<std::string> no_ids = call.All("excludeId");
  const std::string lower = absl::AsciiStrToLower(query);
  const std::vector<std::string> ids = GroupIds(call, [&](const OrgGroup& group) {
    return absl::StrContains(absl::AsciiStrToLower(group.name), lower) &&
           !Holds(no_names, group.name) && !Holds(no_ids, group.id);
  });
  json groups = json::array();
  for (const std::string& id : ids) {
    if (static_cast<int64_t>(groups.size()) == most) break;
    const OrgGroup& group = call.Read(call.org.groups.at(id));
    groups.push_back({{"name", group.name},
                      {"html", BoldName(group.name, query)},
                      {"labels", json::array()},
                      {"groupId", group.id}});
  }
  const std::string header =
      absl::StrCat("Showing ", groups.size(), " of ", ids.size(), " matching groups");
  return JiraJson(200, {{"header", header}, {"total", ids.size()}, {"groups", groups}});
}

}  // namespace rollcall::twins
