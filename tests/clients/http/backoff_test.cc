#include "clients/http/backoff.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/support/fake_runtime.h"

namespace rollcall {
namespace {

TEST(Backoff, DoublesUpToTheLimit) {
  FakeRuntime runtime;
  for (Jitter jitter : {Jitter::kFull, Jitter::kEqual}) {
    Backoff backoff({absl::Seconds(1), absl::Seconds(5), jitter}, runtime);
    for (int whole : {1, 2, 4, 5, 5}) {
      const absl::Duration wait = backoff.Next();
      EXPECT_LT(wait, absl::Seconds(whole));
      EXPECT_GE(wait, jitter == Jitter::kFull ? absl::ZeroDuration() : absl::Seconds(whole) / 2);
    }
  }
}

TEST(Backoff, FullJitterReachesLowAndHigh) {
  FakeRuntime runtime;
  int low = 0;
  int high = 0;
  for (int i = 0; i < 200; ++i) {
    Backoff backoff({absl::Seconds(1), absl::Seconds(1), Jitter::kFull}, runtime);
    const absl::Duration wait = backoff.Next();
    low += wait < absl::Milliseconds(250);
    high += wait > absl::Milliseconds(750);
  }
  EXPECT_GT(low, 20);
  EXPECT_GT(high, 20);
}

TEST(Backoff, WorkersDoNotComeBackTogether) {
  FakeRuntime runtime;
  std::set<absl::Duration> waits;
  for (int worker = 0; worker < 50; ++worker) {
    waits.insert(Backoff(BackoffOptions(), runtime).Next());
  }
  EXPECT_EQ(waits.size(), 50);
}

TEST(Backoff, FollowsTheSeed) {
  FakeRuntime one(7);
  FakeRuntime two(7);
  EXPECT_EQ(Backoff(BackoffOptions(), one).Next(), Backoff(BackoffOptions(), two).Next());
}

}  // namespace
}  // namespace rollcall
