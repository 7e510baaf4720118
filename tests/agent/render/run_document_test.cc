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

std::string TextOf(const RunRecord& run, const Plan& plan, const ViewOptions& options = {}) {
  return WriteText(RunDocument(run, plan, options), Colour::kOff);
}

std::string Text(const RunRecord& run, const ViewOptions& options = {}) {
  return TextOf(run, SamplePlan(), options);
}

// Every change of the plan was applied and seen.
RunRecord GoodRun(const Plan& plan) {
  RunRecord run = SampleRun(RunState::kSucceeded);
  run.ended = run.started + absl::Seconds(90);
  for (const Change& change : plan.changes) Set(run, change.id, OutcomeState::kApplied, true);
  return run;
}

// 40 people leave, one group shrinks.
Plan LargePlan() {
  Plan plan = SamplePlan();
  for (int i = 0; i < 40; ++i) AddSample(plan, Action::kDeactivate, absl::StrCat("leaver", i));
  return plan;
}

Finding Drift(const std::string& name) {
  Finding finding = SampleFinding(name, Severity::kWarning);
  finding.message = "Two accounts fit ada.";
  finding.cure = "Say which one: rollcall link PERSON DIRECTORY ACCOUNT --reason TEXT.";
  return finding;
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
  EXPECT_LT(text.find("Needs attention"), text.find("1 unknown"));
  EXPECT_LT(text.find("1 refused"), text.find("Outcomes"));
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

TEST(RunTextTest, WhatWentWellIsCountedByDirectoryAndActionBeforeTheFirstTenAreListed) {
  const Plan plan = LargePlan();
  const std::string text = TextOf(GoodRun(plan), plan);
  EXPECT_THAT(text, Not(HasSubstr("Needs attention")));
  EXPECT_THAT(text, HasSubstr("corp: deactivate 41 accounts "));
  EXPECT_THAT(text, HasSubstr("corp: remove 1 membership in 1 group  all applied and verified\n"));
  EXPECT_LT(text.find("By directory and action"), text.find("43 applied\n"));
  EXPECT_THAT(text, HasSubstr("deactivate leaver6"));
  EXPECT_THAT(text, Not(HasSubstr("deactivate leaver7")));
  EXPECT_THAT(text, HasSubstr("and 33 more; all of them: rollcall show r-0123456789abcdef --all; "
                              "one person's: --person EMAIL"));
}

// A change that holds, of which there is something to say, does not hide among many.
TEST(RunTextTest, WhatThereIsToSayOfAppliedChangesIsListedHoweverManyThereAre) {
  const Plan plan = LargePlan();
  RunRecord run = GoodRun(plan);
  Set(run, plan.changes.back().id, OutcomeState::kApplied, true, "compare the names");
  const std::string text = TextOf(run, plan);
  EXPECT_THAT(text, Not(HasSubstr("Needs attention")));
  EXPECT_THAT(text, HasSubstr("1 applied, with something to know\n"));
  EXPECT_THAT(text, HasSubstr("deactivate leaver39"));
  EXPECT_THAT(text, HasSubstr("compare the names"));
  EXPECT_THAT(text, HasSubstr("42 applied\n"));
}

TEST(RunTextTest, AllMeansAll) {
  const Plan plan = LargePlan();
  EXPECT_THAT(TextOf(GoodRun(plan), plan, {"rollcall", 0}), HasSubstr("deactivate leaver39"));
}

TEST(RunTextTest, TheTallyNamesWhatDidNotWork) {
  const Plan plan = LargePlan();
  RunRecord run = GoodRun(plan);
  run.state = RunState::kPartial;
  Set(run, "c4", OutcomeState::kRefused, false, "read-only");
  Set(run, "c5", OutcomeState::kAlreadyDone, true);
  run.outcomes.erase("c6");
  run.drift_left = 2;
  const std::string text = TextOf(run, plan);
  EXPECT_THAT(text, HasSubstr("38 applied, 1 so already, 1 refused, 1 pending; 39 verified\n"));
}

TEST(RunTextTest, DriftThatNoPlanCanSettleIsSaidInTheFirstLineAndNamedWithItsCure) {
  Plan plan = SamplePlan();
  plan.findings = {Drift("ambiguous"), SampleFinding("missing", Severity::kInfo)};
  RunRecord run = GoodRun(plan);
  run.drift_left = 1;
  run.message = "Not in step: 1 finding that no plan can settle is left (ambiguous).";
  const std::string text = TextOf(run, plan);
  EXPECT_THAT(text, StartsWith("SUCCEEDED  3 of 3 changes applied, 3 verified by reading; every "
                               "change holds, but not in step: 1 finding needs somebody.\n"));
  EXPECT_THAT(text, Not(HasSubstr("no drift left")));
  EXPECT_THAT(text, HasSubstr("no plan can settle is left (ambiguous)."));
  EXPECT_THAT(text, HasSubstr("WARNING  ambiguous in corp\n"));
  EXPECT_THAT(text, HasSubstr("Cure: Say which one: rollcall link PERSON"));
  EXPECT_THAT(text, Not(HasSubstr("missing in corp")));
  EXPECT_LT(text.find("ambiguous in corp"), text.find("Outcomes"));
  EXPECT_THAT(text, HasSubstr("Settle the findings above"));
}

TEST(RunTextTest, ADirectoryThatWasNotReadIsSaidInTheFirstLine) {
  Plan plan = SamplePlan();
  plan.unreadable = {"cloud"};
  EXPECT_THAT(TextOf(GoodRun(plan), plan),
              HasSubstr("every change holds, but not in step: cloud could not be read.\n"));
}

TEST(RunTextTest, DriftThatAFullVerificationFoundIsNotCalledInStep) {
  const Plan plan = SamplePlan();
  RunRecord run = GoodRun(plan);
  run.state = RunState::kPartial;
  run.drift_left = 5;
  run.message = "Reading everything again shows 5 changes still to make.";
  const std::string text = TextOf(run, plan);
  EXPECT_THAT(text, HasSubstr("but not in step: there is more to do, see below.\n"));
  EXPECT_THAT(text, HasSubstr("Needs attention\n  Reading everything again shows 5"));
}

TEST(RunTextTest, RequestsAndTimeAreToldAgainstTheBudget) {
  const Plan plan = SamplePlan();
  RunRecord run = GoodRun(plan);
  run.requests_used = 12;
  EXPECT_THAT(TextOf(run, plan),
              HasSubstr("Sent for applying and verifying: 12 requests of at most 12 planned.\n"
                        "  Took about 90 s; estimated: about 2 s without throttling.\n"));
  run.throttling = {{"corp", {53, absl::Milliseconds(20500)}}};
  EXPECT_THAT(TextOf(run, plan),
              HasSubstr("  corp asked to wait (429) 53 times, about 21 s in all.\n"));
  run.throttling = {{"corp", {53, absl::Milliseconds(20500), 52}}};
  EXPECT_THAT(TextOf(run, plan), HasSubstr("  corp asked to wait (429 and 503) 53 times"));
  run.throttling = {{"corp", {53, absl::Milliseconds(20500), 53}}};
  EXPECT_THAT(TextOf(run, plan), HasSubstr("  corp asked to wait (503) 53 times"));
  run.requests_used = 13;
  EXPECT_THAT(TextOf(run, plan), HasSubstr("13 requests; the plan foresaw at most 12"));
}

TEST(RunTextTest, ARefusalThatLastsIsToldByTheNameOfItsFinding) {
  const Plan plan = SamplePlan();
  RunRecord run = GoodRun(plan);
  run.state = RunState::kPartial;
  run.outcomes["c1"].state = OutcomeState::kRefused;
  run.outcomes["c1"].message = "nothing has moved";
  run.outcomes["c1"].finding = "masked";
  EXPECT_THAT(TextOf(run, plan), HasSubstr("masked: nothing has moved"));
}

TEST(RunTextTest, ARunThatChangedNothingSaysSo) {
  RunRecord run = SampleRun(RunState::kFailed);
  for (const char* change : {"c1", "c2", "c3"}) Set(run, change, OutcomeState::kFailed, false, "x");
  run.drift_left = 3;
  EXPECT_THAT(Text(run), StartsWith("FAILED  0 of 3 changes applied, 0 verified by reading; "
                                    "nothing was changed.\n"));
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
