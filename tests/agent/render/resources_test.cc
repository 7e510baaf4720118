#include "agent/render/resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "agent/render/json.h"
#include "rollcall/v1/reports.pb.h"
#include "tests/agent/render/sample_plan.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

TEST(ResourcesTest, PlanAsJsonPrintsEveryFieldZerosToo) {
  Plan plan = SamplePlan();
  plan.changes.resize(1);
  plan.findings = {};
  const std::string json = ToJson(ToResource(plan));
  for (const char* field : {"\"id\": \"p-0123456789abcdef\"",
                            "\"state\": \"READY\"",
                            "\"etag\": ",
                            "\"createTime\": ",
                            "\"activate\": 1",
                            "\"deactivate\": 1",
                            "\"addMembership\": 0",
                            "\"removeMembership\": 1",
                            "\"unchanged\": 497",
                            "\"outOfScope\": 0",
                            "\"requestsUsed\": 7",
                            "\"readRequests\": 9",
                            "\"writeRequests\": 3",
                            "\"estimatedDuration\": \"1.500s\"",
                            "\"action\": \"DEACTIVATE\"",
                            "\"person\": \"id-bob\"",
                            "\"account\": \"acc-bob\"",
                            "\"userName\": \"bob\"",
                            "\"group\": \"\"",
                            "\"routedFrom\": \"\"",
                            "\"effects\": []",
                            "\"rerouteDirectory\": \"\"",
                            "\"rerouteAccount\": \"\"",
                            "\"findings\": []"}) {
    EXPECT_THAT(json, HasSubstr(field));
  }
}

TEST(ResourcesTest, TheWayOfAReRouteIsInThePlanAndInTheOutcomeThatTookIt) {
  Plan plan = SamplePlan();
  plan.changes[0].reroute = Reroute{"scim", "s1", "bob", "", "", "", ""};
  EXPECT_EQ(ToResource(plan).changes(0).reroute_directory(), "scim");
  EXPECT_EQ(ToResource(plan).changes(0).reroute_account(), "s1");
  RunRecord run;
  run.outcomes["c1"].finding = "read_only";
  EXPECT_EQ(ToResource(run, plan).outcomes(0).rerouted_through(), "");
  EXPECT_EQ(ToResource(run, plan).outcomes(0).finding(), "read_only");
  run.outcomes["c1"].rerouted = true;
  EXPECT_EQ(ToResource(run, plan).outcomes(0).rerouted_through(), "scim");
}

TEST(ResourcesTest, PeopleAreNamedByTheirIdsWhateverTheyAreCalled) {
  Plan plan = SamplePlan();
  plan.findings = {SampleFinding("first_run", Severity::kBlocking)};
  plan.labels = {{"id-bob", "bob"}};
  EXPECT_EQ(ToResource(plan).findings(0).subjects(0), "id-bob");
}

TEST(ResourcesTest, TimesThatAreNotSetAreNull) {
  RunRecord run;
  run.id = "r-1";
  run.message = "not \"endTime\": \"0001-01-01T00:00:00.000000001Z\"";
  EXPECT_THAT(ToJson(ToResource(run, Plan())), HasSubstr("\"endTime\": null"));
  EXPECT_THAT(ToJson(ToResource(run, Plan())),
              HasSubstr(R"("not \"endTime\": \"0001-01-01T00:00:00.000000001Z\"")"));
  run.ended = absl::FromUnixSeconds(0);
  EXPECT_THAT(ToJson(ToResource(run, Plan())), HasSubstr("\"endTime\": \"1970-01-01T00:00:00Z\""));
}

TEST(ResourcesTest, TimesWithinListsAreNullOneByOne) {
  v1::HoldList holds;
  holds.add_holds()->mutable_end_time()->set_seconds(0);
  holds.add_holds()->mutable_create_time()->set_seconds(60);
  const std::string json = ToJson(holds);
  EXPECT_THAT(json, HasSubstr("\"createTime\": null"));
  EXPECT_THAT(json, HasSubstr("\"endTime\": \"1970-01-01T00:00:00Z\""));
  EXPECT_THAT(json, HasSubstr("\"createTime\": \"1970-01-01T00:01:00Z\""));
  EXPECT_THAT(json, HasSubstr("\"endTime\": null"));
}

TEST(ResourcesTest, TheSamePlanGivesTheSameBytes) {
  EXPECT_EQ(ToJson(ToResource(SamplePlan())), ToJson(ToResource(SamplePlan())));
}

TEST(ResourcesTest, CountsStopAtTheLargestInt32) {
  Plan plan = SamplePlan();
  plan.counts.unchanged = int64_t{1} << 40;
  plan.requests_used = std::numeric_limits<int32_t>::max();
  EXPECT_EQ(ToResource(plan).counts().unchanged(), std::numeric_limits<int32_t>::max());
  EXPECT_EQ(ToResource(plan).requests_used(), std::numeric_limits<int32_t>::max());
}

TEST(ResourcesTest, EveryActionSeverityAndStateHasItsName) {
  for (const Action action : {Action::kActivate, Action::kDeactivate, Action::kAddMembership,
                              Action::kRemoveMembership}) {
    Plan plan;
    AddSample(plan, action, "x");
    EXPECT_EQ(v1::Action_Name(ToResource(plan).changes(0).action()), ActionName(action));
  }
  for (int state = 0; state <= static_cast<int>(PlanState::kFailed); ++state) {
    Plan plan;
    plan.state = static_cast<PlanState>(state);
    EXPECT_EQ(v1::Plan::State_Name(ToResource(plan).state()), PlanStateName(plan.state));
  }
  for (int state = 0; state <= static_cast<int>(RunState::kInterrupted); ++state) {
    RunRecord run;
    run.state = static_cast<RunState>(state);
    EXPECT_EQ(v1::Run::State_Name(ToResource(run, Plan()).state()), RunStateName(run.state));
  }
  for (int state = 0; state <= static_cast<int>(OutcomeState::kUnknown); ++state) {
    RunRecord run;
    Plan plan = SamplePlan();
    Outcome outcome;
    outcome.change = "c1";
    outcome.state = static_cast<OutcomeState>(state);
    run.outcomes["c1"] = outcome;
    EXPECT_EQ(v1::Outcome::State_Name(ToResource(run, plan).outcomes(0).state()),
              OutcomeStateName(outcome.state));
  }
  Plan plan;
  plan.findings = {SampleFinding("a", Severity::kInfo), SampleFinding("b", Severity::kWarning),
                   SampleFinding("c", Severity::kWithholding),
                   SampleFinding("d", Severity::kBlocking)};
  const v1::Plan resource = ToResource(plan);
  EXPECT_EQ(resource.findings(0).severity(), v1::Finding::INFO);
  EXPECT_EQ(resource.findings(1).severity(), v1::Finding::WARNING);
  EXPECT_EQ(resource.findings(2).severity(), v1::Finding::WITHHOLDING);
  EXPECT_EQ(resource.findings(3).severity(), v1::Finding::BLOCKING);
}

TEST(ResourcesTest, OutcomesFollowThePlansOrderNotTheOrderOfText) {
  Plan plan;
  RunRecord run;
  for (int i = 1; i <= 11; ++i) {
    AddSample(plan, Action::kActivate, absl::StrCat("u", i));
    Outcome outcome;
    outcome.change = absl::StrCat("c", i);
    run.outcomes[outcome.change] = outcome;
  }
  const v1::Run resource = ToResource(run, plan);
  ASSERT_EQ(resource.outcomes_size(), 11);
  EXPECT_EQ(resource.outcomes(1).change(), "c2");
  EXPECT_EQ(resource.outcomes(10).change(), "c11");
  EXPECT_EQ(resource.progress().done(), 11);
  EXPECT_FALSE(resource.has_end_time());
}

}  // namespace
}  // namespace rollcall
