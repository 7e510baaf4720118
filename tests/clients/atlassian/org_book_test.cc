#include "clients/atlassian/org_book.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/memory_traits.h"

namespace rollcall {
namespace {

OrgDirectories TwoOfThem() {
  OrgDirectories directories;
  directories.ids = {"d1", "d2"};
  return directories;
}

TEST(OrgBook, DirectoriesAreRememberedBetweenProcessesForTheirScope) {
  MemoryTraits traits;
  OrgBook("cloud", "-", &traits).LearnDirectories(TwoOfThem());
  OrgBook later("cloud", "-", &traits);
  ASSERT_TRUE(later.Directories().has_value());
  EXPECT_EQ(later.Directories()->ids, TwoOfThem().ids);
  EXPECT_FALSE(later.Directories()->only);
  EXPECT_FALSE(OrgBook("cloud", "d1", &traits).Directories().has_value());
  EXPECT_FALSE(OrgBook("other", "-", &traits).Directories().has_value());
  EXPECT_FALSE(OrgBook("cloud", "-", nullptr).Directories().has_value());
  for (const char* broken : {"", "-", "-|only", "-|only|", "x|only|d1"}) {
    traits.Set("cloud", "org_directories", broken);
    EXPECT_FALSE(OrgBook("cloud", "-", &traits).Directories().has_value()) << broken;
  }
}

TEST(OrgBook, AnAccountIsFreshForAMinute) {
  OrgBook book("cloud", "-", nullptr);
  const absl::Time now = absl::FromUnixSeconds(1'000);
  book.LearnAccount("a", OrgStanding(), now);
  EXPECT_TRUE(book.FindFresh("a", now + OrgBook::kFresh).has_value());
  EXPECT_FALSE(book.FindFresh("a", now + OrgBook::kFresh + absl::Nanoseconds(1)).has_value());
  book.Forget("a");
  EXPECT_FALSE(book.FindFresh("a", now).has_value());
}

TEST(OrgBook, OtherDirectoriesMakeItForgetPlaces) {
  OrgBook book("cloud", "-", nullptr);
  const absl::Time now = absl::FromUnixSeconds(1'000);
  book.LearnDirectories(TwoOfThem());
  book.LearnAccount("a", OrgStanding(), now);
  book.LearnAll({{"b", OrgStanding()}}, {}, nullptr);
  book.LearnAccount("a", OrgStanding(), now);
  book.LearnDirectories(TwoOfThem());
  EXPECT_TRUE(book.FindFresh("a", now).has_value());
  EXPECT_TRUE(book.FindInSnapshot("b").has_value());
  OrgDirectories others = TwoOfThem();
  others.ids.insert(others.ids.begin(), "d0");
  book.LearnDirectories(others);
  EXPECT_FALSE(book.FindFresh("a", now).has_value());
  EXPECT_FALSE(book.FindInSnapshot("b").has_value());
}

TEST(OrgBook, SingleAccountsAreLimited) {
  OrgBook book("cloud", "-", nullptr);
  const absl::Time now = absl::FromUnixSeconds(1'000);
  for (size_t i = 0; i < OrgBook::kMaxSingle; ++i) {
    book.LearnAccount(absl::StrCat("a", i), OrgStanding(), now);
  }
  EXPECT_TRUE(book.FindFresh("a0", now).has_value());
  book.LearnAccount("one more", OrgStanding(), now);
  EXPECT_FALSE(book.FindFresh("a0", now).has_value());
  EXPECT_TRUE(book.FindFresh("one more", now).has_value());
}

}  // namespace
}  // namespace rollcall
