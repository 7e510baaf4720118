// RetryClient: sends a request again where that is allowed (RetryPolicy says what and how often,
// Backoff how long to wait, the request's Idempotency what may be repeated). Thread-safe.
//
// * 429 is always waited for: as long as the answer's headers say, else with back-off. The wait is
//   put on the directory's Pace, so that it holds all workers.
// * On giving up, the last answer is returned as a value, and the last error as an error.
// * `attempts` of the answer counts all requests sent; of an error, AttemptsOf tells.
// * After a stop request nothing is repeated. What then has had no effect for certain is CANCELLED.
//
// Honest about effects: once an attempt of a write may have acted (time-out, reset, 5xx), a later
// refusal (429, 400, connection refused, stop) proves nothing about it. The result is then UNKNOWN;
// only answers that tell the state as it is (2xx, 404, 409, 410) or are unsure themselves (5xx) are
// passed on.
#ifndef CLIENTS_HTTP_RETRY_H_
#define CLIENTS_HTTP_RETRY_H_

#include "clients/http/backoff.h"
#include "clients/http/client.h"
#include "clients/http/pace.h"
#include "clients/http/retry_policy.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class RetryClient final : public HttpClient {
 public:
  // The references must outlive this object.
  RetryClient(HttpClient& next, const RetryPolicy& policy, const BackoffOptions& backoff,
              Runtime& runtime, Pace& pace);

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override;

 private:
  HttpClient& next_;
  const RetryPolicy policy_;
  const BackoffOptions backoff_;
  Runtime& runtime_;
  Pace& pace_;
};

// How many requests were sent before RetryClient gave up with this error. 0: none.
int AttemptsOf(const absl::Status& status);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_RETRY_H_
