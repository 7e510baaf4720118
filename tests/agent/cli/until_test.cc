#include "agent/cli/until.h"

#include <gtest/gtest.h>

#include "agent/runs/refusal.h"

namespace rollcall {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1767225600);  // 2026-01-01T00:00:00Z

TEST(ParseUntilTest, TakesInstantsDatesAndDurations) {
  EXPECT_EQ(*ParseUntil("2026-01-01T12:00:00Z", kNow), kNow + absl::Hours(12));
  EXPECT_EQ(*ParseUntil("2026-01-01T12:00:00+01:00", kNow), kNow + absl::Hours(11));
  EXPECT_EQ(*ParseUntil("90m", kNow), kNow + absl::Minutes(90));
  EXPECT_EQ(*ParseUntil("7d", kNow), kNow + absl::Hours(7 * 24));
}

TEST(ParseUntilTest, ADateLastsUntilItsEnd) {
  EXPECT_EQ(*ParseUntil("2026-01-01", kNow), kNow + absl::Hours(24));
}

TEST(ParseUntilTest, WhatIsOverOrNoTimeIsAUsageError) {
  for (const char* text :
       {"2025-12-31", "2026-01-01T00:00:00Z", "0s", "-1h", "soon", "", "d", "inf", "7", "-3d"}) {
    const absl::StatusOr<absl::Time> time = ParseUntil(text, kNow);
    ASSERT_FALSE(time.ok()) << text;
    EXPECT_EQ(ExitCodeOf(time.status()), ExitCode::kUsage) << text;
  }
}

}  // namespace
}  // namespace rollcall
