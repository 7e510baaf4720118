// HttpClient: the port through which every byte to a directory goes, and the interface that the
// decorators (auth, retry, rate limit, observe) and the transports (libcurl, in-process twin)
// share. Thread-safe: workers share one client. Blocking.
//
// Errors, when there is no complete answer:
//   UNAVAILABLE         the request never reached the server (name, connection refused): no effect
//   UNKNOWN             it may have reached the server (reset, cut answer): the effect is unknown
//   DEADLINE_EXCEEDED   timed out; the effect is unknown unless the message says "connecting"
//   CANCELLED           the context was stopped before the request was sent: no effect
//   DATA_LOSS           an answer came but breaks a limit or its encoding (too large, bad gzip)
//   FAILED_PRECONDITION TLS verification failed, or the configuration forbids the request: no
//   effect
#ifndef CLIENTS_HTTP_CLIENT_H_
#define CLIENTS_HTTP_CLIENT_H_

#include "absl/status/statusor.h"
#include "clients/http/message.h"
#include "reconciler/base/call_context.h"

namespace rollcall {

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                            const CallContext& context) = 0;
};

// True for the errors above that leave the effect of a write unknown.
inline bool EffectUnknown(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnknown ||
         status.code() == absl::StatusCode::kDeadlineExceeded ||
         status.code() == absl::StatusCode::kDataLoss;
}

}  // namespace rollcall

#endif  // CLIENTS_HTTP_CLIENT_H_
