// CrowdApi: one function a call of Crowd's user management service; requests are built here and
// nowhere else. What an answer means is judged by the callers, who know. Names go into the query,
// percent-encoded. Every request is counted. Thread-safe.
//
// Errors are those of HttpClient, with the name of the call before the message; an answer of any
// status is a value. An empty name is INVALID_ARGUMENT and sends nothing: Crowd would take it for a
// missing parameter.
#ifndef CLIENTS_CROWD_CROWD_API_H_
#define CLIENTS_CROWD_CROWD_API_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/crowd/session_client.h"
#include "clients/http/client.h"
#include "clients/http/server_answer.h"

namespace rollcall {

enum class CrowdEntity : uint8_t { kUser, kGroup };
inline const char* EntityName(CrowdEntity entity) {
  return entity == CrowdEntity::kUser ? "user" : "group";
}

// Every answer of a Crowd carries it: "Crowd/5.1.0".
inline constexpr char kCrowdVersionHeader[] = "X-Embedded-Crowd-Version";

struct CrowdSearch {
  static constexpr int64_t kAll = -1;

  CrowdEntity entity = CrowdEntity::kUser;
  int64_t start_index = 0;  // 0-based
  int64_t max_results = kAll;
  bool expand = false;  // all fields, not just names
};

class CrowdApi {
 public:
  using Reply = absl::StatusOr<HttpResponse>;

  // `client` must outlive this object. `base_url` is Crowd's, with its context path.
  CrowdApi(std::string base_url, HttpClient& client);

  Reply GetCookieConfig(const CallContext& context);
  // With the custom attributes.
  Reply GetUserByName(const std::string& name, const CallContext& context);
  Reply GetUserByKey(const std::string& key, const CallContext& context);
  Reply PutUser(const std::string& name, std::string body, const CallContext& context);
  Reply GetGroup(const std::string& name, const CallContext& context);
  Reply Search(const CrowdSearch& search, const CallContext& context);
  // Direct members of all groups, as XML.
  Reply GetMemberships(const CallContext& context);
  // All direct members of one group from that row on, with all their fields.
  Reply GetMembers(const std::string& group, int64_t start_index, const CallContext& context);
  // Is the user a direct member? The user, or 404 MEMBERSHIP_NOT_FOUND.
  Reply GetMember(const std::string& group, const std::string& user, const CallContext& context);
  // The names of at most `max_results` groups that are direct members of the group.
  Reply GetChildGroups(const std::string& group, int64_t max_results, const CallContext& context);
  Reply AddMember(const std::string& group, const std::string& user, const CallContext& context);
  Reply RemoveMember(const std::string& group, const std::string& user, const CallContext& context);
  // The event feed: a token for now, and what has happened since one.
  Reply GetEventToken(const CallContext& context);
  Reply GetEvents(const std::string& token, const CallContext& context);

  // Retries included; a request that failed without an answer counts as often as it was sent.
  int64_t requests_sent() const { return sent_.load(std::memory_order_relaxed); }
  const std::string& base_url() const { return base_url_; }

 private:
  Reply Send(HttpRequest request, const CallContext& context);

  const std::string base_url_;
  SessionClient client_;
  std::atomic<int64_t> sent_{0};
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_API_H_
