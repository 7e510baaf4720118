// When a request may be sent again: the policy and the judgement, without any waiting. Pure
// functions, any thread. Retry = policy x backoff x idempotency; this is the first and the third.
#ifndef CLIENTS_HTTP_RETRY_POLICY_H_
#define CLIENTS_HTTP_RETRY_POLICY_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/http/message.h"

namespace rollcall {

struct RetryPolicy {
  // For failures: how often one request is tried in all, and for how long after the first try
  // (waits for 429 are not part of it).
  int max_attempts = 5;
  absl::Duration max_time = absl::Minutes(2);
  // For 429: how long one request waits in all. Above an hourly quota (Jira) and kMaxRetryAfter.
  absl::Duration max_throttled = absl::Hours(2);
  int max_throttles = 1000;
};

enum class Verdict {
  kFinal,      // an answer to be judged by the endpoint, or an error that no repetition cures
  kThrottled,  // 429: refused before anything was done
  kFailed,     // it may work next time, and repeating it is allowed
};

// What a result means for the next attempt:
//
//   result                          kSafe, kIdempotent   kNotIdempotent
//   429                             kThrottled           kThrottled
//   500, 502, 503, 504              kFailed              kFinal
//   UNAVAILABLE (never reached)     kFailed              kFailed
//   UNKNOWN, DEADLINE_EXCEEDED      kFailed              kFinal
//   anything else (401, 403 too)    kFinal               kFinal
Verdict Judge(const absl::StatusOr<HttpResponse>& result, Idempotency idempotency);

// May the server have acted on the request, as far as this one result tells? True for the errors
// that say so, and for 5xx.
bool MayHaveHadEffect(const absl::StatusOr<HttpResponse>& result);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_RETRY_POLICY_H_
