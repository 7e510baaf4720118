#include "clients/atlassian/org_api.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/http/url.h"
#include "clients/json/writer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kPageLimit[] = "100";
constexpr char kDisableMessage[] = "Deactivated by Rollcall, as the identity provider says.";

using Query = std::vector<std::pair<std::string, std::string>>;

// `endpoint`: the URL with names in place of ids, for counters and messages.
HttpRequest OrgRequest(std::string method, std::string url, absl::string_view endpoint) {
  HttpRequest request;
  request.endpoint = absl::StrCat(method, " ", endpoint);
  request.method = std::move(method);
  request.url = std::move(url);
  request.headers.emplace_back("Accept", "application/json");
  return request;
}

void SetBody(HttpRequest& request, std::string body) {
  request.body = std::move(body);
  request.headers.emplace_back("Content-Type", "application/json");
}

Query PageQuery(const std::string& cursor, bool alone) {
  Query query;
  if (!alone) query.emplace_back("limit", kPageLimit);
  if (!cursor.empty()) query.emplace_back("cursor", cursor);
  return query;
}

absl::Status NoId(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("a request needs the id of ", what, "; nothing was sent"));
}

void WriteList(json::Writer& w, absl::string_view key, absl::string_view item) {
  if (item.empty()) return;
  w.Key(key).StartArray().String(item).EndArray();
}

std::string CursorBody(const std::string& cursor) {
  json::Writer w;
  w.StartObject().Key("cursor").String(cursor).EndObject();
  return std::move(w).Take();
}

std::string SearchBody(const OrgUserSearch& search, const std::string& cursor) {
  json::Writer w;
  w.StartObject().Key("limit").Int(search.limit);
  // Without this the answer may hold accounts of other directories, or of none.
  if (search.directory != kAllDirectories) WriteList(w, "directoryIds", search.directory);
  WriteList(w, "groupIds", search.group);
  WriteList(w, "accountIds", search.account);
  WriteList(w, "membershipStatus", search.membership_status);
  if (!search.claim_status.empty()) w.Key("claimStatus").String(search.claim_status);
  if (!search.expand.empty()) {
    w.Key("expand").StartArray();
    for (const std::string& field : search.expand) w.String(field);
    w.EndArray();
  }
  // With a cursor the server ignores the rest, or honours it: it says the same either way.
  if (!cursor.empty()) w.Key("cursor").String(cursor);
  w.EndObject();
  return std::move(w).Take();
}

std::string GroupSearchBody(const std::string& directory, int64_t limit,
                            const std::string& cursor) {
  json::Writer w;
  w.StartObject().Key("limit").Int(limit);
  if (directory != kAllDirectories) WriteList(w, "directoryIds", directory);
  w.Key("expand").StartArray().String("counts.users").EndArray();
  if (!cursor.empty()) w.Key("cursor").String(cursor);
  w.EndObject();
  return std::move(w).Take();
}

}  // namespace

OrgApi::OrgApi(std::string base_url, std::string org_id, HttpClient& client)
    : base_url_(std::move(base_url)), org_id_(std::move(org_id)), client_(client) {}

OrgApi::Reply OrgApi::Send(HttpRequest request, const CallContext& context) {
  Reply reply = client_.Send(request, context);
  sent_.fetch_add(AttemptsIn(reply), std::memory_order_relaxed);
  if (reply.ok() || absl::StartsWith(reply.status().message(), request.endpoint)) return reply;
  return Annotate(reply.status(), request.endpoint);
}

OrgApi::Reply OrgApi::SendPage(const std::string& cursor,
                               absl::FunctionRef<HttpRequest(bool alone)> page,
                               const CallContext& context) {
  const bool alone = !cursor.empty() && cursor_alone_;
  Reply reply = Send(page(alone), context);
  const bool refused = reply.ok() && reply->status == 400 && !cursor.empty() && !alone;
  if (!refused) return reply;
  Reply again = Send(page(true), context);
  if (!again.ok() || !IsSuccess(again->status)) return again;
  cursor_alone_ = true;
  return again;
}

std::string OrgApi::DirectoryPath(const std::string& directory) const {
  return JoinUrl(base_url_, absl::StrCat("admin/v2/orgs/", EncodePathSegment(org_id_),
                                         "/directories/", EncodePathSegment(directory)));
}

std::string OrgApi::ProvisioningUrl(absl::string_view rest) const {
  return JoinUrl(base_url_,
                 absl::StrCat("admin/user-provisioning/v1/org/", EncodePathSegment(org_id_), rest));
}

OrgApi::Reply OrgApi::ListOrganizations(const std::string& cursor, const CallContext& context) {
  std::string url = JoinUrl(base_url_, "admin/v1/orgs");
  if (!cursor.empty()) url = WithQuery(url, {{"cursor", cursor}});
  return Send(OrgRequest("GET", std::move(url), "/v1/orgs"), context);
}

OrgApi::Reply OrgApi::ListManaged(const std::string& cursor, const CallContext& context) {
  std::string url =
      JoinUrl(base_url_, absl::StrCat("admin/v1/orgs/", EncodePathSegment(org_id_), "/users"));
  if (!cursor.empty()) url = WithQuery(url, {{"cursor", cursor}});
  return Send(OrgRequest("GET", std::move(url), "/v1/orgs/{org}/users"), context);
}

OrgApi::Reply OrgApi::ListDirectories(const std::string& cursor, const CallContext& context) {
  const std::string url = JoinUrl(
      base_url_, absl::StrCat("admin/v2/orgs/", EncodePathSegment(org_id_), "/directories"));
  const auto page = [&](bool alone) {
    return OrgRequest("GET", WithQuery(url, PageQuery(cursor, alone)),
                      "/v2/orgs/{org}/directories");
  };
  return SendPage(cursor, page, context);
}

OrgApi::Reply OrgApi::SearchUsers(const OrgUserSearch& search, const std::string& cursor,
                                  const CallContext& context) {
  if (search.directory.empty()) return NoId("a directory");
  const auto page = [&](bool alone) {
    HttpRequest request =
        OrgRequest("POST", absl::StrCat(DirectoryPath(search.directory), "/users/search"),
                   "/directories/{dir}/users/search");
    SetBody(request, alone ? CursorBody(cursor) : SearchBody(search, cursor));
    return request;
  };
  return SendPage(cursor, page, context);
}

OrgApi::Reply OrgApi::CountUsers(const std::string& directory, const CallContext& context) {
  if (directory.empty()) return NoId("a directory");
  std::string url = absl::StrCat(DirectoryPath(directory), "/users/count");
  if (directory != kAllDirectories) url = WithQuery(url, {{"directoryIds", directory}});
  return Send(OrgRequest("GET", std::move(url), "/directories/{dir}/users/count"), context);
}

OrgApi::Reply OrgApi::SearchGroups(const std::string& directory, int64_t limit,
                                   const std::string& cursor, const CallContext& context) {
  if (directory.empty()) return NoId("a directory");
  const auto page = [&](bool alone) {
    HttpRequest request =
        OrgRequest("POST", absl::StrCat(DirectoryPath(directory), "/groups/search"),
                   "/directories/{dir}/groups/search");
    SetBody(request, alone ? CursorBody(cursor) : GroupSearchBody(directory, limit, cursor));
    return request;
  };
  return SendPage(cursor, page, context);
}

OrgApi::Reply OrgApi::GetUser(const std::string& directory, const std::string& account,
                              const CallContext& context) {
  if (directory.empty() || account.empty()) return NoId("a directory and of an account");
  return Send(
      OrgRequest("GET",
                 absl::StrCat(DirectoryPath(directory), "/users/", EncodePathSegment(account)),
                 "/directories/{dir}/users/{id}"),
      context);
}

OrgApi::Reply OrgApi::GetRoleAssignments(const std::string& directory, const std::string& account,
                                         const std::string& cursor, const CallContext& context) {
  if (directory.empty() || account.empty()) return NoId("a directory and of an account");
  const std::string url = absl::StrCat(DirectoryPath(directory), "/users/",
                                       EncodePathSegment(account), "/role-assignments");
  const auto page = [&](bool alone) {
    return OrgRequest("GET", WithQuery(url, PageQuery(cursor, alone)),
                      "/directories/{dir}/users/{id}/role-assignments");
  };
  return SendPage(cursor, page, context);
}

OrgApi::Reply OrgApi::GetGroup(const std::string& directory, const std::string& group,
                               const CallContext& context) {
  if (directory.empty() || group.empty()) return NoId("a directory and of a group");
  return Send(
      OrgRequest("GET",
                 absl::StrCat(DirectoryPath(directory), "/groups/", EncodePathSegment(group)),
                 "/directories/{dir}/groups/{id}"),
      context);
}

OrgApi::Reply OrgApi::GetProfile(const std::string& account, const CallContext& context) {
  if (account.empty()) return NoId("an account");
  const std::string path = absl::StrCat("users/", EncodePathSegment(account), "/manage/profile");
  return Send(OrgRequest("GET", JoinUrl(base_url_, path), "/users/{id}/manage/profile"), context);
}

OrgApi::Reply OrgApi::GetPrivileges(const std::string& account, const CallContext& context) {
  if (account.empty()) return NoId("an account");
  const std::string url =
      JoinUrl(base_url_, absl::StrCat("users/", EncodePathSegment(account), "/manage"));
  return Send(OrgRequest("GET", WithQuery(url, {{"privileges", "lifecycle.enablement"}}),
                         "/users/{id}/manage"),
              context);
}

OrgApi::Reply OrgApi::GetScimLinks(const std::string& account, const CallContext& context) {
  if (account.empty()) return NoId("an account");
  return Send(OrgRequest("GET",
                         ProvisioningUrl(
                             absl::StrCat("/user/", EncodePathSegment(account), "/get-scim-links")),
                         "/user-provisioning/v1/org/{org}/user/{id}/get-scim-links"),
              context);
}

OrgApi::Reply OrgApi::GetScimLinksForEmail(const std::string& email, const CallContext& context) {
  if (email.empty()) return absl::InvalidArgumentError("no e-mail address; nothing was sent");
  HttpRequest request = OrgRequest("POST", ProvisioningUrl("/get-scim-links-for-email"),
                                   "/user-provisioning/v1/org/{org}/get-scim-links-for-email");
  json::Writer w;
  w.StartObject().Key("email").String(email).EndObject();
  SetBody(request, std::move(w).Take());
  return Send(std::move(request), context);
}

OrgApi::Reply OrgApi::UnlinkScimUser(const std::string& scim_directory,
                                     const std::string& scim_user, const CallContext& context) {
  if (scim_directory.empty() || scim_user.empty()) return NoId("a SCIM directory and of a record");
  HttpRequest request = OrgRequest(
      "PATCH",
      ProvisioningUrl(absl::StrCat("/scimDirectoryId/", EncodePathSegment(scim_directory),
                                   "/scimUserId/", EncodePathSegment(scim_user), "/unlink")),
      "/user-provisioning/v1/org/{org}/scimDirectoryId/{dir}/scimUserId/{id}/unlink");
  request.idempotency = Idempotency::kNotIdempotent;  // the record may have a new account by then
  return Send(std::move(request), context);
}

OrgApi::Reply OrgApi::DeleteScimRecords(const std::string& account, const CallContext& context) {
  if (account.empty()) return NoId("an account");
  HttpRequest request = OrgRequest(
      "DELETE",
      ProvisioningUrl(absl::StrCat("/user/", EncodePathSegment(account), "/onlyDeleteUserInDB")),
      "/user-provisioning/v1/org/{org}/user/{id}/onlyDeleteUserInDB");
  request.idempotency = Idempotency::kNotIdempotent;  // the account may have a new record by then
  return Send(std::move(request), context);
}

OrgApi::Reply OrgApi::ListApiTokens(const std::string& account, const CallContext& context) {
  if (account.empty()) return NoId("an account");
  const std::string path = absl::StrCat("users/", EncodePathSegment(account), "/manage/api-tokens");
  return Send(OrgRequest("GET", JoinUrl(base_url_, path), "/users/{id}/manage/api-tokens"),
              context);
}

OrgApi::Reply OrgApi::Disable(const std::string& account, const CallContext& context) {
  if (account.empty()) return NoId("an account");
  HttpRequest request = OrgRequest(
      "POST",
      JoinUrl(base_url_,
              absl::StrCat("users/", EncodePathSegment(account), "/manage/lifecycle/disable")),
      "/users/{id}/manage/lifecycle/disable");
  json::Writer w;
  w.StartObject().Key("message").String(kDisableMessage).EndObject();
  SetBody(request, std::move(w).Take());
  request.idempotency = Idempotency::kIdempotent;
  return Send(std::move(request), context);
}

OrgApi::Reply OrgApi::Enable(const std::string& account, const CallContext& context) {
  if (account.empty()) return NoId("an account");
  HttpRequest request = OrgRequest(
      "POST",
      JoinUrl(base_url_,
              absl::StrCat("users/", EncodePathSegment(account), "/manage/lifecycle/enable")),
      "/users/{id}/manage/lifecycle/enable");
  request.idempotency = Idempotency::kIdempotent;
  return Send(std::move(request), context);
}

OrgApi::Reply OrgApi::Suspend(const std::string& directory, const std::string& account,
                              const CallContext& context) {
  return WriteStanding(directory, account, "suspend", context);
}

OrgApi::Reply OrgApi::Restore(const std::string& directory, const std::string& account,
                              const CallContext& context) {
  return WriteStanding(directory, account, "restore", context);
}

OrgApi::Reply OrgApi::WriteStanding(const std::string& directory, const std::string& account,
                                    absl::string_view verb, const CallContext& context) {
  if (directory.empty() || directory == kAllDirectories) return NoId("one directory");
  if (account.empty()) return NoId("an account");
  HttpRequest request = OrgRequest(
      "POST",
      absl::StrCat(DirectoryPath(directory), "/users/", EncodePathSegment(account), "/", verb),
      absl::StrCat("/directories/{dir}/users/{id}/", verb));
  request.idempotency = Idempotency::kIdempotent;
  return Send(std::move(request), context);
}

OrgApi::Reply OrgApi::AddMember(const std::string& directory, const std::string& group,
                                const std::string& account, const CallContext& context) {
  if (directory.empty() || directory == kAllDirectories) return NoId("one directory");
  if (group.empty() || account.empty()) return NoId("a group and of an account");
  HttpRequest request = OrgRequest(
      "POST",
      absl::StrCat(DirectoryPath(directory), "/groups/", EncodePathSegment(group), "/memberships"),
      "/directories/{dir}/groups/{id}/memberships");
  json::Writer w;
  w.StartObject().Key("accountId").String(account).EndObject();
  SetBody(request, std::move(w).Take());
  request.idempotency = Idempotency::kIdempotent;  // the second time it answers 204 or 409
  return Send(std::move(request), context);
}

OrgApi::Reply OrgApi::RemoveMember(const std::string& directory, const std::string& group,
                                   const std::string& account, const CallContext& context) {
  if (directory.empty() || directory == kAllDirectories) return NoId("one directory");
  if (group.empty() || account.empty()) return NoId("a group and of an account");
  HttpRequest request =
      OrgRequest("DELETE",
                 absl::StrCat(DirectoryPath(directory), "/groups/", EncodePathSegment(group),
                              "/memberships/", EncodePathSegment(account)),
                 "/directories/{dir}/groups/{id}/memberships/{account}");
  request.idempotency = Idempotency::kIdempotent;  // the second time it answers 404
  return Send(std::move(request), context);
}

}  // namespace rollcall
