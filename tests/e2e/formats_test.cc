// The export formats with the real binary: the same company gives the same changes in each of them,
// and what is wrong with an export decides the exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using twins::ExportFormat;

TEST(FormatsTest, OneCompanyInAllFormatsGivesTheSameChanges) {
  Workplace place;
  std::string reference;
  for (const auto& [format, name] :
       {std::pair(ExportFormat::kScim, "scim"), std::pair(ExportFormat::kOkta, "okta"),
        std::pair(ExportFormat::kEntra, "entra"), std::pair(ExportFormat::kGoogle, "google"),
        std::pair(ExportFormat::kCsv, "csv")}) {
    place.StartOver();
    place.ExportAs(format);
    const ChildResult check = place.Rollcall({"check", "--format", "json"});
    EXPECT_THAT(check.out, HasSubstr("\"format\": \"" + std::string(name) + "\"")) << check.err;
    const ChildResult plan = place.Rollcall({"plan", "--format", "json"});
    EXPECT_EQ(plan.exit_code, 3) << name << plan.err;  // first_run
    const nlohmann::json document = nlohmann::json::parse(plan.out, nullptr, false);
    ASSERT_TRUE(document.is_object()) << name << plan.err;
    const std::string changes = document["changes"].dump(1);
    if (reference.empty()) reference = changes;
    EXPECT_GT(document["changes"].size(), 20u);
    EXPECT_EQ(changes, reference) << name;
  }
}

TEST(FormatsTest, AnEntraExportWithoutAccountEnabledIsUnreadable) {
  Workplace place;
  place.Write("people.json",
              R"({"value":[{"id":"1","userPrincipalName":"ada@example.com","mail":null}]})");
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("people.json: row 1: the person \"ada@example.com\""));
  EXPECT_THAT(plan.err, HasSubstr("$select=accountEnabled"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(FormatsTest, AGoogleExportWhoseLastPageNamesANextOneIsUnreadable) {
  Workplace place;
  place.Write("people.json",
              R"({"users":[{"id":"1","primaryEmail":"ada@example.com","suspended":false}],)"
              R"("nextPageToken":"x"})");
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 6);
  EXPECT_THAT(plan.err, HasSubstr("nextPageToken"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(FormatsTest, AnExportWithoutStableIdsIsTold) {
  Workplace place;
  place.ExportAs(ExportFormat::kCsv);
  EXPECT_THAT(place.Rollcall({"plan"}).out, ::testing::Not(HasSubstr("no_stable_id")));
  place.Write("people.csv",
              "Email Address [Required],Status [READ ONLY]\nada@example.com,Active\n");
  EXPECT_THAT(place.Rollcall({"plan"}).out, HasSubstr("no_stable_id"));
}

TEST(FormatsTest, CheckSaysThatNobodyDeprovisionedWasSeen) {
  Workplace place;
  place.ExportAs(ExportFormat::kOkta);
  EXPECT_THAT(place.Rollcall({"check"}).out, ::testing::Not(HasSubstr("DEPROVISIONED")));
  place.Write("people.json",
              R"([{"id":"1","status":"ACTIVE","profile":{"login":"ada@example.com"}}])");
  EXPECT_THAT(place.Rollcall({"check"}).out, HasSubstr("DEPROVISIONED"));
}

}  // namespace
}  // namespace rollcall
