// Exit codes and their precedence (PRODUCT.md section 5), all combinations.
#include "agent/runs/exit_code.h"

#include <gtest/gtest.h>

#include <vector>

namespace rollcall {
namespace {

struct Row {
  bool ExitFacts::* fact;
  ExitCode code;
};

// In the order of the contract: the first that applies.
const std::vector<Row>& Contract() {
  static const std::vector<Row> rows = {
      {&ExitFacts::usage, ExitCode::kUsage},     {&ExitFacts::unreadable, ExitCode::kUnreadable},
      {&ExitFacts::stale, ExitCode::kStale},     {&ExitFacts::guard_blocks, ExitCode::kGuardBlocks},
      {&ExitFacts::failure, ExitCode::kFailure}, {&ExitFacts::partial, ExitCode::kPartial},
      {&ExitFacts::pending, ExitCode::kPending},
  };
  return rows;
}

TEST(ExitCodeTest, TheFirstOfTheContractThatAppliesWins) {
  for (unsigned bits = 0; bits < 1u << Contract().size(); ++bits) {
    ExitFacts facts;
    ExitCode expected = ExitCode::kInStep;
    for (size_t i = Contract().size(); i-- > 0;) {
      if ((bits >> i & 1) == 0) continue;
      facts.*Contract()[i].fact = true;
      expected = Contract()[i].code;
    }
    EXPECT_EQ(Decide(facts), expected) << bits;
  }
}

TEST(ExitCodeTest, TheNumbersAreThoseOfTheContract) {
  EXPECT_EQ(static_cast<int>(ExitCode::kInStep), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::kFailure), 1);
  EXPECT_EQ(static_cast<int>(ExitCode::kPending), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::kGuardBlocks), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::kPartial), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::kStale), 5);
  EXPECT_EQ(static_cast<int>(ExitCode::kUnreadable), 6);
  EXPECT_EQ(static_cast<int>(ExitCode::kUsage), 7);
}

Plan PlanWith(PlanState state, const char* finding) {
  Plan plan;
  plan.state = state;
  if (finding != nullptr) {
    plan.findings.emplace_back();
    plan.findings.back().name = finding;
  }
  return plan;
}

TEST(ExitCodeTest, DriftWithoutChangesIsTwoForPlanAndFourForApply) {
  const Plan plan = PlanWith(PlanState::kEmpty, "ambiguous");
  EXPECT_EQ(Decide(FactsOfPlan(plan)), ExitCode::kPending);
  EXPECT_EQ(Decide(FactsOfApply(plan, 0)), ExitCode::kPartial);
}

TEST(ExitCodeTest, InformationAloneIsInStep) {
  const Plan plan = PlanWith(PlanState::kEmpty, "missing");
  EXPECT_EQ(Decide(FactsOfPlan(plan)), ExitCode::kInStep);
  EXPECT_EQ(Decide(FactsOfApply(plan, 0)), ExitCode::kInStep);
}

TEST(ExitCodeTest, AnUnreadableDirectoryIsSixWhateverElseIsSo) {
  Plan plan = PlanWith(PlanState::kBlocked, "ambiguous");
  plan.unreadable = {"corp"};
  EXPECT_EQ(Decide(FactsOfPlan(plan)), ExitCode::kUnreadable);
  EXPECT_EQ(Decide(FactsOfApply(plan, 1)), ExitCode::kUnreadable);
}

TEST(ExitCodeTest, ARunThatFailedIsOneAndOneThatIsPartialFour) {
  const Plan plan = PlanWith(PlanState::kApplied, nullptr);
  EXPECT_EQ(Decide(FactsOfApply(plan, 0)), ExitCode::kInStep);
  EXPECT_EQ(Decide(FactsOfApply(plan, 1)), ExitCode::kFailure);
  EXPECT_EQ(Decide(FactsOfApply(plan, 4)), ExitCode::kPartial);
}

}  // namespace
}  // namespace rollcall
