// Rules E1 to E3, A1 to A5, H1 and S1: who should be active where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/company.h"
#include "tests/support/plan_matchers.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(E1, APersonWhoIsActiveAndNotAssignedStaysAsHeIs) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob").Group("assigned", {"p2"});
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada", .state = kInactive})
      .Account({.id = "a2", .user_name = "bob"});
  dir.spec().people = {PeopleRule::Kind::kGroups, {"Assigned"}, {}};
  dir.spec().policy.activate = Policy::Activate::kAll;
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(E1, AnAttributeEntitles) {
  Company c;
  c.Person("p1", "ada").Attribute("p1", "userType", "Employee").Person("p2", "bob");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada"}).Account({.id = "a2", .user_name = "bob"});
  dir.spec().people = {PeopleRule::Kind::kWhere, {}, {{"user_type", "employee"}}};
  dir.spec().policy.not_entitled = Policy::Leave::kDeactivate;
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kDeactivate), ElementsAre("dir/a2"));
}

TEST(E1, AMissingEntitlingGroupTakesNobodysAccount) {
  Company c;
  c.Person("p1", "ada");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada"});
  dir.spec().people = {PeopleRule::Kind::kGroups, {"renamed-in-the-idp"}, {}};
  dir.spec().policy.not_entitled = Policy::Leave::kDeactivate;
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "group_not_in_export"), ElementsAre("renamed-in-the-idp"));
}

TEST(E1, AHeldEntitlingGroupTakesNobodysAccount) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob").Group("assigned", {"p2"});
  c.HeldGroup("assigned", "cut after 20 members");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada"}).Account({.id = "a2", .user_name = "bob"});
  dir.spec().people = {PeopleRule::Kind::kGroups, {"assigned"}, {}};
  dir.spec().policy.not_entitled = Policy::Leave::kDeactivate;
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(E2, ExcludedPeopleAreKnownAndNeverTouched) {
  Company c;
  c.Person("p1", "ada").Inactive("p1").Attribute("p1", "userType", "Guest");
  c.spec().exclude = {{{"user_type", "guest"}}};
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_EQ(FindFinding(plan, "vanished"), nullptr);
}

TEST(E3, EntitledPeopleWithoutAnAccountAreMissing) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob").Inactive("p2");
  c.Directory("dir");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(SubjectsOf(plan, "missing"), ElementsAre("p1"));
  EXPECT_EQ(plan.state, PlanState::kEmpty);
}

TEST(A1, AnActiveAccountOfALeaverIsDeactivated) {
  Company c;
  c.Person("p1", "ada").Inactive("p1").Person("p2", "bob");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada"})
      .Account({.id = "a2", .user_name = "bob"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("dir/a1"));
  EXPECT_THAT(plan.changes.front().reason, HasSubstr("A1"));
  EXPECT_EQ(plan.counts.unchanged, 1);
  EXPECT_EQ(plan.state, PlanState::kReady);
}

TEST(A1, ALeaverIsDeactivatedWhereHeIsNotEntitledToo) {
  Company c;
  c.Person("p1", "ada").Inactive("p1").Person("p2", "bob").Group("assigned", {"p2"});
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada"});
  dir.spec().people = {PeopleRule::Kind::kGroups, {"assigned"}, {}};
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kDeactivate), ElementsAre("dir/a1"));
}

Plan PlanOfALockedAccount(Policy::Activate policy, bool ours) {
  Company c;
  c.Person("p1", "ada");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada", .state = kInactive});
  dir.spec().policy.activate = policy;
  if (ours) c.memory().deactivated_by_us.insert({"dir", "a1"});
  return PlanFor(c).plan;
}

TEST(A2, ActivateOwnLeavesAForeignLockOutAlone) {
  Plan plan = PlanOfALockedAccount(Policy::Activate::kOwn, false);
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "deactivated_elsewhere"), ElementsAre("p1"));
}

TEST(A2, ActivateOwnTakesBackWhatRollcallDid) {
  Plan plan = PlanOfALockedAccount(Policy::Activate::kOwn, true);
  EXPECT_THAT(ChangesOf(plan, Action::kActivate), ElementsAre("dir/a1"));
}

TEST(A2, ActivateAllActivates) {
  Plan plan = PlanOfALockedAccount(Policy::Activate::kAll, false);
  EXPECT_THAT(ChangesOf(plan, Action::kActivate), ElementsAre("dir/a1"));
}

TEST(A2, ActivateReportActivatesNobody) {
  Plan plan = PlanOfALockedAccount(Policy::Activate::kReport, true);
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "deactivated_elsewhere"), ElementsAre("p1"));
}

TEST(A2, AnAccountSeenActiveNoLongerCountsAsDeactivatedByRollcall) {
  Company c;
  c.Person("p1", "ada");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
  c.memory().deactivated_by_us.insert({"dir", "a1"});
  EXPECT_THAT(PlanFor(c).to_remember.seen_active, ElementsAre(std::make_pair("dir", "a1")));
}

TEST(A2, NotEntitledReportsUnlessToldOtherwise) {
  for (bool deactivate : {false, true}) {
    Company c;
    c.Person("p1", "ada").Person("p2", "bob").Group("assigned", {"p2"});
    CompanyDirectory& dir = c.Directory("dir");
    dir.Account({.id = "a1", .user_name = "ada"}).Account({.id = "a2", .user_name = "bob"});
    dir.spec().people = {PeopleRule::Kind::kGroups, {"assigned"}, {}};
    if (deactivate) dir.spec().policy.not_entitled = Policy::Leave::kDeactivate;
    Plan plan = PlanFor(c).plan;
    EXPECT_EQ(plan.changes.size(), deactivate ? 1u : 0u);
    EXPECT_EQ(FindFinding(plan, "not_entitled") != nullptr, !deactivate);
  }
}

Company& Vanished(Company& c, int64_t missing_before) {
  c.Person("p2", "bob");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada"}).Account({.id = "a2", .user_name = "bob"});
  dir.spec().policy.vanished = Policy::Leave::kDeactivate;
  c.Link("dir", "a1", "p1", Proof::kRecordedId);
  c.memory().absent = {{"p1", missing_before}};
  return c;
}

TEST(A2, VanishedPeopleAreDeactivatedOnceTheyMissEnoughExports) {
  Company c;
  EXPECT_THAT(ChangesOf(PlanFor(Vanished(c, 1)).plan, Action::kDeactivate), ElementsAre("dir/a1"));
}

TEST(A2, VanishedPeopleAreReportedBeforeThat) {
  Company c;
  Plan plan = PlanFor(Vanished(c, 0)).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "vanished"), ElementsAre("p1"));
}

TEST(A2, VanishedIsReportedByDefault) {
  Company c;
  Vanished(c, 9).Directory("dir").spec().policy.vanished = Policy::Leave::kReport;
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(A2, NobodyIsDeactivatedByAbsenceWithoutStableIds) {
  Company c;
  Vanished(c, 9).WithoutStableIds();
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(A2, UnownedAccountsAreReportedUnlessToldOtherwise) {
  for (bool deactivate : {false, true}) {
    Company c;
    c.Person("p1", "ada");
    c.spec().managed_domains = {"Example.com"};
    CompanyDirectory& dir = c.Directory("dir");
    dir.Account({.id = "a1", .user_name = "nobody", .email = "nobody@example.com"});
    dir.Account({.id = "a2", .user_name = "else", .email = "else@mail.example.com"});
    if (deactivate) dir.spec().policy.unowned = Policy::Leave::kDeactivate;
    Plan plan = PlanFor(c).plan;
    EXPECT_EQ(plan.changes.size(), deactivate ? 1u : 0u);
    EXPECT_EQ(FindFinding(plan, "unowned") != nullptr, !deactivate);
    EXPECT_EQ(plan.counts.out_of_scope, 1);
  }
}

TEST(A3, TheSameContentReadTwiceCountsOnce) {
  Company c;
  Vanished(c, 1);
  PlanInput input = c.Input();
  Memory memory = input.memory;
  memory.last_accepted_hash = input.exported.content_hash;
  PlanInput again{input.spec, input.exported, memory, input.directories, input.now, {}, 0, "p",
                  "s"};
  Draft draft = MakeDraft(again);
  EXPECT_THAT(FinishPlan(again, draft, {}).plan.changes, IsEmpty());
}

// Ada has left; whoever plans this for the first time is stopped by `first_run`.
void LeaverOnAFirstRun(Company& c) {
  c.Fresh().Person("p1", "ada").Inactive("p1").Person("p2", "bob");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
}

TEST(A3, AnExportIsAcceptedAlsoWhereAGuardOfChangesBlocksThePlan) {
  Company c;
  LeaverOnAFirstRun(c);
  const PlanResult result = PlanFor(c);
  EXPECT_EQ(result.plan.state, PlanState::kBlocked);
  EXPECT_THAT(SubjectsOf(result.plan, "first_run"), ElementsAre("p1"));
  EXPECT_TRUE(result.to_remember.export_accepted);
}

TEST(A3, AnExportThatAGuardOfExportsBlocksIsNotAccepted) {
  Company c;
  LeaverOnAFirstRun(c);
  c.set_export_time(c.now() - absl::Hours(27));
  const PlanResult result = PlanFor(c);
  EXPECT_NE(FindFinding(result.plan, "stale_export"), nullptr);
  EXPECT_FALSE(result.to_remember.export_accepted);
}

TEST(A5, UntouchableAccountsAreNeverTouched) {
  Company c;
  c.Person("p1", "ada").Inactive("p1");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .state = AccountState::kUntouchable});
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(H1, AHeldPersonIsDeactivatedWhateverTheExportSays) {
  Company c;
  c.Person("p1", "ada");
  c.HoldPerson("p1");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("dir/a1"));
  EXPECT_THAT(SubjectsOf(plan, "held"), ElementsAre("p1"));
}

TEST(H1, AHeldPersonIsNeitherActivatedNorAdded) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob").Group("eng", {"p1", "p2"}).Manage("eng", "dir");
  c.HoldPerson("p1");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada", .state = kInactive})
      .Account({.id = "a2", .user_name = "bob"});
  dir.Member("eng", "a2");
  dir.spec().policy.activate = Policy::Activate::kAll;
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(H1, AnExceptionKeepsALeaverInUntilItEnds) {
  Company c;
  c.Person("p1", "ada").Inactive("p1");
  c.HoldPerson("p1", Hold::Kind::kActivated);
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .state = kInactive});
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kActivate), ElementsAre("dir/a1"));
}

TEST(H1, WhereBothKindsAreInForceThePersonStaysOut) {
  Company c;
  c.Person("p1", "ada");
  c.HoldPerson("p1", Hold::Kind::kActivated).HoldPerson("p1", Hold::Kind::kDeactivated);
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kDeactivate), ElementsAre("dir/a1"));
}

TEST(H1, AStatusOnHoldChangesNoActivity) {
  for (AccountState state : {AccountState::kActive, kInactive}) {
    Company c;
    c.Person("p1", "ada").OnHold("p1");
    CompanyDirectory& dir = c.Directory("dir");
    dir.Account({.id = "a1", .user_name = "ada", .state = state});
    dir.spec().policy.activate = Policy::Activate::kAll;
    EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
  }
}

TEST(S1, AccountsThatAreNeitherLinkedNorManagedAreOutOfScope) {
  Company c;
  c.Person("p1", "ada");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada"}).Account({.id = "a2", .user_name = "robot"});
  dir.spec().policy.unowned = Policy::Leave::kDeactivate;
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_EQ(plan.counts.out_of_scope, 1);
  EXPECT_EQ(plan.counts.unchanged, 1);
}

TEST(S1, AGroupDeclaresItsMembersManaged) {
  Company c;
  c.Person("p1", "ada");
  c.spec().managed_groups = {"contractors"};
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "x"}).Account({.id = "a2", .user_name = "y"});
  dir.Member("contractors", "a1");
  dir.spec().policy.unowned = Policy::Leave::kDeactivate;
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kDeactivate), ElementsAre("dir/a1"));
}

}  // namespace
}  // namespace rollcall
