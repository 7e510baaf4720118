// Exports that must not be acted upon: the exit code, what the message names, and not one write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

constexpr char kEmpty[] =
    R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,)"
    R"("startIndex":1,"itemsPerPage":0,"Resources":[]})";

TEST(BadExportTest, AnEmptyExportIsBlockedEvenWithoutChanges) {
  Workplace place;
  place.Write("people.json", kEmpty);
  place.Write("groups.json", kEmpty);
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 3) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("empty_export"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(BadExportTest, ACsvWithAHeaderOnlyIsEmpty) {
  Workplace place;
  place.Write("people.csv", "id,user_name,email,active\n");
  place.Write("groups.csv", "group,member\n");
  std::string config = place.Read("rollcall.yaml");
  const std::string json = "people: people.json, groups: groups.json";
  config.replace(config.find(json), json.size(), "people: people.csv, groups: groups.csv");
  place.Write("rollcall.yaml", config);
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 3) << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("empty_export"));
}

TEST(BadExportTest, AnExportCutInTheMiddleIsUnreadable) {
  Workplace place;
  const std::string whole = place.Read("people.json");
  place.Write("people.json", whole.substr(0, whole.size() / 2));
  const ChildResult plan = place.Rollcall({"plan", "--out", "plan.json"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("people.json"));
  EXPECT_EQ(plan.out, "");
  // Nothing was read or saved for it.
  EXPECT_EQ(place.Requests(), 0);
  EXPECT_THAT(place.Rollcall({"plans", "list"}).out, ::testing::StartsWith("0 plans"));
}

TEST(BadExportTest, Utf16IsRefusedWithItsName) {
  Workplace place;
  std::string utf16 = "\xff\xfe";
  for (const char c : place.Read("people.json")) {
    utf16 += c;
    utf16 += '\0';
  }
  place.Write("people.json", utf16);
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("UTF-16"));
  EXPECT_EQ(place.Requests(), 0);
}

TEST(BadExportTest, AByteOrderMarkIsRead) {
  Workplace place;
  place.Write("people.json", absl::StrCat("\xef\xbb\xbf", place.Read("people.json")));
  EXPECT_EQ(place.Rollcall({"plan"}).exit_code, 3);
}

TEST(BadExportTest, AnotherExportNeverMovesWhatLaterOnesAreComparedWith) {
  Workplace place;
  place.Apply(place.MakePlan());
  place.Write("other.json", kEmpty);
  EXPECT_EQ(place.Rollcall({"plan", "--export", "other.json"}).exit_code, 3);
  // The configured one is still as large as the last accepted one.
  EXPECT_EQ(place.Rollcall({"plan"}).exit_code, 2);
}

TEST(BadExportTest, AMissingFileIsNamed) {
  Workplace place;
  const ChildResult plan = place.Rollcall({"plan", "--export", "nowhere.json"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("nowhere.json"));
}

}  // namespace
}  // namespace rollcall
