// The time as a twin sees it, handed in: the loopback server gives absl::Now, a test its own.
#ifndef TESTS_TWINS_CLOCK_H_
#define TESTS_TWINS_CLOCK_H_

#include <functional>

#include "absl/time/time.h"

namespace rollcall::twins {

using TwinClock = std::function<absl::Time()>;

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CLOCK_H_
