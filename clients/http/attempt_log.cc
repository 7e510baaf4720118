#include "clients/http/attempt_log.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/http/client.h"
#include "clients/http/endpoint_label.h"
#include "clients/http/retry.h"
#include "clients/http/retry_policy.h"

namespace rollcall {
namespace {

constexpr char kAttemptsPayload[] = "rollcall/attempts";

// Does this answer tell the state of the object whatever came before, or admit not to know it?
bool SpeaksForItself(const absl::StatusOr<HttpResponse>& result) {
  if (!result.ok()) return EffectUnknown(result.status());
  const int status = result->status;
  return (status >= 200 && status < 300) || status == 404 || status == 409 || status == 410 ||
         status >= 500;
}

std::string Describe(const absl::StatusOr<HttpResponse>& result) {
  return result.ok() ? absl::StrCat("HTTP ", result->status)
                     : std::string(result.status().message());
}

}  // namespace

void AttemptLog::Add(const absl::StatusOr<HttpResponse>& result) {
  may_have_acted_earlier_ = may_have_acted_;
  if (request_.idempotency != Idempotency::kSafe && MayHaveHadEffect(result)) {
    may_have_acted_ = true;
  }
  if (result.ok()) {
    sent_ += result->attempts;
  } else if (EffectUnknown(result.status())) {
    ++sent_;
  }
}

absl::StatusOr<HttpResponse> AttemptLog::Conclude(absl::StatusOr<HttpResponse> last) const {
  if (may_have_acted_earlier_ && !SpeaksForItself(last)) {
    return WithAttempts(absl::UnknownError(absl::StrCat(
        EndpointLabel(request_),
        ": an earlier attempt may have had its effect; the last one: ", Describe(last))));
  }
  if (!last.ok()) return WithAttempts(last.status());
  last->attempts = sent_;
  last->after_doubt = may_have_acted_earlier_;
  return last;
}

absl::StatusOr<HttpResponse> AttemptLog::ConcludeStopped(absl::StatusOr<HttpResponse> last) const {
  const bool refused = last.ok() ? last->status == 429 : absl::IsUnavailable(last.status());
  if (!refused || may_have_acted_) return Conclude(std::move(last));
  return WithAttempts(absl::CancelledError(absl::StrCat(
      EndpointLabel(request_), ": stopped before it was done (", Describe(last), ")")));
}

absl::Status AttemptLog::WithAttempts(absl::Status status) const {
  status.SetPayload(kAttemptsPayload, absl::Cord(absl::StrCat(sent_)));
  return status;
}

int AttemptsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kAttemptsPayload);
  int attempts = 0;
  return payload && absl::SimpleAtoi(std::string(*payload), &attempts) ? attempts : 0;
}

}  // namespace rollcall
