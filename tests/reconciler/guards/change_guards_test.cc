// first_run, emptied_group, min_admins, privileged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reconciler/guards/guard_case.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(FirstRun, ADeactivationInANewDirectoryBlocks) {
  GuardCase g;
  g.company.Fresh();
  g.People(20).Deactivate(1);
  std::vector<Finding> found = g.Blocking("first_run");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "dir");
  EXPECT_EQ(found[0].observed, 1);
  EXPECT_EQ(found[0].limit, 0);
  EXPECT_THAT(found[0].subjects, ElementsAre("p1"));
  EXPECT_EQ(found[0].message,
            "nothing has been applied to dir from this state yet, and the plan has 1 deactivation "
            "there");
}

TEST(FirstRun, AnActivationInANewDirectoryPasses) {
  GuardCase g;
  g.company.Fresh();
  g.People(20).Changes(Action::kActivate, 5);
  EXPECT_THAT(g.Blocking("first_run"), IsEmpty());
}

TEST(FirstRun, WhereSomethingWasAppliedItPasses) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 10).Deactivate(1).Remove(2, "eng");
  EXPECT_THAT(g.Blocking("first_run"), IsEmpty());
}

TEST(FirstRun, ARemovalInANewDirectoryBlocksEvenFromACoveredGroup) {
  GuardCase g;
  g.company.Fresh();
  g.company.memory().covered_groups = {{"dir", "eng"}};
  g.People(20).ManagedGroup("eng", 10).Remove(1, "eng");
  EXPECT_THAT(g.Blocking("first_run"), SizeIs(1));
}

TEST(FirstRun, AnyChangeInAGroupThatNoPlanHasCoveredBlocks) {
  GuardCase g;
  g.company.Fresh();
  g.company.memory().applied_directories = {"dir"};
  g.company.memory().covered_groups = {{"dir", "eng"}};
  g.People(20).ManagedGroup("Eng", 10).ManagedGroup("new", 0);
  g.Add(Action::kAddMembership, 11, "dir", "Eng");
  EXPECT_THAT(g.Blocking("first_run"), IsEmpty());
  g.Add(Action::kAddMembership, 11, "dir", "new");
  std::vector<Finding> found = g.Blocking("first_run");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 1);
  EXPECT_THAT(found[0].subjects, ElementsAre("new", "p11"));
  EXPECT_THAT(found[0].message, HasSubstr("1 change is in groups in dir"));
}

TEST(FirstRun, AGroupCoveredInAnotherDirectoryIsNotCoveredHere) {
  GuardCase g;
  g.company.Fresh();
  g.company.memory().applied_directories = {"dir"};
  g.company.memory().covered_groups = {{"other", "eng"}};
  g.People(20).ManagedGroup("eng", 0);
  g.Add(Action::kAddMembership, 11, "dir", "eng");
  EXPECT_THAT(g.Blocking("first_run"), SizeIs(1));
}

TEST(FirstRun, EffectsCount) {
  GuardCase g;
  g.company.Fresh();
  g.company.memory().applied_directories = {"scim"};
  g.People(20, "scim").People(20, "cloud");
  g.Add(Action::kDeactivate, 1, "scim").effects = {{"cloud", "a1", Action::kDeactivate}};
  std::vector<Finding> found = g.Blocking("first_run");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "cloud");
}

TEST(FirstRun, EachNewDirectoryIsNamedOnce) {
  GuardCase g;
  g.company.Fresh();
  g.People(20, "one").People(20, "two").ManagedGroup("eng", 10, "two");
  g.Deactivate(2, "one").Deactivate(2, "two").Remove(1, "eng", "two");
  std::vector<Finding> found = g.Blocking("first_run");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].observed, 2);
  EXPECT_EQ(found[1].observed, 3);
}

TEST(FirstRun, APlanWithoutChangesPasses) {
  GuardCase g;
  g.company.Fresh();
  g.People(20);
  EXPECT_THAT(g.Judge(), IsEmpty());
}

TEST(FirstRun, SwitchedOffPasses) {
  GuardCase g;
  g.company.Fresh();
  g.company.spec().guards.first_run = false;
  g.People(20).Deactivate(1);
  EXPECT_THAT(g.Blocking("first_run"), IsEmpty());
}

TEST(FirstRun, DoesNotStopOnePerson) {
  GuardCase g;
  g.company.Fresh();
  g.People(20).Deactivate(1);
  g.only_person = "p1";
  EXPECT_THAT(g.Blocking("first_run"), IsEmpty());
}

TEST(EmptiedGroup, OneActiveMemberLeftPasses) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 3).Remove(2, "eng");
  EXPECT_THAT(g.Blocking("emptied_group"), IsEmpty());
}

TEST(EmptiedGroup, TheLastActiveMemberRemovedBlocks) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 3).Remove(3, "eng");
  std::vector<Finding> found = g.Blocking("emptied_group");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 1);
  EXPECT_THAT(found[0].subjects, ElementsAre("eng"));
}

TEST(EmptiedGroup, TheLastActiveMemberDeactivatedBlocks) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 3).Remove(2, "eng");
  g.Add(Action::kDeactivate, 3);
  EXPECT_THAT(g.Blocking("emptied_group"), SizeIs(1));
}

TEST(EmptiedGroup, InactiveMembersDoNotKeepItAlive) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 3).Remove(2, "eng");
  g.company.Directory("dir").SetState("a3", AccountState::kInactive);
  EXPECT_THAT(g.Blocking("emptied_group"), SizeIs(1));
}

TEST(EmptiedGroup, AnActiveMemberAddedKeepsItAlive) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 2).Remove(2, "eng");
  g.Add(Action::kAddMembership, 9, "dir", "eng");
  EXPECT_THAT(g.Blocking("emptied_group"), IsEmpty());
}

TEST(EmptiedGroup, AMemberWhoIsActivatedKeepsItAlive) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 2).Remove(1, "eng");
  g.company.Directory("dir").SetState("a2", AccountState::kInactive);
  g.Add(Action::kActivate, 2);
  EXPECT_THAT(g.Blocking("emptied_group"), IsEmpty());
}

TEST(EmptiedGroup, AGroupWithoutAnActiveMemberBeforePasses) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 1).Remove(1, "eng");
  g.company.Directory("dir").SetState("a1", AccountState::kInactive);
  EXPECT_THAT(g.Blocking("emptied_group"), IsEmpty());
}

TEST(EmptiedGroup, AGroupThatIsNotManagedPasses) {
  GuardCase g;
  g.People(20);
  g.company.Directory("dir").Member("theirs", "a1");
  g.Add(Action::kDeactivate, 1);
  EXPECT_THAT(g.Blocking("emptied_group"), IsEmpty());
}

TEST(EmptiedGroup, EffectsCount) {
  GuardCase g;
  g.People(20, "scim").People(20, "cloud").ManagedGroup("eng", 1, "cloud");
  g.Add(Action::kDeactivate, 1, "scim").effects = {{"cloud", "a1", Action::kDeactivate}};
  EXPECT_THAT(g.Blocking("emptied_group"), SizeIs(1));
}

TEST(EmptiedGroup, AMembershipEffectIsInTheGroupOfThatName) {
  GuardCase g;
  g.People(20, "scim").People(20, "cloud").ManagedGroup("eng", 3, "scim");
  g.company.Manage("eng", "cloud", GroupMode::kExact, "ENG");
  g.company.Directory("cloud").Member("ENG", "a1");
  g.Add(Action::kRemoveMembership, 1, "scim", "eng").effects = {
      {"cloud", "a1", Action::kRemoveMembership}};
  std::vector<Finding> found = g.Blocking("emptied_group");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "cloud");
}

TEST(EmptiedGroup, SwitchedOffPasses) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 3).Remove(3, "eng");
  g.company.spec().guards.emptied_group = false;
  EXPECT_THAT(g.Blocking("emptied_group"), IsEmpty());
}

TEST(EmptiedGroup, StopsOnePersonToo) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 1);
  g.Add(Action::kDeactivate, 1);
  g.only_person = "p1";
  EXPECT_THAT(g.Blocking("emptied_group"), SizeIs(1));
}

// Three admins in a group that is not managed; at least two are required.
GuardCase& Admins(GuardCase& g) {
  g.People(20);
  for (int n = 1; n <= 3; ++n) g.company.Directory("dir").Member("Site-Admins", AccountId(n));
  g.company.spec().guards.min_admins_groups = {"site-admins"};
  return g;
}

TEST(MinAdmins, AtTheLimitPasses) {
  GuardCase g;
  Admins(g).Deactivate(1);
  EXPECT_THAT(g.Judge(), IsEmpty());
}

TEST(MinAdmins, OneBelowTheLimitBlocks) {
  GuardCase g;
  Admins(g).Deactivate(2);
  std::vector<Finding> found = g.Blocking("min_admins");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 1);
  EXPECT_EQ(found[0].limit, 2);
  EXPECT_THAT(found[0].subjects, ElementsAre("Site-Admins"));
  EXPECT_EQ(found[0].message,
            "the admin group Site-Admins in dir would go from 3 to 1 active member, fewer than the "
            "2 required");
}

TEST(MinAdmins, RemovalsCount) {
  GuardCase g;
  Admins(g).Remove(2, "Site-Admins");
  EXPECT_THAT(g.Blocking("min_admins"), SizeIs(1));
}

TEST(MinAdmins, EffectsCount) {
  GuardCase g;
  Admins(g).People(20, "scim");
  for (int n = 1; n <= 2; ++n) {
    g.Add(Action::kDeactivate, n, "scim").effects = {{"dir", AccountId(n), Action::kDeactivate}};
  }
  EXPECT_THAT(g.Blocking("min_admins"), SizeIs(1));
}

TEST(MinAdmins, BelowAlreadyPassesUnlessItIsLowered) {
  GuardCase g;
  Admins(g);
  g.company.Directory("dir").SetState("a2", AccountState::kInactive);
  g.company.Directory("dir").SetState("a3", AccountState::kInactive);
  g.Add(Action::kDeactivate, 9);
  EXPECT_THAT(g.Blocking("min_admins"), IsEmpty());
  g.Add(Action::kDeactivate, 1);
  EXPECT_THAT(g.Blocking("min_admins"), SizeIs(1));
}

TEST(MinAdmins, OneForOnePasses) {
  GuardCase g;
  Admins(g).Deactivate(2);
  g.Add(Action::kAddMembership, 9, "dir", "Site-Admins");
  EXPECT_THAT(g.Blocking("min_admins"), IsEmpty());
}

TEST(MinAdmins, PatternsName) {
  GuardCase g;
  Admins(g).Deactivate(2);
  g.company.spec().guards.min_admins_groups = {"*-admins"};
  EXPECT_THAT(g.Blocking("min_admins"), SizeIs(1));
}

TEST(MinAdmins, ANameThatNoGroupHasIsAWarning) {
  GuardCase g;
  Admins(g).Deactivate(1);
  g.company.spec().guards.min_admins_groups = {"site-admins", "sight-admins"};
  std::vector<Finding> found = g.Judge();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].severity, Severity::kWarning);
  EXPECT_THAT(found[0].subjects, ElementsAre("sight-admins"));
}

TEST(MinAdmins, SwitchedOffPasses) {
  GuardCase g;
  Admins(g).Deactivate(3);
  g.company.spec().guards.min_admins = false;
  EXPECT_THAT(g.Blocking("min_admins"), IsEmpty());
}

TEST(Privileged, AnAdditionToAnOrdinaryGroupPasses) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 3).Add(Action::kAddMembership, 9, "dir", "eng");
  EXPECT_THAT(g.Blocking("privileged"), IsEmpty());
}

TEST(Privileged, AnyAdditionToAnAdminGroupBlocks) {
  GuardCase g;
  g.People(20).ManagedGroup("Jira-Administrators", 3);
  g.Add(Action::kAddMembership, 9, "dir", "Jira-Administrators");
  std::vector<Finding> found = g.Blocking("privileged");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 1);
  EXPECT_EQ(found[0].limit, 0);
  EXPECT_THAT(found[0].subjects, ElementsAre("Jira-Administrators", "p9"));
}

TEST(Privileged, ARemovalFromAnAdminGroupPasses) {
  GuardCase g;
  g.People(20).ManagedGroup("admins", 4).Remove(1, "admins");
  EXPECT_THAT(g.Blocking("privileged"), IsEmpty());
}

TEST(Privileged, TheListOfTheConfigurationDecides) {
  GuardCase g;
  g.People(20).ManagedGroup("admins", 4).ManagedGroup("root", 4);
  g.company.spec().guards.privileged_groups = {"ROOT"};
  g.Add(Action::kAddMembership, 9, "dir", "admins");
  EXPECT_THAT(g.Blocking("privileged"), IsEmpty());
  g.Add(Action::kAddMembership, 9, "dir", "root");
  EXPECT_THAT(g.Blocking("privileged"), SizeIs(1));
}

TEST(Privileged, EffectsCount) {
  GuardCase g;
  g.People(20, "scim").People(20, "cloud").ManagedGroup("org-admins", 3, "cloud");
  g.Add(Action::kAddMembership, 9, "scim", "org-admins").effects = {
      {"cloud", "a9", Action::kAddMembership}};
  std::vector<Finding> found = g.Blocking("privileged");
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].directory, "cloud");
  EXPECT_EQ(found[1].directory, "scim");
}

TEST(Privileged, SwitchedOffPasses) {
  GuardCase g;
  g.People(20).ManagedGroup("admins", 4).Add(Action::kAddMembership, 9, "dir", "admins");
  g.company.spec().guards.privileged = false;
  EXPECT_THAT(g.Blocking("privileged"), IsEmpty());
}

}  // namespace
}  // namespace rollcall
