// The arithmetic of limits (guard.h).
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "reconciler/plan/guards/guard.h"

namespace rollcall {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(Limit, CountPassesAtTheLimitAndBlocksOnePastIt) {
  Limit limit{.floor = 10, .percent = std::nullopt, .count = 500};
  EXPECT_FALSE(Exceeds(limit, 500, 1000000));
  EXPECT_TRUE(Exceeds(limit, 501, 1000000));
  EXPECT_EQ(LargestAllowed(limit, 1000000), 500);
}

TEST(Limit, PercentPassesAtTheLimitAndBlocksOnePastIt) {
  Limit limit{.floor = 10, .percent = 5, .count = 500};
  EXPECT_FALSE(Exceeds(limit, 50, 1000));
  EXPECT_TRUE(Exceeds(limit, 51, 1000));
  EXPECT_EQ(LargestAllowed(limit, 1000), 50);
}

TEST(Limit, PercentIsExactWhereItIsNoWholeNumber) {
  Limit limit{.floor = 0, .percent = 5, .count = std::nullopt};
  // 5 % of 1019 is 50.95: 50 passes, 51 does not.
  EXPECT_FALSE(Exceeds(limit, 50, 1019));
  EXPECT_TRUE(Exceeds(limit, 51, 1019));
  EXPECT_EQ(LargestAllowed(limit, 1019), 50);
}

TEST(Limit, UpToTheFloorThePercentageDoesNotMatter) {
  Limit limit{.floor = 10, .percent = 5, .count = 500};
  EXPECT_FALSE(Exceeds(limit, 10, 20));
  EXPECT_TRUE(Exceeds(limit, 11, 20));
  EXPECT_EQ(LargestAllowed(limit, 20), 10);
}

TEST(Limit, TheCountHoldsBelowTheFloor) {
  Limit limit{.floor = 10, .percent = 5, .count = 3};
  EXPECT_FALSE(Exceeds(limit, 3, 20));
  EXPECT_TRUE(Exceeds(limit, 4, 20));
  EXPECT_EQ(LargestAllowed(limit, 20), 3);
}

TEST(Limit, WithBaseZeroOnlyTheCountApplies) {
  Limit limit{.floor = 10, .percent = 5, .count = 500};
  EXPECT_FALSE(Exceeds(limit, 500, 0));
  EXPECT_TRUE(Exceeds(limit, 501, 0));
  EXPECT_EQ(LargestAllowed(limit, 0), 500);
}

TEST(Limit, WithoutPercentAndCountNothingExceeds) {
  Limit limit{.floor = 10, .percent = std::nullopt, .count = std::nullopt};
  EXPECT_FALSE(Exceeds(limit, kMax, 1));
  EXPECT_EQ(LargestAllowed(limit, 1), kMax);
}

TEST(Limit, TheLargestNumbersDoNotOverflow) {
  Limit limit{.floor = 0, .percent = 50, .count = std::nullopt};
  EXPECT_TRUE(Exceeds(limit, kMax, kMax));
  EXPECT_FALSE(Exceeds(limit, kMax / 2, kMax));
  EXPECT_EQ(LargestAllowed(limit, kMax), kMax / 2);
  Limit huge{.floor = 0, .percent = kMax, .count = std::nullopt};
  EXPECT_FALSE(Exceeds(huge, kMax, kMax));
  EXPECT_EQ(LargestAllowed(huge, kMax), kMax);
}

TEST(Limit, LargestAllowedIsTheBorderOfExceeds) {
  for (int64_t percent : {0, 1, 5, 33, 50, 100, 150}) {
    for (int64_t base : {1, 3, 7, 99, 100, 101, 1000}) {
      for (int64_t floor : {0, 5, 10}) {
        Limit limit{.floor = floor, .percent = percent, .count = 60};
        int64_t allowed = LargestAllowed(limit, base);
        EXPECT_FALSE(Exceeds(limit, allowed, base)) << percent << " % of " << base;
        EXPECT_TRUE(Exceeds(limit, allowed + 1, base)) << percent << " % of " << base;
      }
    }
  }
}

TEST(Guards, EveryGuardOfTheTableCanBeWaivedAndNothingElse) {
  std::vector<std::string> names = {"empty_export",       "shrunken_export", "stale_export",
                                    "duplicate_people",   "first_run",       "max_deactivations",
                                    "max_activations",    "max_removals",    "max_additions",
                                    "max_group_removals", "emptied_group",   "min_admins",
                                    "privileged"};
  EXPECT_EQ(WaivableGuards(), names);
  for (const std::string& name : names) {
    EXPECT_EQ(IsExportGuard(name),
              name.find("export") != std::string::npos || name == "duplicate_people")
        << name;
  }
  EXPECT_FALSE(IsExportGuard("protected"));
}

}  // namespace
}  // namespace rollcall
