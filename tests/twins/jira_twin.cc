#include "tests/twins/jira_twin.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "tests/twins/jira_endpoints.h"
#include "tests/twins/jira_page.h"
#include "tests/twins/jira_reply.h"
#include "tests/twins/target.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using JiraHandler = TwinResponse (*)(const JiraCall&);

// How a call answers who is nobody, or may not browse users and groups.
enum class Nobody { kRefused, kEmptyList, kEmptyBean, kEmptyPicker, kAnswered };

struct JiraRoute {
  const char* method;
  const char* path;  // below /rest/api/3
  JiraHandler handler;
  Nobody nobody;
};

constexpr JiraRoute kJiraRoutes[] = {
    {"GET", "serverInfo", &JiraServerInfo, Nobody::kAnswered},
    {"GET", "myself", &JiraMyself, Nobody::kRefused},
    {"GET", "mypermissions", &JiraMyPermissions, Nobody::kAnswered},
    {"GET", "users", &JiraListUsers, Nobody::kEmptyList},
    {"GET", "users/search", &JiraListUsers, Nobody::kEmptyList},
    {"GET", "user", &JiraGetUser, Nobody::kRefused},
    {"POST", "user", &JiraCreateUser, Nobody::kRefused},
    {"PUT", "user", &JiraPutUser, Nobody::kRefused},
    {"DELETE", "user", &JiraRemoveUser, Nobody::kRefused},
    {"GET", "user/groups", &JiraGetUserGroups, Nobody::kEmptyList},
    {"GET", "user/search", &JiraSearchUsers, Nobody::kEmptyList},
    {"GET", "user/bulk", &JiraBulkUsers, Nobody::kEmptyBean},
    {"GET", "group", &JiraGetGroup, Nobody::kRefused},
    {"POST", "group", &JiraCreateGroup, Nobody::kRefused},
    {"DELETE", "group", &JiraDeleteGroup, Nobody::kRefused},
    {"GET", "group/bulk", &JiraBulkGroups, Nobody::kEmptyBean},
    {"GET", "group/member", &JiraGroupMembers, Nobody::kEmptyBean},
    {"POST", "group/user", &JiraAddMember, Nobody::kRefused},
    {"DELETE", "group/user", &JiraRemoveMember, Nobody::kRefused},
    {"GET", "groups/picker", &JiraPickGroups, Nobody::kEmptyPicker},
};

// An account that no world has: of a caller whose e-mail is nobody's.
constexpr char kStranger[] = "712020:00000000-0000-4000-8000-000000000001";

std::vector<std::pair<std::string, std::string>> ParametersOf(const std::string& target) {
  std::vector<std::pair<std::string, std::string>> parameters;
  const size_t mark = target.find('?');
  if (mark == std::string::npos) return parameters;
  const absl::string_view query = absl::string_view(target).substr(mark + 1);
  for (absl::string_view item : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(item, absl::MaxSplits('=', 1));
    parameters.emplace_back(PercentDecode(parts.first, Encoding::kForm),
                            PercentDecode(parts.second, Encoding::kForm));
  }
  return parameters;
}

TwinResponse EmptyAnswer(const JiraCall& call, Nobody nobody) {
  if (nobody == Nobody::kEmptyList) return JiraJson(200, json::array());
  if (nobody == Nobody::kEmptyPicker) {
    return JiraJson(
        200,
        {{"header", "Showing 0 of 0 matching groups"}, {"total", 0}, {"groups", json::array()}});
  }
  JiraWindow window;
  if (auto refusal = ReadJiraWindow(call, {50, 50, true}, window)) return *std::move(refusal);
  return JiraJson(200, JiraPageBean(call, window, JiraSlice(), json::array()));
}

bool IsServerInfoOf2(const JiraCall& call) {
  return call.IsGet() && absl::StrJoin(call.path, "/") == "rest/api/2/serverInfo";
}

// Version 3 is what there is; of version 2, which a Data Center has, the first call.
TwinResponse NoSuchJiraCall(const JiraCall& call) {
  if (!call.Has(JiraQuirk::kDataCenterJson)) return JiraHtml(404, "Oops, you've found a dead link");
  const std::string path = absl::StrCat("/", absl::StrJoin(call.path, "/"));
  return JiraJson(404, {{"message", absl::StrCat("null for uri: ", path)}, {"status-code", 404}});
}

// Who is nobody: refused, but where a call is for everybody or the quirk shows nothing instead.
std::optional<TwinResponse> JudgeCaller(const JiraCall& call, const JiraRoute& route) {
  if (!call.caller.empty()) return std::nullopt;
  const bool tried = !FindTwinHeader(call.request.headers, "Authorization").empty();
  const bool anonymous = !tried || call.Has(JiraQuirk::kAnonymousReads);
  if (anonymous && route.nobody == Nobody::kAnswered) return std::nullopt;
  if (anonymous && route.nobody == Nobody::kEmptyPicker) return EmptyAnswer(call, route.nobody);
  if (route.nobody == Nobody::kRefused || !call.Has(JiraQuirk::kAnonymousReads)) {
    return JiraUnauthenticated();
  }
  if (route.nobody == Nobody::kAnswered) return std::nullopt;
  return EmptyAnswer(call, route.nobody);
}

bool IsForBrowsers(const JiraRoute& route) {
  return absl::string_view(route.method) == "GET" && route.nobody != Nobody::kAnswered &&
         route.handler != &JiraMyself;
}

std::optional<TwinResponse> JudgePermissions(const JiraCall& call, const JiraRoute& route) {
  if (!call.IsGet() && call.Has(JiraQuirk::kNotAdmin)) {
    return JiraRefuse(403,
                      "You are not authorized to perform this operation. Administrator privileges "
                      "are required.");
  }
  if (!call.Has(JiraQuirk::kBrowseForbidden) || !IsForBrowsers(route)) return std::nullopt;
  if (route.handler == &JiraSearchUsers || route.handler == &JiraPickGroups) {
    return EmptyAnswer(call, route.nobody);
  }
  return JiraRefuse(403, "Browse users and groups permission is required to view groups.");
}

// Null: none such. `path_known`: with another method there is one.
const JiraRoute* FindRoute(const JiraCall& call, bool& path_known) {
  const std::vector<std::string>& path = call.path;
  if (path.size() < 4 || path[0] != "rest" || path[1] != "api" || path[2] != "3") return nullptr;
  const std::string rest = absl::StrJoin(path.begin() + 3, path.end(), "/");
  for (const JiraRoute& route : kJiraRoutes) {
    if (rest != route.path) continue;
    path_known = true;
    if (call.request.method == route.method) return &route;
  }
  return nullptr;
}

}  // namespace

std::string JiraAuthorization(const JiraOptions& options) {
  return absl::StrCat("Basic ",
                      absl::Base64Escape(absl::StrCat(options.email, ":", options.token)));
}

JiraTwin::JiraTwin(World* world, std::string name, JiraOptions options, TwinClock clock)
    : world_(*world),
      name_(std::move(name)),
      options_(std::move(options)),
      authorization_(JiraAuthorization(options_)),
      clock_(std::move(clock)),
      ids_(options_.seed) {
  if (!world_.organisation.has_value()) world_.organisation.emplace();
  const Propagation& late = options_.propagation;
  if (late.reads > 0 || late.time > absl::ZeroDuration()) world_.organisation->propagation = late;
  world_.sites[name_];
}

std::string JiraTwin::Caller(const TwinRequest& request) {
  if (FindTwinHeader(request.headers, "Authorization") != authorization_) return "";
  const auto found = world_.cloud_accounts.find(caller_);
  if (found != world_.cloud_accounts.end() && found->second.email == options_.email) return caller_;
  // Not looked for at every call: most worlds do not hold the administrator.
  if (caller_ == kStranger && searched_ == world_.cloud_accounts.size()) return caller_;
  searched_ = world_.cloud_accounts.size();
  caller_ = kStranger;
  for (const auto& [id, account] : world_.cloud_accounts) {
    if (account.email == options_.email) caller_ = id;
  }
  return caller_;
}

TwinResponse JiraTwin::Handle(const TwinRequest& request) {
  Target target = ParseTarget(request.target);
  const bool ours = TakeBasePath(options_.base_path, target.segments);
  const absl::string_view host = FindTwinHeader(request.headers, "Host");
  const JiraCall call{
      options_,
      world_,
      *world_.organisation,
      world_.sites[name_],
      ids_,
      passes_,
      request,
      ours ? target.segments : std::vector<std::string>(),
      ParametersOf(request.target),
      absl::StrCat("http://", host.empty() ? "127.0.0.1" : host, options_.base_path),
      Caller(request),
      clock_()};
  TwinHeaders headers;
  std::optional<TwinResponse> limited = limits_.Take(call, headers);
  TwinResponse response = limited.has_value() ? *std::move(limited) : Answer(call);
  for (auto& header : headers) response.headers.push_back(std::move(header));
  const bool known = !call.caller.empty() && !call.Has(JiraQuirk::kDataCenter);
  if (known) response.headers.emplace_back("X-AAccountId", call.caller);
  return response;
}

TwinResponse JiraTwin::Answer(const JiraCall& call) const {
  if (call.IsGet() && call.Has(JiraQuirk::kHtml200)) {
    return JiraHtml(200, "Log in with Atlassian account");
  }
  if (IsServerInfoOf2(call)) return JiraServerInfo(call);
  if (call.Has(JiraQuirk::kDataCenter)) return NoSuchJiraCall(call);
  bool path_known = false;
  const JiraRoute* route = FindRoute(call, path_known);
  if (route == nullptr) return path_known ? JiraEmpty(405) : NoSuchJiraCall(call);
  if (auto refusal = JudgeCaller(call, *route)) return *std::move(refusal);
  if (auto refusal = JudgePermissions(call, *route)) return *std::move(refusal);
  return route->handler(call);
}

}  // namespace rollcall::twins
