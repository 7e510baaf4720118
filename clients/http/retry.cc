#include "clients/http/retry.h"

#include <optional>
#include <utility>

#include "clients/http/attempt_log.h"
#include "clients/http/retry_after.h"

namespace rollcall {
namespace {

// Counts one request's tries and waits against the policy.
class Allowance {
 public:
  Allowance(const RetryPolicy& policy, absl::Time start) : policy_(policy), start_(start) {}

  // May it be sent once more at `when`? If so, that is booked.
  bool Take(Verdict verdict, absl::Time now, absl::Time when) {
    if (verdict == Verdict::kThrottled) {
      if (throttles_ >= policy_.max_throttles) return false;
      if (throttled_ + (when - now) > policy_.max_throttled) return false;
      ++throttles_;
      throttled_ += when - now;
      return true;
    }
    if (failures_ + 1 >= policy_.max_attempts) return false;
    if (when - start_ - throttled_ > policy_.max_time) return false;
    ++failures_;
    return true;
  }

 private:
  const RetryPolicy& policy_;
  const absl::Time start_;
  int failures_ = 0;
  int throttles_ = 0;
  absl::Duration throttled_;
};

// How long the answer asks to wait, if it does and means more than "at once": that would be a hot
// loop, since it has just refused.
std::optional<absl::Duration> AskedFor(const absl::StatusOr<HttpResponse>& result, absl::Time now) {
  if (!result.ok() || (result->status != 429 && result->status != 503)) return std::nullopt;
  const std::optional<absl::Duration> wait = ParseRetryAfter(result->headers, now);
  if (!wait || *wait <= absl::ZeroDuration()) return std::nullopt;
  return wait;
}

}  // namespace

RetryClient::RetryClient(HttpClient& next, const RetryPolicy& policy, const BackoffOptions& backoff,
                         Runtime& runtime, Pace& pace)
    : next_(next), policy_(policy), backoff_(backoff), runtime_(runtime), pace_(pace) {}

absl::StatusOr<HttpResponse> RetryClient::Send(const HttpRequest& request,
                                               const CallContext& context) {
  AttemptLog log(request);
  Backoff backoff(backoff_, runtime_);
  Allowance allowance(policy_, runtime_.Now());
  while (true) {  // ends with the allowance
    absl::StatusOr<HttpResponse> result = next_.Send(request, context);
    log.Add(result);
    const Verdict verdict = Judge(result, request.idempotency);
    const absl::Time now = runtime_.Now();
    const std::optional<absl::Duration> asked = AskedFor(result, now);
    const bool repeats = verdict != Verdict::kFinal;
    const absl::Time when = now + (asked     ? *asked
                                   : repeats ? backoff.Next()
                                             : absl::ZeroDuration());
    // The others hear of it even if this request gives up.
    if (asked || verdict == Verdict::kThrottled) pace_.HoldUntil(when, result->status);
    if (!repeats) return log.Conclude(std::move(result));
    if (context.stopped()) return log.ConcludeStopped(std::move(result));
    if (!allowance.Take(verdict, now, when)) return log.Conclude(std::move(result));
    const absl::Status slept = runtime_.SleepUntil(when, context);
    if (absl::IsCancelled(slept)) return log.ConcludeStopped(std::move(result));
    if (!slept.ok()) return log.Conclude(std::move(result));
  }
}

}  // namespace rollcall
