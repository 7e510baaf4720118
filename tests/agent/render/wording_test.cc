#include "agent/render/wording.h"

#include <gtest/gtest.h>

namespace rollcall {
namespace {

TEST(GroupedTest, PutsACommaBetweenThousands) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Grouped(-100), "-100");
  EXPECT_EQ(Grouped(-1000), "-1,000");
}

TEST(CountTest, KnowsOneFromMany) {
  EXPECT_EQ(CountOf(1, "change"), "1 change");
  EXPECT_EQ(CountOf(0, "change"), "0 changes");
  EXPECT_EQ(CountOf(2000, "directory", "directories"), "2,000 directories");
}

TEST(AboutTest, RoundsUpToAUnitThatPeopleUse) {
  EXPECT_EQ(About(absl::Milliseconds(10)), "less than a second");
  EXPECT_EQ(About(absl::Milliseconds(1500)), "about 2 s");
  EXPECT_EQ(About(absl::Seconds(121)), "about 3 min");
  EXPECT_EQ(About(absl::Minutes(121)), "about 3 h");
}

TEST(EnumerateTest, ShowsTheLimitAndCountsTheRest) {
  EXPECT_EQ(Enumerate({}, 2), "");
  EXPECT_EQ(Enumerate({"a"}, 2), "a");
  EXPECT_EQ(Enumerate({"a", "b"}, 2), "a and b");
  EXPECT_EQ(Enumerate({"a", "b", "c"}, 2), "a, b and 1 more");
}

TEST(InWordsTest, NamesOnlyWhatIsThere) {
  Counts counts;
  EXPECT_EQ(InWords(counts), "");
  counts.deactivate = 1;
  counts.add_membership = 2000;
  EXPECT_EQ(InWords(counts), "1 deactivation, 2,000 additions to groups");
}

}  // namespace
}  // namespace rollcall
