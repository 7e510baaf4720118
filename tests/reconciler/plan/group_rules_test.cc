// Rules G1 to G7 and O1: who should be in which group.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/company.h"
#include "tests/support/plan_matchers.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// ada is in the group here and not in the export; bob the other way round; cyd is in both.
void FillTeam(Company& c) {
  c.Person("p1", "ada").Person("p2", "bob").Person("p3", "cyd").Group("eng", {"p2", "p3"});
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada"})
      .Account({.id = "a2", .user_name = "bob"})
      .Account({.id = "a3", .user_name = "cyd"})
      .Member("eng", "a1")
      .Member("eng", "a3");
}

TEST(G1, AManagedGroupEqualsTheExports) {
  Company c;
  FillTeam(c);
  c.Manage("eng", "dir");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kRemoveMembership), ElementsAre("dir/eng/a1"));
  EXPECT_THAT(ChangesOf(plan, Action::kAddMembership), ElementsAre("dir/eng/a2"));
}

TEST(G1, AnAdditiveGroupIsOnlyAddedTo) {
  Company c;
  FillTeam(c);
  c.Manage("eng", "dir", GroupMode::kAdditive);
  c.Inactive("p3").Directory("dir").spec().policy.inactive_memberships =
      Policy::InactiveMemberships::kRemove;
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kRemoveMembership), IsEmpty());
  EXPECT_THAT(ChangesOf(plan, Action::kAddMembership), ElementsAre("dir/eng/a2"));
}

TEST(G1, OnlyGroupsOfTheConfigurationAreManaged) {
  Company c;
  FillTeam(c);
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(G1, PeopleWhoAreNotEntitledAreNotAdded) {
  Company c;
  FillTeam(c);
  c.Group("assigned", {"p1", "p3"}).Manage("eng", "dir");
  c.Directory("dir").spec().people = {PeopleRule::Kind::kGroups, {"assigned"}, {}};
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kAddMembership), IsEmpty());
}

TEST(G1, AnExceptionThatKeepsSomebodyInDoesNotEntitle) {
  Company c;
  FillTeam(c);
  c.Group("assigned", {"p1", "p3"}).Manage("eng", "dir");
  c.HoldPerson("p2", Hold::Kind::kActivated);
  c.Directory("dir").spec().people = {PeopleRule::Kind::kGroups, {"assigned"}, {}};
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kAddMembership), IsEmpty());
}

TEST(G2, MembershipsOfStrangersStay) {
  Company c;
  FillTeam(c);
  c.Manage("eng", "dir");
  c.Directory("dir")
      .Account({.id = "a4", .user_name = "robot"})
      .Account({.id = "a5", .user_name = "gone"})
      .Account({.id = "a6", .user_name = "old", .external_id = "legacy"})
      .Member("eng", "a4")
      .Member("eng", "a5")
      .Member("eng", "a6");
  c.Link("dir", "a5", "p9", Proof::kRecordedId);
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kRemoveMembership), ElementsAre("dir/eng/a1"));
}

TEST(G2, InactivePeopleKeepTheirMembershipsByDefault) {
  for (bool listed : {false, true}) {
    Company c;
    c.Person("p1", "ada").Inactive("p1").Person("p2", "bob");
    c.Group("eng", listed ? std::vector<std::string>{"p1", "p2"} : std::vector<std::string>{"p2"});
    c.Manage("eng", "dir");
    c.Directory("dir")
        .Account({.id = "a1", .user_name = "ada", .state = kInactive})
        .Account({.id = "a2", .user_name = "bob"})
        .Member("eng", "a1")
        .Member("eng", "a2");
    EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
    c.Directory("dir").spec().policy.inactive_memberships = Policy::InactiveMemberships::kRemove;
    EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kRemoveMembership), ElementsAre("dir/eng/a1"));
  }
}

TEST(G2, ListedPeopleWhoAreNotEntitledKeepTheirs) {
  Company c;
  FillTeam(c);
  c.Group("assigned", {"p1", "p2"}).Manage("eng", "dir");
  c.Directory("dir").spec().people = {PeopleRule::Kind::kGroups, {"assigned"}, {}};
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kRemoveMembership), ElementsAre("dir/eng/a1"));
}

TEST(G3, AnAccountThatStaysInactiveIsNotAddedAndRemovalsGoOn) {
  Company c;
  FillTeam(c);
  c.Manage("eng", "dir");
  c.Directory("dir").SetState("a1", kInactive).SetState("a2", kInactive);
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes.size(), 1);
  EXPECT_THAT(ChangesOf(plan, Action::kRemoveMembership), ElementsAre("dir/eng/a1"));
}

TEST(G3, WhatKeepsAnActivationOutKeepsTheAdditionsOutToo) {
  for (bool contested : {false, true}) {
    Company c;
    FillTeam(c);
    c.Manage("eng", "dir");
    c.Directory("dir").SetState("a2", kInactive);
    c.memory().deactivated_by_us.insert({"dir", "a2"});
    if (contested) {
      c.memory().applied_repeatedly.push_back({"dir", Action::kActivate, "a2", "", 2});
    } else {
      c.Directory("dir").spec().allow = {Action::kDeactivate, Action::kAddMembership,
                                         Action::kRemoveMembership};
    }
    Plan plan = PlanFor(c).plan;
    EXPECT_THAT(ChangesOf(plan, Action::kActivate), IsEmpty());
    EXPECT_THAT(ChangesOf(plan, Action::kAddMembership), IsEmpty());
    EXPECT_THAT(ChangesOf(plan, Action::kRemoveMembership), ElementsAre("dir/eng/a1"));
  }
}

TEST(G3, ReactivationRestoresWhatTheExportSaysToday) {
  Company c;
  FillTeam(c);
  c.Manage("eng", "dir");
  c.Directory("dir").SetState("a2", kInactive);
  c.memory().deactivated_by_us.insert({"dir", "a2"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kActivate), ElementsAre("dir/a2"));
  EXPECT_THAT(ChangesOf(plan, Action::kAddMembership), ElementsAre("dir/eng/a2"));
}

TEST(G4, NestedGroupsOfTheExportAreExpanded) {
  Company c;
  FillTeam(c);
  c.Group("all", {"eng", "p1"}).Manage("all", "dir");
  c.Directory("dir").Group({.name = "all"});
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kAddMembership),
              ElementsAre("dir/all/a1", "dir/all/a2", "dir/all/a3"));
}

TEST(G4, AMemberNobodyKnowsHoldsTheGroupAgainstRemovals) {
  Company c;
  FillTeam(c);
  c.Group("ops", {"p2", "stranger"}).Manage("ops", "dir");
  c.Directory("dir").Member("ops", "a1");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kRemoveMembership), IsEmpty());
  EXPECT_THAT(ChangesOf(plan, Action::kAddMembership), ElementsAre("dir/ops/a2"));
  EXPECT_THAT(SubjectsOf(plan, "group_held"), ElementsAre("ops"));
}

TEST(G4, NestedGroupsOfTheTargetAreNamed) {
  Company c;
  FillTeam(c);
  c.Group("ops", {"p2"}).Manage("ops", "dir");
  c.Directory("dir").Group({.name = "ops", .nested = true});
  EXPECT_THAT(SubjectsOf(PlanFor(c).plan, "nested_access"), ElementsAre("ops"));
}

TEST(G5, AConfiguredGroupThatTheExportLacksIsLeftAlone) {
  Company c;
  FillTeam(c);
  c.Manage("ops", "dir");
  c.Directory("dir").Member("ops", "a1");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "group_not_in_export"), ElementsAre("ops"));
}

TEST(G5, AnEmptyListMeansNobodyOnlyWhereTheConfigurationSaysSo) {
  for (bool may_be_empty : {false, true}) {
    Company c;
    FillTeam(c);
    c.Group("ops", {}).Manage("ops", "dir");
    c.spec().groups.back().may_be_empty = may_be_empty;
    c.Directory("dir").Member("ops", "a1");
    Plan plan = PlanFor(c).plan;
    EXPECT_EQ(ChangesOf(plan, Action::kRemoveMembership).size(), may_be_empty ? 1u : 0u);
    EXPECT_EQ(FindFinding(plan, "group_held") != nullptr, !may_be_empty);
  }
}

TEST(G5, AGroupThatTheTargetLacksIsMissing) {
  Company c;
  FillTeam(c);
  c.Group("ops", {"p1"}).Manage("ops", "dir");
  EXPECT_THAT(SubjectsOf(PlanFor(c).plan, "group_missing"), ElementsAre("ops"));
}

TEST(G5, ANameThatFitsTwoGroupsOfTheTargetIsAmbiguous) {
  Company c;
  FillTeam(c);
  c.Group("ops", {"p1"}).Manage("ops", "dir");
  c.Directory("dir").Group({.name = "ops", .id = "1"}).Group({.name = "OPS", .id = "2"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "ambiguous"), ElementsAre("ops"));
}

TEST(G6, TwoEntriesForOneTargetGroupAreTheirUnion) {
  Company c;
  FillTeam(c);
  c.Group("ops", {"p1"}).Group("dev", {"p2"});
  c.Manage("ops", "dir", GroupMode::kExact, "staff")
      .Manage("dev", "dir", GroupMode::kExact, "Staff");
  c.Directory("dir").Member("staff", "a3");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kAddMembership), ElementsAre("dir/staff/a1", "dir/staff/a2"));
  EXPECT_THAT(ChangesOf(plan, Action::kRemoveMembership), ElementsAre("dir/staff/a3"));
}

TEST(G6, AUnionWithAnEntryThatTheExportLacksIsHeld) {
  Company c;
  FillTeam(c);
  c.Group("ops", {"p1"});
  c.Manage("ops", "dir", GroupMode::kExact, "staff")
      .Manage("dev", "dir", GroupMode::kExact, "staff");
  c.Directory("dir").Member("staff", "a3");
  EXPECT_THAT(ChangesOf(PlanFor(c).plan, Action::kRemoveMembership), IsEmpty());
}

TEST(G7, AGroupTakenInByAPatternIsAdditiveUntilAdopted) {
  for (bool adopted : {false, true}) {
    Company c;
    FillTeam(c);
    c.Manage("e*", "dir");
    if (adopted) c.memory().adopted_groups.insert({"dir", "eng"});
    Plan plan = PlanFor(c).plan;
    EXPECT_THAT(ChangesOf(plan, Action::kAddMembership), ElementsAre("dir/eng/a2"));
    EXPECT_EQ(ChangesOf(plan, Action::kRemoveMembership).size(), adopted ? 1u : 0u);
  }
}

TEST(O1, WhoLeftLosesAccessFirst) {
  Company c;
  FillTeam(c);
  c.Manage("eng", "dir").Person("p4", "dan").Inactive("p4").Person("p5", "eve");
  c.Directory("dir")
      .Account({.id = "a4", .user_name = "dan"})
      .Account({.id = "a5", .user_name = "eve", .state = kInactive});
  c.memory().deactivated_by_us.insert({"dir", "a5"});
  std::vector<Action> order;
  for (const Change& change : PlanFor(c).plan.changes) order.push_back(change.action);
  EXPECT_THAT(order, ElementsAre(Action::kDeactivate, Action::kRemoveMembership, Action::kActivate,
                                 Action::kAddMembership));
}

TEST(FirstRun, APlanForOnePersonCoversNoGroup) {
  Company c;
  c.Person("p1", "ada").Group("eng", {"p1"}).Manage("eng", "dir");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"}).Member("eng", "a1");
  PlanInput input = c.Input();
  EXPECT_EQ(FinishPlan(input, MakeDraft(input), {}).plan.covered_groups.size(), 1u);
  input.only_person = "p1";
  EXPECT_EQ(FinishPlan(input, MakeDraft(input), {}).plan.covered_groups.size(), 0u);
}

}  // namespace
}  // namespace rollcall
