// The ways in which servers say when to come back after a 429.
#ifndef TESTS_TWINS_RETRY_HEADERS_H_
#define TESTS_TWINS_RETRY_HEADERS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/twins/message.h"

namespace rollcall::twins {

enum class RetryStyle {
  kNone,          // nothing is said
  kSeconds,       // Retry-After: 2
  kDate,          // Retry-After: Fri, 31 Dec 1999 23:59:59 GMT
  kResetIso,      // X-RateLimit-Reset: 1999-12-31T23:59:59Z
  kResetEpoch,    // X-RateLimit-Reset: 946684799
  kResetSeconds,  // X-RateLimit-Reset: 2
};

// By its name on the command line: none, seconds, date, reset-iso, reset-epoch, reset-seconds.
std::optional<RetryStyle> FindRetryStyle(absl::string_view name);
std::vector<std::string> RetryStyleNames();

// The headers that say "come back after `wait`"; whole seconds, rounded up.
TwinHeaders RetryHeaders(RetryStyle style, absl::Duration wait, absl::Time now);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_RETRY_HEADERS_H_
