#include "agent/render/run_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/render/document_writer.h"
#include "tests/agent/render/sample_plan.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

RunRecord SampleRun(RunState state) {
  RunRecord run;
  run.id = "r-0123456789abcdef";
  run.plan = "p-0123456789abcdef";
  run.state = state;
  run.started = absl::FromUnixSeconds(1767225600);
  return run;
}

void Set(RunRecord& run, const std::string& change, OutcomeState state, bool verified,
         const std::string& message = "") {
  Outcome outcome;
  outcome.change = change;
  outcome.state = state;
  outcome.verified = verified;
  outcome.message = message;
  run.outcomes[change] = outcome;
}

std::string Text(const RunRecord& run, const ViewOptions& options = {}) {
  return WriteText(RunDocument(run, SamplePlan(), options), Colour::kOff);
}

TEST(RunTextTest, SuccessIsSaidInTheFirstLine) {
  RunRecord run = SampleRun(RunState::kSucceeded);
  Set(run, "c1", OutcomeState::kApplied, true);
  Set(run, "c2", OutcomeState::kAlreadyDone, true);
  Set(run, "c3", OutcomeState::kApplied, true);
  EXPECT_THAT(Text(run), StartsWith("SUCCEEDED  2 of 3 changes applied, 1 so already, 3 verified "
                                    "by reading; no drift left.\n"));
}

TEST(RunTextTest, WhatFailedComesBeforeWhatWorkedWithItsReason) {
  RunRecord run = SampleRun(RunState::kPartial);
  Set(run, "c1", OutcomeState::kApplied, true);
  Set(run, "c2", OutcomeState::kRefused, false, "the group is read-only");
  run.outcomes["c2"].http_status = 403;
  Set(run, "c3", OutcomeState::kUnknown, false, "the answer was lost");
  run.drift_left = 2;
  const std::string text = Text(run);
  EXPECT_THAT(text, HasSubstr("2 changes of the plan left."));
  EXPECT_THAT(text, HasSubstr("remove from group engineers: carol"));
  EXPECT_THAT(text, HasSubstr("the group is read-only (HTTP 403)"));
  EXPECT_LT(text.find("1 unknown"), text.find("1 refused"));
  EXPECT_LT(text.find("1 refused"), text.find("1 applied\n"));
  EXPECT_THAT(text, HasSubstr("    rollcall plan\n"));
}

TEST(RunTextTest, InterruptedRunSaysHowToGoOnAndWhatIsOpen) {
  RunRecord run = SampleRun(RunState::kInterrupted);
  Set(run, "c1", OutcomeState::kApplied, false);
  run.unknown = {"c2"};
  const std::string text = Text(run);
  EXPECT_THAT(text, HasSubstr("1 pending: intent recorded, result not"));
  EXPECT_THAT(text, HasSubstr("1 not begun"));
  EXPECT_THAT(text, HasSubstr("    rollcall apply p-0123456789abcdef\n"));
  EXPECT_THAT(text, Not(HasSubstr("when read again")));
}

TEST(RunTextTest, AppliedButNotSeenAgainIsNamed) {
  RunRecord run = SampleRun(RunState::kPartial);
  for (const char* change : {"c1", "c2", "c3"}) Set(run, change, OutcomeState::kApplied, true);
  run.outcomes["c3"].verified = false;
  EXPECT_THAT(Text(run), HasSubstr("1 applied or so already, but not (or not yet) seen"));
}

TEST(RunTextTest, WaiversAreToldWithTheirReasons) {
  RunRecord run = SampleRun(RunState::kSucceeded);
  run.waivers = {{"first_run", "I have read it"}};
  EXPECT_THAT(Text(run), HasSubstr("Waived: first_run, because: I have read it"));
}

TEST(RunTextTest, LongListsAreCutAndTheWayToSeeThemNamed) {
  RunRecord run = SampleRun(RunState::kPartial);
  for (const char* change : {"c1", "c2", "c3"}) Set(run, change, OutcomeState::kFailed, false, "x");
  EXPECT_THAT(Text(run, {"rollcall", 2}),
              HasSubstr("and 1 more; all of them: rollcall show r-0123456789abcdef --all"));
  EXPECT_THAT(Text(run, {"rollcall", 3}), Not(HasSubstr("all of them")));
}

}  // namespace
}  // namespace rollcall
