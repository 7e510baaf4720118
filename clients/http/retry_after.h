// How long an answer asks us to wait: `Retry-After` (seconds or HTTP-date), else the reset headers
// (`X-RateLimit-Reset`, `RateLimit-Reset`: ISO 8601, epoch seconds or milliseconds, or seconds from
// now). Header names in any case. Pure function, any thread.
//
// Dates are read against the answer's own `Date` header where it has one, so that a wrong clock on
// either side does not matter.
//
// Limits: never more than kMaxRetryAfter, however large the number; what cannot be understood
// (negative, rubbish, longer than 64 characters) counts as absent; an instant that has passed is 0.
#ifndef CLIENTS_HTTP_RETRY_AFTER_H_
#define CLIENTS_HTTP_RETRY_AFTER_H_

#include <optional>

#include "absl/time/time.h"
#include "clients/http/message.h"

namespace rollcall {

// Jira's quotas are hourly: no honest server asks for more, and a hostile one must not park a run.
inline constexpr absl::Duration kMaxRetryAfter = absl::Hours(1);

// Between 0 and kMaxRetryAfter; nothing when no header says anything that can be understood.
std::optional<absl::Duration> ParseRetryAfter(const Headers& headers, absl::Time now);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_RETRY_AFTER_H_
