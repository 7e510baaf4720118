#include "tests/twins/scim_twin.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/scim_discovery.h"
#include "tests/twins/scim_groups.h"
#include "tests/twins/scim_reply.h"
#include "tests/twins/scim_users.h"

namespace rollcall::twins {
namespace {

bool IsAuthorized(const ScimOptions& options, const TwinRequest& request) {
  if (options.token.empty()) return true;
  const absl::string_view given = FindTwinHeader(request.headers, "Authorization");
  return absl::StartsWithIgnoreCase(given, "Bearer ") && given.substr(7) == options.token;
}

std::string BaseUrl(const ScimOptions& options, const TwinRequest& request) {
  const absl::string_view host = FindTwinHeader(request.headers, "Host");
  return absl::StrCat("http://", host.empty() ? "127.0.0.1" : host, options.base_path);
}

TwinResponse Dispatch(const ScimCall& call) {
  const std::vector<std::string>& segments = call.target.segments;
  const std::string endpoint = segments.empty() ? "" : segments[0];
  const std::string id = segments.size() > 1 ? segments[1] : "";
  const std::string& method = call.request.method;
  if (segments.size() > 2 || (call.target.trailing_slash && call.Has(Quirk::kTrailingSlash404))) {
    return ErrorReply({404, "", "There is no such endpoint."}, call.options.quirks);
  }
  if (endpoint == "Users" || endpoint == "Groups") {
    const bool users = endpoint == "Users";
    if (!id.empty()) return users ? HandleUser(call, id) : HandleGroup(call, id);
    if (method == "GET") return users ? ListUsers(call) : ListGroups(call);
    if (method == "POST") return users ? CreateUser(call) : CreateGroup(call);
    return ErrorReply({405, "", absl::StrCat(method, " is not allowed here.")},
                      call.options.quirks);
  }
  if (endpoint == "ServiceProviderConfig" || endpoint == "ResourceTypes" || endpoint == "Schemas") {
    return HandleDiscovery(call, endpoint, id);
  }
  if (endpoint == "Bulk") {
    return ErrorReply({501, "", "Bulk is not implemented."}, call.options.quirks);
  }
  return ErrorReply({404, "", "There is no such endpoint."}, call.options.quirks);
}

}  // namespace

ScimTwin::ScimTwin(World* world, const std::string& directory, ScimOptions options, TwinClock clock)
    : world_(*world),
      name_(directory),
      directory_(world->scim[directory]),
      options_(std::move(options)),
      clock_(std::move(clock)),
      memory_(options_.seed) {}

TwinResponse ScimTwin::Handle(const TwinRequest& request) {
  Target target = ParseTarget(request.target);
  if (!TakeBasePath(options_.base_path, target.segments))
    return TextReply(404, "404 page not found");
  if (!IsAuthorized(options_, request)) return UnauthorizedReply(options_.quirks);
  const ScimCall call{
      options_, world_, directory_, memory_, request, std::move(target), BaseUrl(options_, request),
      clock_(), name_};
  return Dispatch(call);
}

}  // namespace rollcall::twins
