// The main job with the real binary: export in, plan, apply, verify, in step.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(MainJobTest, FirstPlanIsBlockedAndSavedAndChangesNothing) {
  Workplace place;
  const std::string before = place.World();
  const ChildResult plan = place.Rollcall({"plan", "--out", "plan.json"});
  EXPECT_EQ(plan.exit_code, 3) << plan.err;
  EXPECT_THAT(plan.out, StartsWith("BLOCKED  1 guard blocks this plan: first_run."));
  EXPECT_EQ(place.World(), before);
  EXPECT_EQ(place.Writes(), 0);
  struct stat file{};
  ASSERT_EQ(stat(place.File("plan.json").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  ASSERT_EQ(stat(place.File("rollcall.db").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
}

TEST(MainJobTest, ABlockedPlanIsNotAppliedWithoutItsWaiver) {
  Workplace place;
  const std::string plan = place.MakePlan();
  const ChildResult apply = place.Rollcall({"apply", plan, "--yes"});
  EXPECT_EQ(apply.exit_code, 3);
  EXPECT_THAT(apply.err, HasSubstr("--waive first_run --reason"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(MainJobTest, EachGuardThatBlocksNeedsAWaiverOfItsOwn) {
  WorkplaceOptions options;
  options.guards =
      "guards: {max_deactivations: {count: 1}, max_activations: false,\n"
      "         max_removals: false, max_additions: false,\n"
      "         max_group_removals: false, emptied_group: false,\n"
      "         privileged: false}\n";
  Workplace place(options);
  const std::string plan = place.MakePlan();
  for (const char* guard : {"first_run", "max_deactivations"}) {
    const ChildResult apply =
        place.Rollcall({"apply", plan, "--yes", "--waive", guard, "--reason", "read"});
    EXPECT_EQ(apply.exit_code, 3) << apply.out << apply.err;
  }
  EXPECT_EQ(place.Writes(), 0);
  const ChildResult both =
      place.Rollcall({"apply", plan, "--yes", "--waive", "first_run", "--reason", "read", "--waive",
                      "max_deactivations", "--reason", "they left"});
  EXPECT_THAT(both.out, StartsWith("SUCCEEDED")) << both.err;
}

TEST(MainJobTest, AfterApplyingTheNextPlanIsEmptyWithoutAWrite) {
  Workplace place;
  const json plan = json::parse(place.Rollcall({"plan", "--format", "json"}).out);
  const ChildResult apply = place.Apply(plan["id"]);
  // Ambiguous people are left, which no plan settles.
  EXPECT_EQ(apply.exit_code, 4) << apply.out << apply.err;
  EXPECT_THAT(apply.out, StartsWith("SUCCEEDED"));
  EXPECT_EQ(place.Writes(), plan["budget"]["writeRequests"].get<int64_t>());
  const int64_t writes = place.Writes();
  const std::string after = place.World();
  const ChildResult again = place.Rollcall({"plan", "--format", "json"});
  EXPECT_EQ(again.exit_code, 2) << again.err;
  const json second = json::parse(again.out);
  EXPECT_EQ(second["state"], "EMPTY");
  EXPECT_TRUE(second["changes"].empty());
  EXPECT_EQ(place.Writes(), writes);
  EXPECT_EQ(place.World(), after);
  // Applying an empty plan does nothing.
  EXPECT_EQ(place.Rollcall({"apply", second["id"], "--yes"}).exit_code, 4);
  EXPECT_EQ(place.Writes(), writes);
}

TEST(MainJobTest, ReadingCostsPagesAndAConstant) {
  Workplace place;
  place.MakePlan();
  EXPECT_LT(place.Requests(), 10);
}

TEST(MainJobTest, JsonIsOneDocumentAndEqualsThePlanFile) {
  Workplace place;
  const ChildResult plan = place.Rollcall({"plan", "--format", "json", "--out", "plan.json"});
  EXPECT_FALSE(json::parse(plan.out, nullptr, false).is_discarded());
  EXPECT_EQ(plan.out, place.Read("plan.json"));
  const std::string id = json::parse(plan.out)["id"];
  EXPECT_EQ(place.Rollcall({"show", id, "--format", "json"}).out, plan.out);
}

TEST(MainJobTest, WithoutATerminalAndYesApplyRefuses) {
  Workplace place;
  EXPECT_EQ(place.Rollcall({"apply", "--plan-now"}).exit_code, 7);
  const std::string plan = place.MakePlan();
  const ChildResult apply =
      place.Rollcall({"apply", plan, "--waive", "first_run", "--reason", "tested"});
  EXPECT_EQ(apply.exit_code, 7);
  EXPECT_THAT(apply.err, HasSubstr("--yes"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(MainJobTest, PlanNowCannotWaiveAndStopsAtABlock) {
  Workplace place;
  EXPECT_EQ(place.Rollcall({"apply", "--plan-now", "--yes"}).exit_code, 3);
  EXPECT_EQ(
      place.Rollcall({"apply", "--plan-now", "--yes", "--waive", "first_run", "--reason", "no"})
          .exit_code,
      7);
  EXPECT_EQ(place.Writes(), 0);
}

TEST(MainJobTest, AnUnknownGuardIsAUsageErrorAndANeedlessWaiverAWarning) {
  Workplace place;
  const std::string plan = place.MakePlan();
  const ChildResult unknown =
      place.Rollcall({"apply", plan, "--yes", "--waive", "no_such", "--reason", "x"});
  EXPECT_EQ(unknown.exit_code, 7);
  EXPECT_THAT(unknown.err, HasSubstr("no_such"));
  EXPECT_EQ(place.Rollcall({"apply", plan, "--yes", "--waive", "first_run"}).exit_code, 7);
  const ChildResult needless =
      place.Rollcall({"apply", plan, "--yes", "--waive", "first_run", "--reason", "x", "--waive",
                      "empty_export", "--reason", "y"});
  EXPECT_EQ(needless.exit_code, 4) << needless.err;
  EXPECT_THAT(needless.err, HasSubstr("empty_export does not block this plan"));
}

TEST(MainJobTest, ADeactivatedPersonStaysOutThroughLaterPlans) {
  Workplace place;
  place.Apply(place.MakePlan());
  const json people = json::parse(place.Read("drift.json"));
  const std::string who = people["joiners"][0]["user_name"];
  const ChildResult out =
      place.Rollcall({"deactivate", who, "--reason", "laptop stolen", "--format", "json"});
  const json run = json::parse(out.out, nullptr, false);
  ASSERT_TRUE(run.is_object()) << out.out << out.err;
  EXPECT_EQ(run["state"], "SUCCEEDED") << out.out;
  const int64_t writes = place.Writes();
  for (int i = 0; i < 3; ++i) place.Rollcall({"apply", "--plan-now", "--yes"});
  EXPECT_EQ(place.Writes(), writes);
  EXPECT_THAT(place.Rollcall({"holds"}).out, HasSubstr("laptop stolen"));
  EXPECT_EQ(place.Rollcall({"holds", "end", "1"}).exit_code, 0);
  EXPECT_EQ(place.Rollcall({"holds", "end", "1"}).exit_code, 1);
}

TEST(MainJobTest, ExplainNamesTheRuleThatDecided) {
  Workplace place;
  const json people = json::parse(place.Read("drift.json"));
  const ChildResult explain =
      place.Rollcall({"explain", people["leavers"][0]["user_name"].get<std::string>()});
  EXPECT_EQ(explain.exit_code, 0) << explain.err;
  EXPECT_THAT(explain.out, HasSubstr("[A1]"));
  EXPECT_EQ(place.Rollcall({"explain", "nobody@example.com"}).exit_code, 1);
  EXPECT_EQ(place.Writes(), 0);
}

}  // namespace
}  // namespace rollcall
