#include "reconciler/apply/run_result.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rollcall {
namespace {

using testing::HasSubstr;

struct Row {
  const char* name;
  std::vector<OutcomeState> outcomes;  // of changes c1 …; verified where `verified`
  bool verified;
  int pending;
  bool interrupted;
  bool key_refused;
  RunState state;
  int exit_code;
};

std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

class RunResultTest : public testing::TestWithParam<Row> {};

TEST_P(RunResultTest, StateAndExitCodeFollowFromTheOutcomes) {
  const Row& row = GetParam();
  Plan plan;
  plan.id = "p1";
  plan.changes.resize(row.outcomes.size() + static_cast<size_t>(row.pending));
  std::map<std::string, Outcome> outcomes;
  for (size_t i = 0; i < plan.changes.size(); ++i) {
    plan.changes[i].id = "c" + std::to_string(i + 1);
    if (i >= row.outcomes.size()) continue;
    Outcome& outcome = outcomes[plan.changes[i].id];
    outcome.change = plan.changes[i].id;
    outcome.state = row.outcomes[i];
    outcome.verified = row.verified && (row.outcomes[i] == OutcomeState::kApplied ||
                                        row.outcomes[i] == OutcomeState::kAlreadyDone);
  }
  ExecutionEnd end;
  end.interrupted = row.interrupted;
  if (row.key_refused) end.halts["scim"] = {true, "the key was refused"};
  const RunResult result = Conclude(plan, outcomes, {}, end);
  EXPECT_EQ(result.state, row.state) << RunStateName(result.state);
  EXPECT_EQ(ExitCodeFor(result), row.exit_code);
  EXPECT_EQ(result.message.empty(), result.state == RunState::kSucceeded);
}

constexpr OutcomeState kOk = OutcomeState::kApplied;
constexpr OutcomeState kSo = OutcomeState::kAlreadyDone;
constexpr OutcomeState kStale = OutcomeState::kSkippedStale;
constexpr OutcomeState kNo = OutcomeState::kRefused;
constexpr OutcomeState kBad = OutcomeState::kFailed;
constexpr OutcomeState kLost = OutcomeState::kUnknown;

INSTANTIATE_TEST_SUITE_P(
    Table, RunResultTest,
    testing::Values(
        Row{"nothing to do", {}, true, 0, false, false, RunState::kSucceeded, 0},
        Row{"all hold", {kOk, kSo}, true, 0, false, false, RunState::kSucceeded, 0},
        Row{"so already", {kSo}, true, 0, false, false, RunState::kSucceeded, 0},
        Row{"not verified", {kOk}, false, 0, false, false, RunState::kPartial, 4},
        Row{"one failed", {kOk, kBad}, true, 0, false, false, RunState::kPartial, 4},
        Row{"one refused", {kSo, kNo}, true, 0, false, false, RunState::kPartial, 4},
        Row{"all failed", {kBad, kBad}, true, 0, false, false, RunState::kFailed, 1},
        Row{"all refused", {kNo, kNo}, true, 0, false, false, RunState::kFailed, 1},
        Row{"failed and stale", {kBad, kStale}, true, 0, false, false, RunState::kFailed, 1},
        Row{"all stale", {kStale}, true, 0, false, false, RunState::kPartial, 4},
        Row{"unknown", {kLost, kBad}, true, 0, false, false, RunState::kPartial, 4},
        Row{"key refused at once", {kBad}, true, 9, false, true, RunState::kFailed, 1},
        Row{"key refused after looks", {kSo, kBad}, true, 9, false, true, RunState::kFailed, 1},
        Row{"key refused later", {kOk, kBad}, true, 9, false, true, RunState::kPartial, 4},
        Row{"stopped at once", {}, true, 2, true, false, RunState::kInterrupted, 4},
        Row{"stopped later", {kOk}, true, 2, true, false, RunState::kInterrupted, 4}));

TEST(RunResultMessageTest, SaysHowManyHoldAndHowToGoOn) {
  Plan plan;
  plan.id = "p7";
  plan.changes.resize(2);
  plan.changes[0].id = "c1";
  plan.changes[1].id = "c2";
  ExecutionEnd end;
  end.interrupted = true;
  const RunResult result = Conclude(plan, {{"c1", {"c1", kOk, true, 1, 200, ""}}}, {"c2"}, end);
  EXPECT_EQ(result.message,
            "1 of 2 changes hold. `rollcall apply p7` goes on where this run stopped; it first "
            "reads 1 whose result is not known.");
  EXPECT_EQ(result.drift_left, 1);
}

Finding Named(const std::string& name) {
  Finding finding;
  finding.name = name;
  finding.severity = Severity::kWarning;
  return finding;
}

TEST(RunResultTest, FindingsThatAreDriftAreLeftAlthoughEveryChangeHolds) {
  Plan plan;
  plan.findings = {Named("ambiguous"), Named("missing"), Named("ambiguous"), Named("masked")};
  RunResult result = Conclude(plan, {}, {}, {});
  ASSERT_EQ(result.state, RunState::kSucceeded);
  AddUnplannedDrift(plan, result);
  EXPECT_EQ(result.state, RunState::kSucceeded);
  EXPECT_EQ(result.drift_left, 3);
  EXPECT_EQ(ExitCodeFor(result), 4);
  EXPECT_EQ(result.message,
            "Not in step: no plan can settle 3 findings (ambiguous, masked); somebody must, and "
            "until then `apply` exits with 4.");
}

TEST(RunResultTest, FindingsThatAreNoDriftLeaveNothing) {
  Plan plan;
  plan.findings = {Named("missing"), Named("held")};
  RunResult result = Conclude(plan, {}, {}, {});
  AddUnplannedDrift(plan, result);
  EXPECT_EQ(result.drift_left, 0);
  EXPECT_EQ(result.message, "");
  EXPECT_EQ(ExitCodeFor(result), 0);
}

TEST(RunResultTest, ADirectoryThatWasNotReadIsNamedAfterWhatElseIsLeft) {
  Plan plan;
  plan.unreadable = {"cloud"};
  RunResult result;
  result.state = RunState::kPartial;
  AddFullVerification(2, result);
  AddUnplannedDrift(plan, result);
  EXPECT_EQ(result.drift_left, 2);
  EXPECT_THAT(result.message, HasSubstr("plan` shows them. Left as it was, since it could not be "
                                        "read when the plan was made: cloud; so `apply` exits"));
}

TEST(RunResultMessageTest, FullVerificationBelowTheKnownDriftChangesNothing) {
  RunResult result;
  result.state = RunState::kPartial;
  result.drift_left = 5;
  AddFullVerification(5, result);
  EXPECT_EQ(result.drift_left, 5);
  AddFullVerification(6, result);
  EXPECT_EQ(result.drift_left, 6);
  EXPECT_THAT(result.message, HasSubstr("6 changes"));
}

}  // namespace
}  // namespace rollcall
