// Runtime: time, sleeping, randomness and workers, handed in so that a simulation can run the same
// code one step at a time under a seed. Implementations are thread-safe. Nothing in the project
// reads a clock, sleeps, draws a random number or starts a thread except through this.
#ifndef RECONCILER_PORTS_RUNTIME_H_
#define RECONCILER_PORTS_RUNTIME_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "reconciler/base/call_context.h"

namespace rollcall {

class Runtime {
 public:
  virtual ~Runtime() = default;

  virtual absl::Time Now() = 0;

  // Sleeps until `when`. CANCELLED as soon as the context is stopped (noticed within 100 ms),
  // DEADLINE_EXCEEDED at once when `when` lies past the context's deadline.
  virtual absl::Status SleepUntil(absl::Time when, const CallContext& context) = 0;

  // 64 random bits; the source of all jitter and of plan and run ids.
  virtual uint64_t Random() = 0;

  // Runs every task on a worker of its own and returns when all have ended. May be nested.
  virtual void RunAll(std::vector<std::function<void()>> tasks) = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_PORTS_RUNTIME_H_
