// ScimApi: one function a call of a SCIM 2.0 server; requests are built here and nowhere else. What
// an answer means is judged by the callers, who know. Every request is counted. Thread-safe.
//
// Errors are those of HttpClient, with the name of the call before the message; an answer of any
// status is a value. An empty id is INVALID_ARGUMENT and sends nothing: "/Users/" is another
// resource.
#ifndef CLIENTS_SCIM_SCIM_API_H_
#define CLIENTS_SCIM_SCIM_API_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/http/client.h"
#include "clients/http/server_answer.h"

namespace rollcall {

enum class ScimResource : uint8_t { kUsers, kGroups };
inline const char* ResourcePath(ScimResource resource) {
  return resource == ScimResource::kUsers ? "Users" : "Groups";
}

struct ScimListRequest {
  ScimResource resource = ScimResource::kUsers;
  int64_t start_index = 1;  // 1-based
  int64_t count = 100;
  bool sort_by_id = false;
};

class ScimApi {
 public:
  // `client` must outlive this object. `base_url` is the SCIM base, without /Users.
  ScimApi(std::string base_url, HttpClient& client);

  using Reply = absl::StatusOr<HttpResponse>;
  Reply GetServiceProviderConfig(const CallContext& context);
  Reply List(const ScimListRequest& request, const CallContext& context);
  Reply Get(ScimResource resource, const std::string& id, const CallContext& context);
  // `if_match`: the ETag to send, or "" for none.
  Reply Patch(ScimResource resource, const std::string& id, std::string body,
              Idempotency idempotency, const std::string& if_match, const CallContext& context);
  Reply PutGroup(const std::string& id, std::string body, const std::string& if_match,
                 const CallContext& context);

  // Retries included; a request that failed without an answer counts as often as it was sent.
  int64_t requests_sent() const { return sent_.load(std::memory_order_relaxed); }
  const std::string& base_url() const { return base_url_; }

 private:
  Reply Send(HttpRequest request, const CallContext& context);

  const std::string base_url_;
  HttpClient& client_;
  std::atomic<int64_t> sent_{0};
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SCIM_API_H_
