#include "clients/http/retry_policy.h"

#include "clients/http/client.h"

namespace rollcall {
namespace {

bool IsPassingFailure(int status) {
  return status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace

Verdict Judge(const absl::StatusOr<HttpResponse>& result, Idempotency idempotency) {
  const bool may_repeat = idempotency != Idempotency::kNotIdempotent;
  if (result.ok()) {
    if (result->status == 429) return Verdict::kThrottled;
    return IsPassingFailure(result->status) && may_repeat ? Verdict::kFailed : Verdict::kFinal;
  }
  switch (result.status().code()) {
    case absl::StatusCode::kUnavailable:
      return Verdict::kFailed;
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDeadlineExceeded:
      return may_repeat ? Verdict::kFailed : Verdict::kFinal;
    default:
      return Verdict::kFinal;
  }
}

bool MayHaveHadEffect(const absl::StatusOr<HttpResponse>& result) {
  return result.ok() ? result->status >= 500 : EffectUnknown(result.status());
}

}  // namespace rollcall
