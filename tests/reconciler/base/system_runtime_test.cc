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

TEST(SystemRuntimeTest, WhoIsRousedLooksAtOnce) {
  SystemRuntime runtime;
  std::atomic<int> asked{0};
  std::atomic<int> answered{0};
  constexpr int kTurns = 20;
  // Each turn would take up to kIdleLook, and half of it on average, if nobody were roused.
  const absl::Time begin = runtime.Now();
  auto other = runtime.Start([&] {
    for (int turn = 1; turn <= kTurns; ++turn) {
      runtime.IdleUntil(absl::InfiniteFuture(), [&] { return asked >= turn; });
      answered = turn;
      runtime.Rouse();
    }
  });
  for (int turn = 1; turn <= kTurns; ++turn) {
    asked = turn;
    runtime.Rouse();
    runtime.IdleUntil(absl::InfiniteFuture(), [&] { return answered >= turn; });
  }
  other.reset();
  EXPECT_LT(runtime.Now() - begin, kTurns * Runtime::kIdleLook / 4);
}

TEST(SystemRuntimeTest, ARuntimeWithoutWorkersHasRunWhatIsStarted) {
  FakeRuntime runtime;
  bool ran = false;
  auto task = runtime.Start([&] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(SystemRuntimeTest, IdlingInVirtualTimeLooksOnceASecondAndStopsOnTime) {
  FakeRuntime runtime;
  const absl::Time begin = runtime.Now();
  int looks = 0;
  runtime.IdleUntil(begin + absl::Milliseconds(3600), [&] {
    ++looks;
    return false;
  });
  EXPECT_EQ(runtime.Now(), begin + absl::Milliseconds(3600));
  EXPECT_EQ(looks, 4);
  runtime.IdleUntil(absl::InfiniteFuture(), [&] { return ++looks == 7; });
  EXPECT_EQ(runtime.Now(), begin + absl::Milliseconds(3600 + 2 * 1000));
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
