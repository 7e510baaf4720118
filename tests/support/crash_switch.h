// CrashSwitch: kills a fake process at its nth step. Every request and every commit of the fakes
// that share a switch is one step. A kill comes before the step has its effect, or after it and
// before the answer. From then on the fakes are black holes that answer CANCELLED, until the test
// makes a new switch: that is the next start. Thread-safe.
#ifndef TESTS_SUPPORT_CRASH_SWITCH_H_
#define TESTS_SUPPORT_CRASH_SWITCH_H_

#include <cstdint>

#include "reconciler/base/mutex.h"

namespace rollcall {

class CrashSwitch {
 public:
  enum class Side { kBeforeEffect, kAfterEffect };
  enum class Step { kAlive, kEffectThenDeath, kDead };

  CrashSwitch() = default;  // never
  CrashSwitch(int64_t at_step, Side side) : at_(at_step), side_(side) {}

  Step Take() {
    MutexLock lock(mutex_);
    ++steps_;
    if (at_ == 0 || steps_ < at_) return Step::kAlive;
    if (steps_ == at_ && side_ == Side::kAfterEffect) return Step::kEffectThenDeath;
    return Step::kDead;
  }

  int64_t steps() const {
    MutexLock lock(mutex_);
    return steps_;
  }
  bool crashed() const {
    MutexLock lock(mutex_);
    return at_ != 0 && steps_ >= at_;
  }

 private:
  const int64_t at_ = 0;
  const Side side_ = Side::kBeforeEffect;
  mutable Mutex mutex_;
  int64_t steps_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_CRASH_SWITCH_H_
