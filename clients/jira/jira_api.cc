#include "clients/jira/jira_api.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/http/url.h"
#include "clients/json/writer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

HttpRequest JiraRequest(std::string method, std::string url, absl::string_view endpoint) {
  HttpRequest request;
  request.endpoint = absl::StrCat(method, " ", endpoint);
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers.emplace_back("Accept", "application/json");
  return request;
}

void AddJsonBody(HttpRequest& request, std::string body) {
  request.body = std::move(body);
  request.headers.emplace_back("Content-Type", "application/json");
}

absl::Status NeedsId(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("a request to the site needs the id of ", what, "; nothing was sent"));
}

}  // namespace

JiraApi::JiraApi(std::string site_url, HttpClient& client)
    : site_url_(std::move(site_url)), client_(client) {}

std::string JiraApi::Url(absl::string_view path) const {
  return JoinUrl(site_url_, absl::StrCat("rest/api/3/", path));
}

JiraApi::Reply JiraApi::Send(HttpRequest request, const CallContext& context) {
  Reply reply = client_.Send(request, context);
  sent_.fetch_add(AttemptsIn(reply), std::memory_order_relaxed);
  if (reply.ok() || absl::StartsWith(reply.status().message(), request.endpoint)) return reply;
  return Annotate(reply.status(), request.endpoint);
}

JiraApi::Reply JiraApi::GetMyself(const CallContext& context) {
  return Send(JiraRequest("GET", Url("myself"), "/myself"), context);
}

JiraApi::Reply JiraApi::GetMyPermissions(const CallContext& context) {
  return Send(JiraRequest("GET",
                          WithQuery(Url("mypermissions"),
                                    {{"permissions", "ADMINISTER,SYSTEM_ADMIN,USER_PICKER"}}),
                          "/mypermissions"),
              context);
}

JiraApi::Reply JiraApi::GetServerInfo(const CallContext& context) {
  return Send(
      JiraRequest("GET", JoinUrl(site_url_, "rest/api/2/serverInfo"), "/rest/api/2/serverInfo"),
      context);
}

JiraApi::Reply JiraApi::ListUsers(int64_t start, int64_t count, const CallContext& context) {
  return Send(JiraRequest("GET",
                          WithQuery(Url("users/search"), {{"startAt", absl::StrCat(start)},
                                                          {"maxResults", absl::StrCat(count)}}),
                          "/users/search"),
              context);
}

JiraApi::Reply JiraApi::ListGroups(int64_t start, int64_t count, const CallContext& context) {
  return Send(JiraRequest("GET",
                          WithQuery(Url("group/bulk"), {{"startAt", absl::StrCat(start)},
                                                        {"maxResults", absl::StrCat(count)}}),
                          "/group/bulk"),
              context);
}

JiraApi::Reply JiraApi::ListMembers(const std::string& group, int64_t start, int64_t count,
                                    const CallContext& context) {
  if (group.empty()) return NeedsId("a group");
  return Send(JiraRequest("GET",
                          WithQuery(Url("group/member"), {{"groupId", group},
                                                          {"includeInactiveUsers", "true"},
                                                          {"startAt", absl::StrCat(start)},
                                                          {"maxResults", absl::StrCat(count)}}),
                          "/group/member"),
              context);
}

JiraApi::Reply JiraApi::FindGroup(const std::string& name, const CallContext& context) {
  if (name.empty()) return NeedsId("a group (its name)");
  return Send(
      JiraRequest("GET", WithQuery(Url("group/bulk"), {{"groupName", name}}), "/group/bulk"),
      context);
}

JiraApi::Reply JiraApi::GetUser(const std::string& account, const CallContext& context) {
  if (account.empty()) return NeedsId("an account");
  return Send(JiraRequest("GET", WithQuery(Url("user"), {{"accountId", account}}), "/user"),
              context);
}

JiraApi::Reply JiraApi::ListGroupsOf(const std::string& account, const CallContext& context) {
  if (account.empty()) return NeedsId("an account");
  return Send(
      JiraRequest("GET", WithQuery(Url("user/groups"), {{"accountId", account}}), "/user/groups"),
      context);
}

JiraApi::Reply JiraApi::AddMember(const std::string& group, const std::string& account,
                                  const CallContext& context) {
  if (group.empty() || account.empty()) return NeedsId("a group and of an account");
  HttpRequest request =
      JiraRequest("POST", WithQuery(Url("group/user"), {{"groupId", group}}), "/group/user");
  json::Writer w;
  w.StartObject().Key("accountId").String(account).EndObject();
  AddJsonBody(request, std::move(w).Take());
  request.idempotency = Idempotency::kIdempotent;  // the second time it answers 201 or 400
  return Send(std::move(request), context);
}

JiraApi::Reply JiraApi::RemoveMember(const std::string& group, const std::string& account,
                                     const CallContext& context) {
  if (group.empty() || account.empty()) return NeedsId("a group and of an account");
  HttpRequest request = JiraRequest(
      "DELETE", WithQuery(Url("group/user"), {{"groupId", group}, {"accountId", account}}),
      "/group/user");
  request.idempotency = Idempotency::kIdempotent;
  return Send(std::move(request), context);
}

JiraApi::Reply JiraApi::CreateUser(const std::string& email,
                                   const std::vector<std::string>& products,
                                   const CallContext& context) {
  if (email.empty()) return NeedsId("an account (its e-mail)");
  HttpRequest request = JiraRequest("POST", Url("user"), "/user");
  json::Writer w;
  w.StartObject().Key("emailAddress").String(email).Key("products").StartArray();
  for (const std::string& product : products) w.String(product);
  w.EndArray().EndObject();
  AddJsonBody(request, std::move(w).Take());
  // A removed user cannot always be revived: then it answers 500, and would again.
  request.idempotency = Idempotency::kNotIdempotent;
  return Send(std::move(request), context);
}

JiraApi::Reply JiraApi::DeleteUser(const std::string& account, const CallContext& context) {
  if (account.empty()) return NeedsId("an account");
  HttpRequest request =
      JiraRequest("DELETE", WithQuery(Url("user"), {{"accountId", account}}), "/user");
  request.idempotency = Idempotency::kIdempotent;
  return Send(std::move(request), context);
}

}  // namespace rollcall
