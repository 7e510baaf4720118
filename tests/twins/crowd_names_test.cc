#include "tests/twins/crowd_names.h"

#include <gtest/gtest.h>

namespace rollcall::twins {
namespace {

TEST(CrowdNamesTest, BlankNamesAreDerivedAsFarAsIsKnown) {
  const struct {
    const char* given[3];
    const char* derived[3];
  } cases[] = {
      {{"", "", ""}, {"", "u", "u"}},
      {{"John", "Smith", ""}, {"John", "Smith", "John Smith"}},
      {{"", "", "John Smith"}, {"John", "Smith", "John Smith"}},
      {{"", "", "John"}, {"", "John", "John"}},
      {{"", "Smith", ""}, {"", "Smith", "Smith"}},
      {{"", "Smith", "John Smith"}, {"John", "Smith", "John Smith"}},
      {{"John", "", ""}, {"", "John", "John"}},
      {{" ", " ", " "}, {"", "u", "u"}},
      {{"A", "B", "C D"}, {"A", "B", "C D"}},
  };
  for (const auto& item : cases) {
    CrowdUser user;
    user.name = "u";
    user.first_name = item.given[0];
    user.last_name = item.given[1];
    user.display_name = item.given[2];
    DeriveCrowdNames(user);
    EXPECT_EQ(user.first_name, item.derived[0]) << item.given[0] << "," << item.given[1];
    EXPECT_EQ(user.last_name, item.derived[1]) << item.given[0] << "," << item.given[1];
    EXPECT_EQ(user.display_name, item.derived[2]) << item.given[0] << "," << item.given[1];
  }
}

TEST(CrowdNamesTest, FoldingLowersLatinGreekAndCyrillic) {
  EXPECT_EQ(FoldCrowdName("ÄÖÜ ÉÇÑ ŁŚŽŸ ΝΊΚΟΣ АННА Ёж STRAẞE"),
            "äöü éçñ łśžÿ νΊκοσ анна ёж straẞe");
  EXPECT_EQ(FoldCrowdName("×÷ß漢\xC3"), "×÷ß漢\xC3");
}

}  // namespace
}  // namespace rollcall::twins
