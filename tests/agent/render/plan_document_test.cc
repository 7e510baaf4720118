#include "agent/render/plan_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "agent/render/document_writer.h"
#include "tests/agent/render/sample_plan.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string Text(const Plan& plan, const ViewOptions& options = {}) {
  return WriteText(PlanDocument(plan, options), Colour::kOff);
}

TEST(PlanTextTest, FirstLineSaysHowItStands) {
  EXPECT_THAT(Text(SamplePlan()),
              StartsWith("READY  3 changes in 1 directory (1 deactivation, 1 removal from groups, "
                         "1 activation). Nothing has been changed yet.\n"));
}

TEST(PlanTextTest, ReadyPlanNamesTheExactCommandToApplyIt) {
  EXPECT_THAT(Text(SamplePlan(), {"rollcall --config a.yaml", 50}),
              HasSubstr("    rollcall --config a.yaml apply p-0123456789abcdef\n"));
}

TEST(PlanTextTest, BlockedPlanNamesEveryWaiverOnce) {
  Plan plan = SamplePlan();
  plan.state = PlanState::kBlocked;
  plan.findings = {SampleFinding("first_run", Severity::kBlocking),
                   SampleFinding("first_run", Severity::kBlocking),
                   SampleFinding("max_removals", Severity::kBlocking)};
  EXPECT_THAT(BlockingGuards(plan), ElementsAre("first_run", "max_removals"));
  const std::string text = Text(plan);
  EXPECT_THAT(text, StartsWith("BLOCKED  2 guards block this plan: first_run, max_removals."));
  EXPECT_THAT(text, HasSubstr("rollcall apply p-0123456789abcdef --waive first_run --reason "
                              "\"why first_run is right here\" --waive max_removals --reason "));
  EXPECT_THAT(text, HasSubstr("Cure: Read the changes"));
}

TEST(PlanTextTest, OnlyAGuardOrALimitSaysWhatIsAllowed) {
  Plan plan = SamplePlan();
  plan.findings = {SampleFinding("held", Severity::kInfo)};
  plan.findings[0].observed = 96;
  plan.findings[0].limit = 0;
  EXPECT_THAT(Text(plan), Not(HasSubstr("allowed: ")));
  plan.findings[0].severity = Severity::kBlocking;
  EXPECT_THAT(Text(plan), HasSubstr("Seen: 96, allowed: 0"));
  plan.findings[0] = SampleFinding("max_removals", Severity::kWarning);
  plan.findings[0].observed = 3;
  plan.findings[0].limit = 5;
  EXPECT_THAT(Text(plan), HasSubstr("Seen: 3, allowed: 5"));
}

TEST(PlanTextTest, EmptyPlanInStepAsksForNothing) {
  Plan plan;
  plan.state = PlanState::kEmpty;
  EXPECT_THAT(Text(plan), StartsWith("EMPTY  in step with the export: nothing to change.\n"));
  EXPECT_THAT(Text(plan), HasSubstr("Nothing to do."));
}

TEST(PlanTextTest, EmptyPlanWithDriftDoesNotSayInStep) {
  Plan plan;
  plan.state = PlanState::kEmpty;
  plan.findings = {SampleFinding("ambiguous", Severity::kWarning)};
  EXPECT_THAT(Text(plan), StartsWith("EMPTY  nothing can be changed, but 1 finding needs"));
  EXPECT_THAT(Text(plan), Not(HasSubstr("in step with")));
}

TEST(PlanTextTest, EmptyPlanOfAHalfReadWorldDoesNotSayInStep) {
  Plan plan;
  plan.state = PlanState::kEmpty;
  plan.unreadable = {"corp"};
  EXPECT_THAT(Text(plan), Not(HasSubstr("in step with")));
  EXPECT_THAT(Text(plan), HasSubstr("Could not be read: corp."));
}

TEST(PlanTextTest, FiftyRowsAreShownWhole) {
  Plan plan = SamplePlan();
  plan.changes.clear();
  for (int i = 0; i < 50; ++i) AddSample(plan, Action::kDeactivate, absl::StrCat("user", i));
  EXPECT_THAT(Text(plan), HasSubstr("user49 "));
  EXPECT_THAT(Text(plan), Not(HasSubstr("more; all of them")));
}

TEST(PlanTextTest, OfFiftyOneRowsTheLastIsCountedAndTheWayToSeeItNamed) {
  Plan plan = SamplePlan();
  plan.changes.clear();
  for (int i = 0; i < 51; ++i) AddSample(plan, Action::kDeactivate, absl::StrCat("user", i));
  EXPECT_THAT(Text(plan), HasSubstr("corp: deactivate 51 accounts"));
  EXPECT_THAT(Text(plan), Not(HasSubstr("user50 ")));
  EXPECT_THAT(Text(plan),
              HasSubstr("and 1 more; all of them: rollcall show p-0123456789abcdef --all"));
  EXPECT_THAT(Text(plan, {"rollcall", 0}), HasSubstr("user50 "));
}

TEST(PlanTextTest, TenThousandChangesStayOnAFewScreens) {
  Plan plan = SamplePlan();
  plan.changes.clear();
  for (int i = 0; i < 10000; ++i) {
    AddSample(plan, Action::kAddMembership, absl::StrCat("user", i), absl::StrCat("g", i % 7));
  }
  const std::string text = Text(plan);
  EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 80);
  EXPECT_THAT(text, HasSubstr("corp: add 10,000 memberships in 7 groups"));
  EXPECT_THAT(text, HasSubstr("by group: g0 1,429, g1 1,429"));
}

TEST(PlanTextTest, AThousandFindingsOfOneNameAreCut) {
  Plan plan = SamplePlan();
  for (int i = 0; i < 1000; ++i) {
    plan.findings.push_back(SampleFinding("ambiguous", Severity::kWarning));
  }
  EXPECT_THAT(Text(plan), HasSubstr("and 950 more of ambiguous"));
}

TEST(PlanTextTest, EffectsAndRoutesAreNamed) {
  Plan plan = SamplePlan();
  plan.changes[0].routed_from = "cloud";
  plan.changes[0].effects = {{"cloud", "712020:1", Action::kDeactivate}};
  EXPECT_THAT(Text(plan), HasSubstr("(in place of cloud); follows by itself: deactivate "
                                    "cloud/712020:1"));
}

TEST(PlanTextTest, TheWayOfAReRouteIsTold) {
  Plan plan = SamplePlan();
  plan.changes[0].reroute = Reroute{"cloud-scim", "s1", "bob", "", "", "", ""};
  EXPECT_THAT(Text(plan), HasSubstr("(through cloud-scim if that turns out to own it)"));
  EXPECT_THAT(Text(plan), HasSubstr("Up to 1 write more"));
  EXPECT_THAT(Text(SamplePlan()), Not(HasSubstr("more if what they change")));
}

TEST(PlanTextTest, PeopleAreNamedAsPeopleCallThem) {
  Plan plan = SamplePlan();
  plan.findings = {SampleFinding("ambiguous", Severity::kWarning)};
  plan.findings[0].subjects = {"id-eve", "corp/acc-eve"};
  plan.labels = {{"id-eve", "eve"}};
  EXPECT_THAT(Text(plan), HasSubstr("About: eve (id-eve) and corp/acc-eve"));
  EXPECT_EQ(OnlyPerson(plan, "EVE").findings.size(), 1u);
  EXPECT_EQ(OnlyPerson(plan, "carol").findings.size(), 0u);
}

TEST(PlanTextTest, NamesCannotReachTheTerminal) {
  Plan plan = SamplePlan();
  plan.changes[0].user_name = "eve\x1b[2J\u202e";
  plan.findings = {SampleFinding("ambiguous", Severity::kWarning)};
  plan.findings[0].message = "two\nlines \x1b]0;title\x07";
  plan.findings[0].subjects = {"\x9b"};
  const std::string text = Text(plan);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("eve\\x1b[2J\\u{202e}"));
  EXPECT_THAT(text, HasSubstr("two\\x0alines"));
  EXPECT_THAT(text, HasSubstr("About: \\x9b"));
}

TEST(PlanTextTest, ColourIsOnlyThereWhenItIsOn) {
  const Document document = PlanDocument(SamplePlan(), {});
  EXPECT_THAT(WriteText(document, Colour::kOn), HasSubstr("\x1b[1;32mREADY\x1b[0m"));
  EXPECT_THAT(WriteText(document, Colour::kOff), Not(HasSubstr("\x1b")));
}

TEST(PlanHtmlTest, IsOnePageThatLoadsAndRunsNothing) {
  Plan plan = SamplePlan();
  plan.changes[0].user_name = "<img src=x onerror=alert(1)>";
  const std::string html = WriteHtml(PlanDocument(plan, {}));
  EXPECT_THAT(html, StartsWith("<!doctype html>"));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("http://")));
  EXPECT_THAT(html, HasSubstr("&lt;img src=x"));
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(PlanMarkdownTest, NamesCannotBreakATable) {
  Plan plan = SamplePlan();
  plan.changes[0].user_name = "a|b\n# c";
  const std::string markdown = WriteMarkdown(PlanDocument(plan, {}));
  EXPECT_THAT(markdown, StartsWith("**READY** 3 changes"));
  EXPECT_THAT(markdown, HasSubstr("| a\\|b\\\\x0a\\# c |"));
}

TEST(OnlyPersonTest, FindsByUserNameEmailOrIdAndKeepsTheFindings) {
  Plan plan = SamplePlan();
  plan.findings = {SampleFinding("first_run", Severity::kBlocking),
                   SampleFinding("ambiguous", Severity::kWarning)};
  plan.findings[1].subjects = {"id-carol"};
  for (const char* bob : {"bob", "BOB@Example.com", "id-bob"}) {
    const Plan only = OnlyPerson(plan, bob);
    ASSERT_EQ(only.changes.size(), 1u) << bob;
    EXPECT_EQ(only.changes[0].user_name, "bob");
    ASSERT_EQ(only.findings.size(), 1u) << bob;
    EXPECT_EQ(only.findings[0].name, "first_run");
  }
  EXPECT_TRUE(OnlyPerson(plan, "nobody").changes.empty());
}

TEST(OnlyPersonTest, SaysInWordsThatNothingConcernsThePerson) {
  EXPECT_THAT(WriteText(PlanDocument(OnlyPerson(SamplePlan(), "nobody"), {}), Colour::kOff),
              StartsWith("READY  no changes. Nothing has been changed yet."));
}

TEST(OnlyPersonTest, CountsOnlyThePersonsChangesAndKeepsWhatBlocksThePlan) {
  Plan plan = SamplePlan();
  plan.state = PlanState::kBlocked;
  plan.findings = {SampleFinding("first_run", Severity::kBlocking)};
  const Plan carol = OnlyPerson(plan, "carol");
  const Counts one_removal = {0, 0, 0, 1, 497, 0};
  EXPECT_EQ(carol.counts, one_removal);
  ASSERT_EQ(carol.findings.size(), 1u);  // it is about bob, and stops carol's change too
  EXPECT_THAT(WriteText(PlanDocument(carol, {}), Colour::kOff),
              StartsWith("BLOCKED  1 guard blocks this plan: first_run. It would make 1 change in "
                         "1 directory (1 removal from groups)."));
}

}  // namespace
}  // namespace rollcall
