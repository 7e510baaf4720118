// FakeRuntime: a Runtime of virtual time for tests. Sleeping moves the clock and returns at once;
// `RunAll` runs the tasks one after the other on the caller's thread; random numbers come from a
// seed. Thread-safe, so that it can also serve tests that bring threads of their own.
//
//   FakeRuntime runtime;
//   runtime.SleepUntil(runtime.Now() + absl::Hours(1), {});  // returns at once
//   EXPECT_EQ(runtime.slept(), absl::Hours(1));
#ifndef TESTS_SUPPORT_FAKE_RUNTIME_H_
#define TESTS_SUPPORT_FAKE_RUNTIME_H_

#include <functional>
#include <random>
#include <vector>

#include "reconciler/base/mutex.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class FakeRuntime final : public Runtime {
 public:
  // The clock starts at 2026-01-01T00:00:00Z.
  explicit FakeRuntime(uint64_t seed = 1);

  absl::Time Now() override;
  absl::Status SleepUntil(absl::Time when, const CallContext& context) override;
  uint64_t Random() override;
  void RunAll(std::vector<std::function<void()>> tasks) override;

  // Time passes without anybody sleeping (a request takes long, a day goes by).
  void Advance(absl::Duration duration);

  // Requests the stop when a sleep reaches `when`: the sleeper wakes then, with CANCELLED if its
  // context holds that flag. `flag` must outlive the runtime.
  void StopAt(absl::Time when, StopFlag* flag);

  // The sum of all sleeps, and how many there were (those that had nothing to wait for are not
  // counted).
  absl::Duration slept();
  int sleeps();

 private:
  Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_);
  absl::Duration slept_ ABSL_GUARDED_BY(mutex_);
  int sleeps_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time stop_at_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  StopFlag* stop_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_FAKE_RUNTIME_H_
