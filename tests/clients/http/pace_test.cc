#include "clients/http/pace.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "clients/http/rate_limit.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/scripted_transport.h"

namespace rollcall {
namespace {

class KeptProgress final : public Progress {
 public:
  void Advance(absl::string_view, Stage, int64_t, int64_t) override {}
  void Throttled(absl::string_view directory, absl::Time until, int http_status) override {
    throttled.emplace_back(std::string(directory), until);
    statuses.push_back(http_status);
  }
  std::vector<std::pair<std::string, absl::Time>> throttled;
  std::vector<int> statuses;
};

class PaceTest : public testing::Test {
 protected:
  Pace Make(double rate, int burst) {
    return Pace({"cloud", rate, burst}, runtime_, progress_, counters_);
  }

  FakeRuntime runtime_;
  KeptProgress progress_;
  RequestCounters counters_;
  const absl::Time start_ = runtime_.Now();
};

TEST_F(PaceTest, SpacesRequestsEvenly) {
  Pace pace = Make(20, 1);
  for (int i = 0; i < 21; ++i) ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Seconds(1));
}

TEST_F(PaceTest, LetsABurstThroughAtOnceAndNoMore) {
  Pace pace = Make(10, 5);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now(), start_);
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Milliseconds(100));
}

TEST_F(PaceTest, FillsTheBucketWhileNothingIsSent) {
  Pace pace = Make(10, 5);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pace.AwaitTurn({}).ok());
  runtime_.Advance(absl::Hours(1));
  const absl::Time later = runtime_.Now();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now(), later);
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_GT(runtime_.Now(), later);
}

TEST_F(PaceTest, AHoldHoldsEverybodyAndIsReportedOnce) {
  Pace pace = Make(100, 1);
  pace.HoldUntil(start_ + absl::Seconds(3), 429);
  pace.HoldUntil(start_ + absl::Seconds(2), 429);  // does not shorten it
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Seconds(3));
  ASSERT_EQ(progress_.throttled.size(), 1);
  EXPECT_EQ(progress_.throttled[0],
            std::make_pair(std::string("cloud"), start_ + absl::Seconds(3)));
  EXPECT_EQ(counters_.throttled(), absl::Seconds(3));
}

TEST_F(PaceTest, OverlappingHoldsAreNotCountedTwice) {
  Pace pace = Make(100, 1);
  pace.HoldUntil(start_ + absl::Seconds(3), 429);
  pace.HoldUntil(start_ + absl::Seconds(4), 429);
  EXPECT_EQ(counters_.throttled(), absl::Seconds(4));
  EXPECT_EQ(counters_.waits(), 1);
  runtime_.Advance(absl::Seconds(4));
  pace.HoldUntil(start_ + absl::Seconds(5), 429);
  EXPECT_EQ(counters_.waits(), 2);
}

TEST_F(PaceTest, AWaitIsCountedByTheStatusThatBeganIt) {
  Pace pace = Make(100, 1);
  pace.HoldUntil(start_ + absl::Seconds(3), 503);
  pace.HoldUntil(start_ + absl::Seconds(4), 429);  // it grows
  EXPECT_EQ(counters_.waits(), 1);
  EXPECT_EQ(counters_.busy_waits(), 1);
  runtime_.Advance(absl::Seconds(4));
  pace.HoldUntil(start_ + absl::Seconds(5), 429);
  EXPECT_EQ(counters_.waits(), 2);
  EXPECT_EQ(counters_.busy_waits(), 1);
  EXPECT_EQ(progress_.statuses, (std::vector<int>{503, 429, 429}));
}

// A runtime in which another worker is told to wait while this one sleeps.
class HoldingRuntime final : public Runtime {
 public:
  explicit HoldingRuntime(FakeRuntime& inner) : inner_(inner) {}
  absl::Time Now() override { return inner_.Now(); }
  absl::Status SleepUntil(absl::Time when, const CallContext& context) override {
    if (on_sleep) on_sleep();
    return inner_.SleepUntil(when, context);
  }
  uint64_t Random() override { return inner_.Random(); }
  void RunAll(std::vector<std::function<void()>>) override {}
  std::function<void()> on_sleep;

 private:
  FakeRuntime& inner_;
};

TEST_F(PaceTest, ASleepingWorkerIsHeldByAnothersWait) {
  HoldingRuntime runtime(runtime_);
  Pace pace({"cloud", 10, 1}, runtime, progress_, counters_);
  runtime.on_sleep = [&] { pace.HoldUntil(start_ + absl::Seconds(9), 429); };
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Seconds(9));
}

TEST_F(PaceTest, WhatWasDueWhileHeldIsMadeUpForUpToHalfASecond) {
  Pace pace = Make(20, 1);
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  pace.HoldUntil(start_ + absl::Seconds(1), 429);
  for (int i = 0; i < 11; ++i) {  // the ten of half a second, and the one that is due now
    ASSERT_TRUE(pace.AwaitTurn({}).ok());
    EXPECT_EQ(runtime_.Now() - start_, absl::Seconds(1)) << i;
  }
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Milliseconds(1050));
}

TEST_F(PaceTest, AShortHoldIsMadeUpForByNoMoreThanWasDue) {
  Pace pace = Make(20, 1);
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  pace.HoldUntil(start_ + absl::Milliseconds(100), 429);
  pace.HoldUntil(start_ + absl::Milliseconds(150), 429);
  for (int i = 0; i < 3; ++i) {  // those of 50, 100 and 150 ms
    ASSERT_TRUE(pace.AwaitTurn({}).ok());
    EXPECT_EQ(runtime_.Now() - start_, absl::Milliseconds(150)) << i;
  }
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Milliseconds(200));
}

TEST_F(PaceTest, NothingIsMadeUpForWhenTheServerIsInTrouble) {
  Pace pace = Make(20, 1);
  pace.HoldUntil(start_ + absl::Seconds(1), 503);
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Seconds(1));
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Milliseconds(1050));
}

TEST_F(PaceTest, ATurnThatAHoldTookAwayIsNotLost) {
  HoldingRuntime runtime(runtime_);
  Pace pace({"cloud", 1, 1}, runtime, progress_, counters_);
  ASSERT_TRUE(pace.AwaitTurn({}).ok());
  bool held = false;
  runtime.on_sleep = [&] {
    if (!held) pace.HoldUntil(start_ + absl::Milliseconds(1500), 503);
    held = true;
  };
  ASSERT_TRUE(pace.AwaitTurn({}).ok());  // was to go after a second, goes after one and a half
  EXPECT_EQ(runtime_.Now() - start_, absl::Milliseconds(1500));
}

TEST_F(PaceTest, GivesUpAfterTheLimitOfHolds) {
  HoldingRuntime runtime(runtime_);
  Pace pace({"cloud", 1000, 1}, runtime, progress_, counters_);
  int holds = 0;
  int most = Pace::kMaxHolds;
  runtime.on_sleep = [&] {
    if (holds++ < most) pace.HoldUntil(start_ + absl::Seconds(holds), 429);
  };
  EXPECT_TRUE(pace.AwaitTurn({}).ok());
  EXPECT_EQ(runtime_.Now() - start_, absl::Seconds(Pace::kMaxHolds));

  Pace fresh({"cloud", 1000, 1}, runtime, progress_, counters_);
  const absl::Time later = runtime_.Now();
  holds = 0;
  runtime.on_sleep = [&] { fresh.HoldUntil(later + absl::Seconds(++holds), 429); };
  EXPECT_EQ(fresh.AwaitTurn({}).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(holds, Pace::kMaxHolds + 1);
}

TEST_F(PaceTest, ATurnAfterTheDeadlineIsNotWaitedFor) {
  Pace pace = Make(20, 1);
  pace.HoldUntil(start_ + absl::Hours(1), 429);
  CallContext context;
  context.deadline = start_ + absl::Seconds(5);
  const absl::Status status = pace.AwaitTurn(context);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(std::string(status.message()).find("2026-01-01T01:00:00"), std::string::npos) << status;
  EXPECT_EQ(runtime_.Now(), start_);
}

TEST_F(PaceTest, AStopEndsTheWaitBeforeAnythingIsSent) {
  Pace pace = Make(20, 1);
  ScriptedTransport transport(runtime_, [](const HttpRequest&, int) { return Respond(200); });
  RateLimitClient client(transport, pace);
  pace.HoldUntil(start_ + absl::Hours(1), 429);
  StopFlag stop;
  runtime_.StopAt(start_ + absl::Seconds(2), &stop);
  CallContext context;
  context.stop = &stop;
  EXPECT_EQ(client.Send(HttpRequest(), context).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(runtime_.Now() - start_, absl::Seconds(2));
  EXPECT_EQ(transport.sends(), 0);
}

}  // namespace
}  // namespace rollcall
