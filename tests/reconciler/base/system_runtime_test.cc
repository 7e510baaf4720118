#include "reconciler/base/system_runtime.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "tests/support/fake_runtime.h"

namespace rollcall {
namespace {

TEST(SystemRuntimeTest, WhatIsStartedGoesOnBesideItsStarterAndIsWaitedFor) {
  SystemRuntime runtime;
  std::promise<void> go;
  bool ended = false;
  auto task = runtime.Start([&] {
    go.get_future().wait();  // never, if the task were run by its starter
    ended = true;
  });
  go.set_value();
  task.reset();
  EXPECT_TRUE(ended);
}

TEST(SystemRuntimeTest, IdlingEndsAtOnceWhenWokenOrWhenTheTimeHasPassed) {
  SystemRuntime runtime;
  runtime.IdleUntil(absl::InfiniteFuture(), [] { return true; });
  runtime.IdleUntil(runtime.Now(), [] { return false; });
}

TEST(SystemRuntimeTest, IdlingIsWokenByAnother) {
  SystemRuntime runtime;
  std::atomic<bool> woken{false};
  auto other = runtime.Start([&] { woken = true; });
  runtime.IdleUntil(absl::InfiniteFuture(), [&] { return woken.load(); });
  EXPECT_TRUE(woken);
}

TEST(SystemRuntimeTest, ARuntimeWithoutWorkersHasRunWhatIsStarted) {
  FakeRuntime runtime;
  bool ran = false;
  auto task = runtime.Start([&] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(SystemRuntimeTest, IdlingInVirtualTimeLooksFourTimesASecondAndStopsOnTime) {
  FakeRuntime runtime;
  const absl::Time begin = runtime.Now();
  int looks = 0;
  runtime.IdleUntil(begin + absl::Milliseconds(900), [&] {
    ++looks;
    return false;
  });
  EXPECT_EQ(runtime.Now(), begin + absl::Milliseconds(900));
  EXPECT_EQ(looks, 4);
  runtime.IdleUntil(absl::InfiniteFuture(), [&] { return ++looks == 7; });
  EXPECT_EQ(runtime.Now(), begin + absl::Milliseconds(900 + 2 * 250));
}

// Whoever sleeps finds the clock an hour behind.
class ClockSetBack final : public Runtime {
 public:
  absl::Time Now() override { return now_; }
  absl::Status SleepUntil(absl::Time, const CallContext&) override {
    now_ -= absl::Hours(1);
    ++sleeps;
    return absl::OkStatus();
  }
  uint64_t Random() override { return 0; }
  void RunAll(std::vector<std::function<void()>>) override {}

  int sleeps = 0;

 private:
  absl::Time now_ = absl::UnixEpoch() + absl::Hours(24);
};

TEST(SystemRuntimeTest, IdlingEndsWhenTheClockIsSetBack) {
  ClockSetBack runtime;
  runtime.IdleUntil(runtime.Now() + absl::Hours(1), [] { return false; });
  EXPECT_EQ(runtime.sleeps, 1);
}

}  // namespace
}  // namespace rollcall
