#include "reconciler/base/fold.h"

#include <gtest/gtest.h>

namespace rollcall {
namespace {

TEST(Fold, FoldsFullyAndComposes) {
  EXPECT_EQ(Fold("STRASSE"), Fold("straße"));
  EXPECT_EQ(Fold("A\xCC\x8A"), "å");
  EXPECT_EQ(Fold("ΣΊΣΥΦΟΣ"), Fold("σίσυφος"));
}

TEST(Fold, IsNotCompatibilityFolding) { EXPECT_NE(Fold("ﬁn①"), Fold("fin1")); }

TEST(Fold, DoesNotTrimAndKnowsNoLocale) {
  EXPECT_NE(Fold("ada "), Fold("ada"));
  EXPECT_NE(Fold("I"), Fold("ı"));
}

TEST(Fold, TextThatIsNotUtf8EqualsOnlyItself) {
  EXPECT_EQ(Fold("\xFF\xFE"), "\xFF\xFE");
  EXPECT_TRUE(FoldedEquals("\xFF", "\xFF"));
  EXPECT_FALSE(FoldedEquals("\xFF", "\xFE"));
}

TEST(SnakeCase, MakesOneNameOfAllSpellings) {
  for (const char* name : {"userType", "UserType", "user_type", "User Type", "user-type"}) {
    EXPECT_EQ(SnakeCase(name), "user_type") << name;
  }
  EXPECT_EQ(SnakeCase("employeeID"), "employee_id");
  EXPECT_EQ(SnakeCase("HTTPServer"), "http_server");
}

TEST(Glob, StarsAndQuestionMarks) {
  EXPECT_TRUE(GlobMatches("eng-*", "Eng-Backend"));
  EXPECT_FALSE(GlobMatches("eng-*", "xeng-backend"));
  EXPECT_TRUE(GlobMatches("*admin*", "Site-Administrators"));
  EXPECT_TRUE(GlobMatches("a?c", "abc"));
  EXPECT_FALSE(GlobMatches("a?c", "ac"));
  EXPECT_TRUE(GlobMatches("*", ""));
  EXPECT_FALSE(GlobMatches("", "x"));
  EXPECT_TRUE(GlobMatches("a*b*c", "a-b-b-c"));
}

}  // namespace
}  // namespace rollcall
