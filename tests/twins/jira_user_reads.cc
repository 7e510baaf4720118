// A Jira site's users: lists, search, one user, some users.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/twins/jira_endpoints.h"
#include "tests/twins/jira_page.h"
#include "tests/twins/jira_reply.h"
#include "tests/twins/jira_users.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr JiraPaging kUserList = {50, 1000, false};
constexpr JiraPaging kUserSearch = {50, 1000, false};
constexpr JiraPaging kUserBulk = {10, 200, true};
constexpr int64_t kSearchWindow = 1000;

json RenderRows(const JiraCall& call, const std::vector<std::string>& ids) {
  json rows = json::array();
  for (const std::string& id : ids) {
    rows.push_back(RenderJiraUser(call, call.Read(call.world.cloud_accounts.at(id))));
  }
  return rows;
}

// Does any word of the name, or the e-mail that is shown, begin with it?
bool BeginsWith(const JiraCall& call, const CloudAccount& account, const std::string& query) {
  const std::string wanted = absl::AsciiStrToLower(query);
  const std::string name = absl::AsciiStrToLower(account.name);
  if (absl::StartsWith(name, wanted)) return true;
  for (absl::string_view word : absl::StrSplit(name, ' ')) {
    if (absl::StartsWith(word, wanted)) return true;
  }
  const bool hidden = account.email_hidden || call.Has(JiraQuirk::kEmailHidden);
  return !hidden && absl::StartsWith(absl::AsciiStrToLower(account.email), wanted);
}

// The account of the site that the call names; a refusal without one.
std::optional<TwinResponse> FindSiteUser(const JiraCall& call, const CloudAccount*& account) {
  const std::string id = call.Text("accountId");
  if (id.empty()) return JiraNeeds("accountId");
  account = call.FindAccount(id);
  if (account == nullptr || !IsOnSite(call, call.Peek(*account))) return JiraNoUser();
  return std::nullopt;
}

}  // namespace

TwinResponse JiraListUsers(const JiraCall& call) {
  JiraWindow window;
  if (auto refusal = ReadJiraWindow(call, kUserList, window)) return *std::move(refusal);
  const int64_t slow = call.options.slow_page;
  if (call.Has(JiraQuirk::kUsersSearch409) || (slow > 0 && window.limit > slow)) {
    return JiraRefuse(409, "The request took longer than 10 seconds or was interrupted.");
  }
  return JiraJson(200, RenderRows(call, SliceJira(call, window, SiteUsers(call)).ids));
}

TwinResponse JiraSearchUsers(const JiraCall& call) {
  JiraWindow window;
  if (auto refusal = ReadJiraWindow(call, kUserSearch, window)) return *std::move(refusal);
  const std::optional<std::string> query = call.Parameter("query");
  const std::optional<std::string> id = call.Parameter("accountId");
  if (query.has_value() == id.has_value()) {
    return JiraRefuse(400, "One of the query parameters 'query' and 'accountId' is needed");
  }
  window.limit = std::max<int64_t>(0, std::min(window.limit, kSearchWindow - window.start));
  std::vector<std::string> ids;
  for (const std::string& one : SiteUsers(call)) {
    const CloudAccount& seen = call.Peek(call.world.cloud_accounts.at(one));
    if (!IsActiveOnSite(call, seen)) continue;
    if (id.has_value() ? one == *id : BeginsWith(call, seen, *query)) ids.push_back(one);
  }
  return JiraJson(200, RenderRows(call, SliceJira(call, window, std::move(ids)).ids));
}

TwinResponse JiraGetUser(const JiraCall& call) {
  const CloudAccount* account = nullptr;
  if (auto refusal = FindSiteUser(call, account)) return *std::move(refusal);
  return JiraJson(200, RenderWholeJiraUser(call, call.Read(*account)));
}

TwinResponse JiraGetUserGroups(const JiraCall& call) {
  const CloudAccount* account = nullptr;
  if (auto refusal = FindSiteUser(call, account)) return *std::move(refusal);
  json groups = json::array();
  for (const std::string& id : SiteGroupsOf(call, *account)) {
    groups.push_back(RenderJiraGroupName(call, call.Read(call.org.groups.at(id))));
  }
  return JiraJson(200, groups);
}

TwinResponse JiraBulkUsers(const JiraCall& call) {
  JiraWindow window;
  if (auto refusal = ReadJiraWindow(call, kUserBulk, window)) return *std::move(refusal);
  const std::vector<std::string> wanted = call.All("accountId");
  if (wanted.empty()) return JiraNeeds("accountId");
  std::vector<std::string> ids;
  for (const std::string& id : wanted) {
    const CloudAccount* account = call.FindAccount(id);
    if (account != nullptr && IsOnSite(call, call.Peek(*account))) ids.push_back(id);
  }
  const JiraSlice slice = SliceJira(call, window, std::move(ids));
  return JiraJson(200, JiraPageBean(call, window, slice, RenderRows(call, slice.ids)));
}

TwinResponse JiraPutUser(const JiraCall& call) {
  const CloudAccount* account = nullptr;
  if (auto refusal = FindSiteUser(call, account)) return *std::move(refusal);
  // Reported of whoever was taken off the site or deactivated.
  if (!IsActiveOnSite(call, *account)) return JiraRefuse(500, "Internal server error");
  return JiraEmpty(405);
}

}  // namespace rollcall::twins
