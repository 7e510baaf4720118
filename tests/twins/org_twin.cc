#include "tests/twins/org_twin.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/twins/org_endpoints.h"
#include "tests/twins/org_reply.h"
#include "tests/twins/retry_headers.h"

namespace rollcall::twins {
namespace {

bool IsRead(const OrgCall& call) {
  return call.IsGet() || (!call.path.empty() && (call.path.back() == "search" ||
                                                 call.path.back() == "get-scim-links-for-email"));
}

bool HasKey(const OrgCall& call) {
  const absl::string_view given = FindTwinHeader(call.request.headers, "Authorization");
  return absl::StartsWithIgnoreCase(given, "Bearer ") && given.substr(7) == call.options.key &&
         !call.Has(OrgQuirk::kKeyExpired);
}

TwinResponse Unauthenticated(const OrgCall& call) {
  if (call.IsManage()) return ManageRefuse(call, 401, "unauthorized", nullptr, "");
  if (call.IsV1()) return OrgProxyError(401, "Unauthorized");
  return OrgRefuse(call, {401, "ADMIN-UAM-401-1", "Unauthorized", "Authentication is required"});
}

TwinResponse InsufficientScope(const OrgCall& call) {
  const nlohmann::json error = {
      {"code", "ADMIN-401-2"},
      {"status", "401"},
      {"title", "INSUFFICIENT_SCOPE"},
      {"detail", absl::StrCat("Insufficient scope. Create a new API Key for your Organization ",
                              call.base_url)}};
  return OrgJson(401, {{"errors", nlohmann::json::array({error})}});
}

// What a key with scopes may not do.
std::optional<TwinResponse> JudgeScope(const OrgCall& call) {
  if (!call.Has(OrgQuirk::kKeyScoped)) return std::nullopt;
  if (call.IsManage()) {
    const char text[] = "Error: The key lacks the scope manage:org";
    if (call.Has(OrgQuirk::kScope403Proxy)) return OrgProxyError(403, text);
    return ManageRefuse(call, 403, "forbidden", nullptr, text);
  }
  const bool denied = !IsRead(call) || (call.Has(OrgQuirk::kKeyScopedReads) && !call.IsV1());
  if (denied) return InsufficientScope(call);
  return std::nullopt;
}

std::optional<TwinResponse> JudgeAccess(const OrgCall& call) {
  if (!HasKey(call)) return Unauthenticated(call);
  if (call.Has(OrgQuirk::kForbidden)) {
    if (call.IsManage()) return ManageRefuse(call, 403, "forbidden", nullptr, "");
    return OrgGatewayError(call, 403, "User has no permission to access resource.");
  }
  return JudgeScope(call);
}

TwinResponse WrongOrg(const OrgCall& call) {
  if (call.Has(OrgQuirk::kWrongOrg403)) {
    return OrgGatewayError(call, 403, "User has no permission to access resource.");
  }
  if (call.Has(OrgQuirk::kWrongOrgGateway)) {
    return OrgGatewayError(call, 404, "TCS validation failed");
  }
  return OrgRefuse(call,
                   {404, "ADMIN-404-2", "Organization Not Found", "The organization is unknown"});
}

TwinResponse DispatchOrg(const OrgCall& call) {
  if (call.IsManage()) return HandleManage(call);
  const std::vector<std::string>& path = call.path;
  if (path.size() > 2 && path[0] == "admin" && path[1] == "user-provisioning") {
    if (path.size() > 4 && path[4] != call.org.id) return WrongOrg(call);
    return HandleScimLinks(call);
  }
  const bool versioned = path.size() > 2 && path[0] == "admin" && path[2] == "orgs" &&
                         (path[1] == "v1" || path[1] == "v2");
  if (!versioned) return OrgNoSuchEndpoint(call);
  if (path.size() > 3 && path[3] != call.org.id) return WrongOrg(call);
  return path[1] == "v1" ? HandleOrgV1(call) : HandleOrgV2(call);
}

// Words of the interface, which a label keeps; everything else is an id.
bool IsWord(absl::string_view segment) {
  for (absl::string_view word : {"admin",
                                 "v1",
                                 "v2",
                                 "orgs",
                                 "users",
                                 "groups",
                                 "directories",
                                 "directory",
                                 "domains",
                                 "search",
                                 "count",
                                 "stats",
                                 "suspend",
                                 "restore",
                                 "memberships",
                                 "role-assignments",
                                 "user-provisioning",
                                 "org",
                                 "user",
                                 "get-scim-links",
                                 "get-scim-links-for-email",
                                 "scimDirectoryId",
                                 "scimUserId",
                                 "unlink",
                                 "onlyDeleteUserInDB",
                                 "api-tokens",
                                 "assign",
                                 "revoke",
                                 "manage",
                                 "profile",
                                 "email",
                                 "lifecycle",
                                 "disable",
                                 "enable",
                                 "delete",
                                 "cancel-delete",
                                 "suspend-access",
                                 "restore-access",
                                 "invite"}) {
    if (segment == word) return true;
  }
  return false;
}

}  // namespace

std::string OrgEndpointLabel(absl::string_view path) {
  std::string label;
  absl::string_view before;
  for (absl::string_view segment : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    const bool after_list = before == "orgs" || before == "org" || before == "directories" ||
                            before == "memberships" || before == "user" ||
                            before == "scimDirectoryId" || before == "scimUserId";
    if (IsWord(segment) && !after_list) {
      absl::StrAppend(&label, "/", segment);
    } else {
      absl::StrAppend(&label, before == "orgs" || before == "org" ? "/{org}"
                              : before == "directories"           ? "/{dir}"
                                                                  : "/{id}");
    }
    before = segment;
  }
  return label.empty() ? "/" : label;
}

OrgTwin::OrgTwin(World* world, OrgOptions options, TwinClock clock)
    : world_(*world), options_(std::move(options)), clock_(std::move(clock)), ids_(options_.seed) {
  if (!world_.organisation.has_value()) world_.organisation.emplace();
  const Propagation& late = options_.propagation;
  if (late.reads > 0 || late.time > absl::ZeroDuration()) world_.organisation->propagation = late;
  if (options_.rate_limit > 0) bucket_.emplace(static_cast<double>(options_.rate_limit));
}

std::string OrgTwin::Endpoint(const std::string& path) const { return OrgEndpointLabel(path); }

TwinResponse OrgTwin::Handle(const TwinRequest& request) {
  Target target = ParseTarget(request.target);
  const bool ours = TakeBasePath(options_.base_path, target.segments);
  std::vector<std::string> path = ours ? target.segments : std::vector<std::string>();
  const absl::string_view host = FindTwinHeader(request.headers, "Host");
  const OrgCall call{options_,
                     world_,
                     *world_.organisation,
                     ids_,
                     request,
                     std::move(path),
                     std::move(target),
                     absl::StrCat("http://", host.empty() ? "127.0.0.1" : host, options_.base_path),
                     clock_()};
  TwinHeaders headers;
  std::optional<TwinResponse> limited = LimitOrgCalls(call, headers);
  TwinResponse response = limited.has_value() ? *std::move(limited) : Answer(call);
  for (auto& header : headers) response.headers.push_back(std::move(header));
  return response;
}

TwinResponse OrgTwin::Answer(const OrgCall& call) {
  if (std::optional<TwinResponse> refused = JudgeAccess(call)) return *std::move(refused);
  if (IsRead(call) && call.Has(OrgQuirk::kEmpty200)) return OrgEmpty(200);
  if (IsRead(call) && call.Has(OrgQuirk::kHtml200)) {
    TwinResponse page;
    page.headers = {{"Content-Type", "text/html; charset=utf-8"}};
    page.body = "<!DOCTYPE html><html><head><title>Log in</title></head><body></body></html>\n";
    return page;
  }
  return DispatchOrg(call);
}

std::optional<TwinResponse> OrgTwin::LimitOrgCalls(const OrgCall& call, TwinHeaders& headers) {
  if (!bucket_.has_value()) return std::nullopt;
  const absl::Duration wait = bucket_->Take(call.now);
  const bool limited = wait > absl::ZeroDuration();
  if (!limited || !call.Has(OrgQuirk::kNoRateHeaders)) {
    headers.emplace_back("X-RateLimit-Limit", absl::StrCat(options_.rate_limit));
    headers.emplace_back("X-RateLimit-Remaining",
                         absl::StrCat(static_cast<int64_t>(bucket_->Left())));
    for (auto& header : RetryHeaders(RetryStyle::kResetIso, wait, call.now)) {
      headers.push_back(std::move(header));
    }
  }
  if (!limited) return std::nullopt;
  if (call.Has(OrgQuirk::kRetryAfter)) {
    for (auto& header : RetryHeaders(RetryStyle::kSeconds, wait, call.now)) {
      headers.push_back(std::move(header));
    }
  }
  if (call.IsManage()) return OrgEmpty(429);
  if (call.IsV1()) return OrgProxyError(429, "Rate limit exceeded");
  return OrgRefuse(call, {429, "ADMIN-429-1", "Too Many Requests", "Rate limit exceeded"});
}

}  // namespace rollcall::twins
