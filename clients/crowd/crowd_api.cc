#include "clients/crowd/crowd_api.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/http/url.h"
#include "clients/json/writer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kService[] = "rest/usermanagement/1";
constexpr char kJson[] = "application/json";

using Query = std::vector<std::pair<std::string, std::string>>;

HttpRequest CrowdRequest(std::string method, const std::string& base_url, const std::string& path,
                         const Query& query) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = WithQuery(JoinUrl(base_url, absl::StrCat(kService, path)), query);
  request.headers.emplace_back("Accept", kJson);
  request.endpoint = absl::StrCat(request.method, " ", path);
  return request;
}

void AddBody(HttpRequest& request, std::string body) {
  request.body = std::move(body);
  request.headers.emplace_back("Content-Type", kJson);
  // Not needed for JSON, but a filter for forged requests may stand before Crowd.
  request.headers.emplace_back("X-Atlassian-Token", "no-check");
}

bool AnyEmpty(const Query& query) {
  for (const auto& [key, value] : query) {
    if (value.empty()) return true;
  }
  return false;
}

}  // namespace

CrowdApi::CrowdApi(std::string base_url, HttpClient& client)
    : base_url_(std::move(base_url)), client_(client) {}

CrowdApi::Reply CrowdApi::Send(HttpRequest request, const CallContext& context) {
  Reply reply = client_.Send(request, context);
  sent_.fetch_add(AttemptsIn(reply), std::memory_order_relaxed);
  if (reply.ok() || absl::StartsWith(reply.status().message(), request.endpoint)) return reply;
  return Annotate(reply.status(), request.endpoint);
}

CrowdApi::Reply CrowdApi::GetCookieConfig(const CallContext& context) {
  return Send(CrowdRequest("GET", base_url_, "/config/cookie", {}), context);
}

CrowdApi::Reply CrowdApi::GetUserByName(const std::string& name, const CallContext& context) {
  const Query query = {{"username", name}, {"expand", "attributes"}};
  if (AnyEmpty(query)) return absl::InvalidArgumentError("a user without a name cannot be read");
  return Send(CrowdRequest("GET", base_url_, "/user", query), context);
}

CrowdApi::Reply CrowdApi::GetUserByKey(const std::string& key, const CallContext& context) {
  const Query query = {{"key", key}, {"expand", "attributes"}};
  if (AnyEmpty(query)) return absl::InvalidArgumentError("a user without a key cannot be read");
  return Send(CrowdRequest("GET", base_url_, "/user", query), context);
}

CrowdApi::Reply CrowdApi::PutUser(const std::string& name, std::string body,
                                  const CallContext& context) {
  const Query query = {{"username", name}};
  if (AnyEmpty(query)) return absl::InvalidArgumentError("a user without a name cannot be changed");
  HttpRequest request = CrowdRequest("PUT", base_url_, "/user", query);
  AddBody(request, std::move(body));
  // A repetition could undo what somebody else changed in between.
  request.idempotency = Idempotency::kNotIdempotent;
  return Send(std::move(request), context);
}

CrowdApi::Reply CrowdApi::GetGroup(const std::string& name, const CallContext& context) {
  const Query query = {{"groupname", name}};
  if (AnyEmpty(query)) return absl::InvalidArgumentError("a group without a name cannot be read");
  return Send(CrowdRequest("GET", base_url_, "/group", query), context);
}

CrowdApi::Reply CrowdApi::Search(const CrowdSearch& search, const CallContext& context) {
  Query query = {{"entity-type", EntityName(search.entity)},
                 {"start-index", absl::StrCat(search.start_index)},
                 {"max-results", absl::StrCat(search.max_results)}};
  if (search.expand) query.emplace_back("expand", EntityName(search.entity));
  return Send(CrowdRequest("GET", base_url_, "/search", query), context);
}

CrowdApi::Reply CrowdApi::GetMemberships(const CallContext& context) {
  HttpRequest request = CrowdRequest("GET", base_url_, "/group/membership", {});
  request.headers = {{"Accept", "application/xml"}};  // the one call that has no JSON form
  return Send(std::move(request), context);
}

CrowdApi::Reply CrowdApi::GetMembers(const std::string& group, int64_t start_index,
                                     const CallContext& context) {
  if (group.empty()) return absl::InvalidArgumentError("a group without a name cannot be read");
  const Query query = {{"groupname", group},
                       {"start-index", absl::StrCat(start_index)},
                       {"max-results", absl::StrCat(CrowdSearch::kAll)},
                       {"expand", "user"}};
  return Send(CrowdRequest("GET", base_url_, "/group/user/direct", query), context);
}

CrowdApi::Reply CrowdApi::GetMember(const std::string& group, const std::string& user,
                                    const CallContext& context) {
  const Query query = {{"groupname", group}, {"username", user}};
  if (AnyEmpty(query)) {
    return absl::InvalidArgumentError("a membership needs the names of a group and of a user");
  }
  return Send(CrowdRequest("GET", base_url_, "/group/user/direct", query), context);
}

CrowdApi::Reply CrowdApi::GetChildGroups(const std::string& group, int64_t max_results,
                                         const CallContext& context) {
  if (group.empty()) return absl::InvalidArgumentError("a group without a name cannot be read");
  const Query query = {
      {"groupname", group}, {"start-index", "0"}, {"max-results", absl::StrCat(max_results)}};
  return Send(CrowdRequest("GET", base_url_, "/group/child-group/direct", query), context);
}

CrowdApi::Reply CrowdApi::AddMember(const std::string& group, const std::string& user,
                                    const CallContext& context) {
  if (group.empty() || user.empty()) {
    return absl::InvalidArgumentError("a membership needs the names of a group and of a user");
  }
  HttpRequest request =
      CrowdRequest("POST", base_url_, "/group/user/direct", {{"groupname", group}});
  json::Writer body;
  body.StartObject().Key("name").String(user).EndObject();
  AddBody(request, std::move(body).Take());
  request.idempotency = Idempotency::kIdempotent;  // the second time it answers 409
  return Send(std::move(request), context);
}

CrowdApi::Reply CrowdApi::RemoveMember(const std::string& group, const std::string& user,
                                       const CallContext& context) {
  const Query query = {{"groupname", group}, {"username", user}};
  if (AnyEmpty(query)) {
    return absl::InvalidArgumentError("a membership needs the names of a group and of a user");
  }
  HttpRequest request = CrowdRequest("DELETE", base_url_, "/group/user/direct", query);
  request.headers.emplace_back("X-Atlassian-Token", "no-check");
  request.idempotency = Idempotency::kIdempotent;  // the second time it answers 404
  return Send(std::move(request), context);
}

CrowdApi::Reply CrowdApi::GetEventToken(const CallContext& context) {
  return Send(CrowdRequest("GET", base_url_, "/event", {}), context);
}

CrowdApi::Reply CrowdApi::GetEvents(const std::string& token, const CallContext& context) {
  if (token.empty()) return absl::InvalidArgumentError("events without a token cannot be read");
  HttpRequest request =
      CrowdRequest("GET", base_url_, absl::StrCat("/event/", EncodePathSegment(token)), {});
  request.endpoint = "GET /event/{token}";
  return Send(std::move(request), context);
}

}  // namespace rollcall
