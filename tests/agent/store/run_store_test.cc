#include "agent/store/run_store.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RunStoreTest : public StateTest {
 protected:
  std::vector<Change> OneChange(const std::string& directory = "crowd") {
    return {MakeChange(1, directory, Action::kDeactivate, "a1")};
  }
  std::optional<OvertakingRun> Overtaking(const std::string& plan) {
    auto result = store_->runs().Overtaking(plan);
    EXPECT_TRUE(result.ok()) << result.status();
    return *result;
  }
};

TEST_F(RunStoreTest, PlanIsAppliedOnceOnly) {
  Begin("1", OneChange());
  EXPECT_EQ(store_->plans().Load("p-1")->state, PlanState::kApplying);
  const absl::Status second = store_->runs().Start("r-2", "p-1", {}, now());
  EXPECT_EQ(second.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.message()), HasSubstr("APPLYING (run r-1)"));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kSucceeded, now(), 0, 3, ""}));
  EXPECT_EQ(store_->plans().Load("p-1")->state, PlanState::kApplied);
  const absl::Status third = store_->runs().Start("r-3", "p-1", {}, now());
  EXPECT_THAT(std::string(third.message()), HasSubstr("APPLIED (run r-1)"));
  EXPECT_EQ(store_->runs().Load("r-3").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RunStoreTest, StaleAndEmptyPlansAreNotStarted) {
  for (PlanState state : {PlanState::kStale, PlanState::kEmpty, PlanState::kFailed}) {
    Plan plan = MakePlan(PlanStateName(state), OneChange());
    plan.state = state;
    ASSERT_OK(store_->plans().Save(plan, "{}"));
    EXPECT_EQ(store_->runs().Start("r", plan.id, {}, now()).code(),
              absl::StatusCode::kFailedPrecondition);
  }
}

TEST_F(RunStoreTest, RecordComesBackWholeAfterReopening) {
  Begin("1", OneChange(), {{"first_run", "we checked"}, {"max_deactivations", "a merger"}});
  const absl::Time started = now();
  runtime_.Advance(absl::Minutes(5));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kPartial, now(), 2, 17, "go on with …"}));
  Reopen();
  auto run = store_->runs().Load("r-1");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->plan, "p-1");
  EXPECT_EQ(run->state, RunState::kPartial);
  EXPECT_EQ(run->started, started);
  EXPECT_EQ(run->ended, now());
  EXPECT_EQ(run->drift_left, 2);
  EXPECT_EQ(run->requests_used, 17);
  EXPECT_EQ(run->message, "go on with …");
  EXPECT_THAT(run->waivers, ElementsAre(Waiver{"first_run", "we checked"},
                                        Waiver{"max_deactivations", "a merger"}));
}

TEST_F(RunStoreTest, WaitsAddUpOverTheStartsOfARun) {
  Begin("1", OneChange());
  ASSERT_OK(store_->runs().AddThrottling("r-1", {{"crowd", {2, absl::Milliseconds(1500)}}}));
  ASSERT_OK(store_->runs().Interrupt("r-1", 17, now()));
  ASSERT_OK(store_->runs().AddThrottling(
      "r-1", {{"calm", {}}, {"crowd", {1, absl::Seconds(2)}}, {"scim", {1, absl::Seconds(9), 1}}}));
  ASSERT_OK(store_->runs().AddThrottling("r-1", {{"scim", {2, absl::Seconds(1), 1}}}));
  Reopen();
  auto run = store_->runs().Load("r-1");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->throttling, (ThrottlingByDirectory{{"crowd", {3, absl::Milliseconds(3500)}},
                                                    {"scim", {3, absl::Seconds(10), 2}}}));
}

TEST_F(RunStoreTest, AnInterruptedRunKeepsTheRequestsThatItUsed) {
  Begin("1", OneChange());
  ASSERT_OK(store_->runs().Interrupt("r-1", 17, now()));
  Reopen();
  auto run = store_->runs().Load("r-1");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->state, RunState::kInterrupted);
  EXPECT_EQ(run->requests_used, 17);
  ASSERT_OK(store_->runs().Interrupt("r-1", 5, now()));
  EXPECT_EQ(store_->runs().Load("r-1")->requests_used, 17);
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kSucceeded, now(), 0, 20, ""}));
  EXPECT_EQ(store_->runs().Interrupt("r-1", 30, now()).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->runs().Interrupt("r-9", 1, now()).code(), absl::StatusCode::kNotFound);
}

TEST_F(RunStoreTest, UnfinishedRunsAreFoundByTheirPlan) {
  Begin("1", OneChange());
  Begin("2", OneChange());
  EXPECT_EQ(*store_->runs().UnfinishedOf("p-2"), "r-2");
  ASSERT_OK(store_->runs().SetState("r-2", RunState::kInterrupted, now()));
  EXPECT_EQ(*store_->runs().UnfinishedOf("p-2"), "r-2");
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kFailed, now(), 0, 0, ""}));
  EXPECT_THAT(*store_->runs().Unfinished(), ElementsAre(Field(&RunSummary::id, "r-2")));
  EXPECT_EQ(*store_->runs().UnfinishedOf("p-1"), std::nullopt);
  EXPECT_EQ(*store_->runs().LastOf("p-1"), "r-1");
  EXPECT_THAT(*store_->runs().List(10),
              ElementsAre(Field(&RunSummary::id, "r-2"), Field(&RunSummary::id, "r-1")));
}

TEST_F(RunStoreTest, EndedRunCannotChangeAnyMore) {
  ApplyAll("1", OneChange());
  EXPECT_EQ(store_->runs().SetState("r-1", RunState::kVerifying, now()).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->runs().Finish("r-1", {RunState::kFailed, now(), 0, 0, ""}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->runs().Load("r-1")->state, RunState::kSucceeded);
}

TEST_F(RunStoreTest, RunThatWroteInADirectoryOfThePlanSinceOvertakesIt) {
  ASSERT_OK(store_->plans().Save(MakePlan("p-old", OneChange()), "{}"));
  EXPECT_EQ(Overtaking("p-old"), std::nullopt);
  ApplyAll("1", OneChange());
  ASSERT_TRUE(Overtaking("p-old").has_value());
  EXPECT_EQ(Overtaking("p-old")->run, "r-1");
  EXPECT_EQ(Overtaking("p-old")->directory, "crowd");
  EXPECT_EQ(Overtaking("p-old")->ended, now());
}

TEST_F(RunStoreTest, RunOfBeforeThePlanOrElsewhereDoesNotOvertakeIt) {
  ApplyAll("before", OneChange());
  runtime_.Advance(absl::Nanoseconds(1));
  ASSERT_OK(store_->plans().Save(MakePlan("p-new", OneChange()), "{}"));
  ApplyAll("elsewhere", OneChange("scim"));
  EXPECT_EQ(Overtaking("p-new"), std::nullopt);
}

TEST_F(RunStoreTest, WhatCameLaterIsToldWithoutTheClock) {
  ApplyAll("before", OneChange());
  runtime_.Advance(-absl::Hours(1));  // the clock is set back
  ASSERT_OK(store_->plans().Save(MakePlan("p-new", OneChange()), "{}"));
  EXPECT_EQ(Overtaking("p-new"), std::nullopt);
  runtime_.Advance(-absl::Hours(1));
  ApplyAll("after", OneChange());
  ASSERT_TRUE(Overtaking("p-new").has_value());
  EXPECT_EQ(Overtaking("p-new")->run, "r-after");
}

TEST_F(RunStoreTest, ARunThatEndsBetweenTheReadingAndTheSavingOvertakes) {
  const int64_t begun = *store_->runs().Mark();
  ApplyAll("meanwhile", OneChange());
  ASSERT_OK(store_->plans().Save(MakePlan("p-new", OneChange()), "{}", begun));
  ASSERT_TRUE(Overtaking("p-new").has_value());
  EXPECT_EQ(Overtaking("p-new")->run, "r-meanwhile");
}

TEST_F(RunStoreTest, AnInterruptedRunOvertakesWhenItGoesOnAndOnlyThen) {
  auto journal = Begin("1", OneChange());
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}}));
  ASSERT_OK(store_->runs().Interrupt("r-1", 1, now()));
  ASSERT_OK(store_->plans().Save(MakePlan("p-new", OneChange()), "{}"));
  EXPECT_EQ(Overtaking("p-new"), std::nullopt);
  ASSERT_OK(store_->runs().SetState("r-1", RunState::kRunning, now()));
  EXPECT_TRUE(Overtaking("p-new").has_value());
  ASSERT_OK(store_->runs().Interrupt("r-1", 2, now()));
  EXPECT_TRUE(Overtaking("p-new").has_value()) << "it has written since";
}

TEST_F(RunStoreTest, ARunThatWentOnAfterThePlanOvertakesAlsoOnceItHasEnded) {
  auto journal = Begin("1", OneChange());
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}}));
  ASSERT_OK(store_->runs().Interrupt("r-1", 1, now()));
  ASSERT_OK(store_->plans().Save(MakePlan("p-new", OneChange()), "{}"));
  ASSERT_OK(store_->runs().SetState("r-1", RunState::kRunning, now()));
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kApplied)}, {}, {}}));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kSucceeded, now(), 0, 2, ""}));
  EXPECT_TRUE(Overtaking("p-new").has_value());
}

TEST_F(RunStoreTest, ARunThatWasAtWorkWhileThePlanWasMadeOvertakesAlsoOnceItHasEnded) {
  auto journal = Begin("1", OneChange());
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}}));
  ASSERT_OK(store_->plans().Save(MakePlan("p-new", OneChange()), "{}"));
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kApplied)}, {}, {}}));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kSucceeded, now(), 0, 1, ""}));
  EXPECT_TRUE(Overtaking("p-new").has_value());
}

TEST_F(RunStoreTest, RunThatWroteNothingDoesNotOvertake) {
  ASSERT_OK(store_->plans().Save(MakePlan("p-old", OneChange()), "{}"));
  auto journal = Begin("1", OneChange());
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}}));
  EXPECT_TRUE(Overtaking("p-old").has_value()) << "while it may be writing";
  EXPECT_EQ(Overtaking("p-old")->ended, std::nullopt);
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kRefused)}, {}, {}}));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kFailed, now(), 1, 1, ""}));
  EXPECT_EQ(Overtaking("p-old"), std::nullopt);
}

TEST_F(RunStoreTest, DirectoryOfAnEffectCountsAsTouched) {
  ASSERT_OK(store_->plans().Save(MakePlan("p-cloud", OneChange("cloud")), "{}"));
  std::vector<Change> changes = OneChange("scim");
  changes[0].effects = {{"cloud", "x1", Action::kDeactivate}};
  ApplyAll("1", changes);
  ASSERT_TRUE(Overtaking("p-cloud").has_value());
  EXPECT_EQ(Overtaking("p-cloud")->directory, "cloud");
}

TEST_F(RunStoreTest, UnknownResultCountsAsTouched) {
  ASSERT_OK(store_->plans().Save(MakePlan("p-old", OneChange()), "{}"));
  auto journal = Begin("1", OneChange());
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kUnknown)}, {}, {}}));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kFailed, now(), 1, 1, ""}));
  EXPECT_TRUE(Overtaking("p-old").has_value());
}

}  // namespace
}  // namespace rollcall
