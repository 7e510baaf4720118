// JiraApi: one function a call of Jira Cloud's platform REST API, version 3; requests are built
// here and nowhere else. What an answer means is judged by the callers, who know. Every request is
// counted. Thread-safe.
//
// Errors are those of HttpClient, with the name of the call before the message; an answer of any
// status is a value. An empty id is INVALID_ARGUMENT and sends nothing: without it the call means
// something else.
#ifndef CLIENTS_JIRA_JIRA_API_H_
#define CLIENTS_JIRA_JIRA_API_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/http/client.h"

namespace rollcall {

class JiraApi {
 public:
  using Reply = absl::StatusOr<HttpResponse>;

  // `client` must outlive this object. `site_url` is above /rest: https://acme.atlassian.net, or
  // https://api.atlassian.com/ex/jira/{cloudId} for a token with scopes.
  JiraApi(std::string site_url, HttpClient& client);

  // The account that the token belongs to.
  Reply GetMyself(const CallContext& context);
  // May it administer the site, and see users and groups?
  Reply GetMyPermissions(const CallContext& context);
  // By version 2, which Jira Data Center answers too.
  Reply GetServerInfo(const CallContext& context);

  // All users, inactive and removed ones included. `start` counts from 0.
  Reply ListUsers(int64_t start, int64_t count, const CallContext& context);
  Reply ListGroups(int64_t start, int64_t count, const CallContext& context);
  // The members of a group, inactive ones included.
  Reply ListMembers(const std::string& group, int64_t start, int64_t count,
                    const CallContext& context);
  // The group of this very name, if there is one.
  Reply FindGroup(const std::string& name, const CallContext& context);
  Reply GetUser(const std::string& account, const CallContext& context);
  // The groups that an account is in.
  Reply ListGroupsOf(const std::string& account, const CallContext& context);

  Reply AddMember(const std::string& group, const std::string& account, const CallContext& context);
  Reply RemoveMember(const std::string& group, const std::string& account,
                     const CallContext& context);
  // Gives the Atlassian account of this address access to the site.
  Reply CreateUser(const std::string& email, const std::vector<std::string>& products,
                   const CallContext& context);
  // Takes the account off the site; the account itself stays.
  Reply DeleteUser(const std::string& account, const CallContext& context);

  // Retries included; a request that failed without an answer counts as often as it was sent.
  int64_t requests_sent() const { return sent_.load(std::memory_order_relaxed); }

 private:
  Reply Send(HttpRequest request, const CallContext& context);
  std::string Url(absl::string_view path) const;

  const std::string site_url_;
  HttpClient& client_;
  std::atomic<int64_t> sent_{0};
};

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_API_H_
