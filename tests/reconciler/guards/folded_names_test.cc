#include "reconciler/plan/guards/folded_names.h"

#include <gtest/gtest.h>

namespace rollcall {
namespace {

TEST(FoldedNames, FindsByFoldedName) {
  FoldedNames names;
  names.Add("Ada@Example.com", 3);
  EXPECT_EQ(names.Find("ADA@example.COM"), 3u);
  EXPECT_EQ(names.Find("bob@example.com"), FoldedNames::kNotFound);
}

TEST(FoldedNames, ANameThatGrowsWhenItIsFoldedIsFound) {
  FoldedNames names;
  names.Add("STRASSE", 1);
  EXPECT_EQ(names.Find("straße"), 1u);
  names.Add("maß", 2);
  EXPECT_EQ(names.Find("MASS"), 2u);
}

TEST(FoldedNames, TheEmptyNameIsNobodys) {
  FoldedNames names;
  names.Add("", 1);
  EXPECT_EQ(names.Find(""), FoldedNames::kNotFound);
}

TEST(FoldedNames, OfOneNameTwiceTheFirstEntrySpeaks) {
  FoldedNames names;
  names.Add("ada", 1);
  names.Add("ADA", 2);
  EXPECT_EQ(names.Find("Ada"), 1u);
}

}  // namespace
}  // namespace rollcall
