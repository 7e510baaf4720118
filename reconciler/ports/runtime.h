// Runtime: time, sleeping, randomness and workers, handed in so that a simulation can run the same
// code one step at a time under a seed. Implementations are thread-safe. Nothing in the project
// reads a clock, sleeps, draws a random number or starts a thread except through this.
#ifndef RECONCILER_PORTS_RUNTIME_H_
#define RECONCILER_PORTS_RUNTIME_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "reconciler/base/call_context.h"

namespace rollcall {

class Runtime {
 public:
  // A task that goes on beside whoever started it. Its end waits until the task has ended.
  class Background {
   public:
    virtual ~Background() = default;
  };

  virtual ~Runtime() = default;

  virtual absl::Time Now() = 0;

  // Sleeps until `when`. CANCELLED as soon as the context is stopped (noticed within 100 ms),
  // DEADLINE_EXCEEDED at once when `when` lies past the context's deadline.
  virtual absl::Status SleepUntil(absl::Time when, const CallContext& context) = 0;

  // 64 random bits; the source of all jitter and of plan and run ids.
  virtual uint64_t Random() = 0;

  // Runs every task on a worker of its own and returns when all have ended. May be nested.
  virtual void RunAll(std::vector<std::function<void()>> tasks) = 0;

  // Runs the task on a worker of its own and returns at once. A runtime that knows no workers side
  // by side has run it when it returns.
  virtual std::unique_ptr<Background> Start(std::function<void()> task) {
    task();
    return std::make_unique<Background>();
  }

  // For who waits long and must not cost anything: sleeps until `when`, until somebody else has
  // made `woken` true (it must not call the runtime), or until the clock was set back. Noticed at
  // once where whoever made it true calls Rouse, else within kIdleLook.
  static constexpr absl::Duration kIdleLook = absl::Seconds(1);
  virtual void IdleUntil(absl::Time when, const std::function<bool()>& woken) {
    absl::Time last = absl::InfinitePast();
    for (absl::Time now = Now(); last <= now && now < when && !woken(); now = Now()) {
      if (!SleepUntil(std::min(when, now + kIdleLook), {}).ok()) return;
      last = now;
    }
  }

  // Whoever idles looks at once. May be called by a signal handler. Here everybody looks often
  // enough anyway.
  virtual void Rouse() {}
};

}  // namespace rollcall

#endif  // RECONCILER_PORTS_RUNTIME_H_
