#include "clients/scim/scim_api.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/http/url.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

HttpRequest Request(std::string method, std::string url, std::string endpoint) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.endpoint = std::move(endpoint);
  request.headers.emplace_back("Accept", "application/scim+json, application/json");
  return request;
}

void AddBody(HttpRequest& request, std::string body, const std::string& if_match) {
  request.body = std::move(body);
  request.headers.emplace_back("Content-Type", "application/scim+json");
  if (!if_match.empty()) request.headers.emplace_back("If-Match", if_match);
}

std::string ResourceUrl(const std::string& base_url, ScimResource resource, const std::string& id) {
  return JoinUrl(base_url, absl::StrCat(ResourcePath(resource), "/", EncodePathSegment(id)));
}

std::string Endpoint(absl::string_view method, ScimResource resource) {
  return absl::StrCat(method, " /", ResourcePath(resource), "/{id}");
}

absl::Status NoId(ScimResource resource) {
  return absl::InvalidArgumentError(
      absl::StrCat("a request to /", ResourcePath(resource), " needs an id; nothing was sent"));
}

}  // namespace

ScimApi::ScimApi(std::string base_url, HttpClient& client)
    : base_url_(std::move(base_url)), client_(client) {}

ScimApi::Reply ScimApi::Send(HttpRequest request, const CallContext& context) {
  Reply reply = client_.Send(request, context);
  sent_.fetch_add(AttemptsIn(reply), std::memory_order_relaxed);
  if (reply.ok() || absl::StartsWith(reply.status().message(), request.endpoint)) return reply;
  return Annotate(reply.status(), request.endpoint);
}

ScimApi::Reply ScimApi::GetServiceProviderConfig(const CallContext& context) {
  return Send(
      Request("GET", JoinUrl(base_url_, "ServiceProviderConfig"), "GET /ServiceProviderConfig"),
      context);
}

ScimApi::Reply ScimApi::List(const ScimListRequest& request, const CallContext& context) {
  std::vector<std::pair<std::string, std::string>> query = {
      {"startIndex", absl::StrCat(request.start_index)}, {"count", absl::StrCat(request.count)}};
  if (request.sort_by_id) {
    query.emplace_back("sortBy", "id");
    query.emplace_back("sortOrder", "ascending");
  }
  const std::string url = JoinUrl(base_url_, ResourcePath(request.resource));
  return Send(
      Request("GET", WithQuery(url, query), absl::StrCat("GET /", ResourcePath(request.resource))),
      context);
}

ScimApi::Reply ScimApi::Get(ScimResource resource, const std::string& id,
                            const CallContext& context) {
  if (id.empty()) return NoId(resource);
  return Send(Request("GET", ResourceUrl(base_url_, resource, id), Endpoint("GET", resource)),
              context);
}

ScimApi::Reply ScimApi::Patch(ScimResource resource, const std::string& id, std::string body,
                              Idempotency idempotency, const std::string& if_match,
                              const CallContext& context) {
  if (id.empty()) return NoId(resource);
  HttpRequest request =
      Request("PATCH", ResourceUrl(base_url_, resource, id), Endpoint("PATCH", resource));
  AddBody(request, std::move(body), if_match);
  request.idempotency = idempotency;
  return Send(std::move(request), context);
}

ScimApi::Reply ScimApi::PutGroup(const std::string& id, std::string body,
                                 const std::string& if_match, const CallContext& context) {
  if (id.empty()) return NoId(ScimResource::kGroups);
  HttpRequest request = Request("PUT", ResourceUrl(base_url_, ScimResource::kGroups, id),
                                Endpoint("PUT", ScimResource::kGroups));
  AddBody(request, std::move(body), if_match);
  // A repetition could undo what somebody else changed in between.
  request.idempotency = Idempotency::kNotIdempotent;
  return Send(std::move(request), context);
}

}  // namespace rollcall
