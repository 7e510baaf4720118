// max_deactivations, max_activations, max_removals, max_additions, max_group_removals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/reconciler/guards/guard_case.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(MaxDeactivations, AtTheFloorPasses) {
  GuardCase g;
  g.People(40).Deactivate(10);
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, OnePastTheFloorBlocks) {
  GuardCase g;
  g.People(40).Deactivate(11);
  std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "dir");
  EXPECT_EQ(found[0].observed, 11);
  EXPECT_EQ(found[0].limit, 10);
  EXPECT_THAT(found[0].subjects, SizeIs(11));
  EXPECT_EQ(found[0].message,
            "11 deactivations in dir are more than the 10 allowed for 40 active accounts");
  EXPECT_THAT(found[0].cure, HasSubstr("--waive max_deactivations --reason TEXT"));
}

TEST(MaxDeactivations, AtThePercentagePasses) {
  GuardCase g;
  g.People(300).Deactivate(15);
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, OnePastThePercentageBlocks) {
  GuardCase g;
  g.People(300).Deactivate(16);
  std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].limit, 15);
}

TEST(MaxDeactivations, AtTheCountPassesAndOnePastItBlocks) {
  GuardCase g;
  g.People(40).Deactivate(3);
  g.company.spec().guards.max_deactivations.count = 3;
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
  g.company.spec().guards.max_deactivations.count = 2;
  EXPECT_THAT(g.Blocking("max_deactivations"), SizeIs(1));
}

TEST(MaxDeactivations, InactiveAccountsAndAccountsOutOfScopeAreNoBase) {
  GuardCase g;
  g.People(20).Deactivate(3);
  // 12 % of 20 is 2.4; of 30 it would be 3.6.
  g.company.spec().guards.max_deactivations = {.floor = 0, .percent = 12, .count = std::nullopt};
  for (int n = 100; n < 105; ++n) {
    g.company.Directory("dir").Account({.id = AccountId(n), .user_name = AccountId(n)});
  }
  for (int n = 200; n < 205; ++n) {
    g.company.Person(PersonId(n), AccountId(n));
    g.company.Directory("dir").Account({.id = AccountId(n),
                                        .user_name = AccountId(n),
                                        .external_id = PersonId(n),
                                        .state = AccountState::kInactive});
  }
  EXPECT_THAT(g.Blocking("max_deactivations"), SizeIs(1));
}

// 12 % of 20 accounts in "dir" are 2.4, of 25 they would be 3; elsewhere are 30 people more, so
// that nothing is to be said over all.
GuardCase& ThreeOfTwenty(GuardCase& g) {
  g.People(20).Deactivate(3).People(50, "other");
  g.company.spec().guards.max_deactivations = {.floor = 0, .percent = 12, .count = std::nullopt};
  return g;
}

void ExpectOnlyDirBlocksOfTwenty(GuardCase& g) {
  const std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "dir");
  EXPECT_EQ(found[0].limit, 2);
  EXPECT_THAT(found[0].message, HasSubstr("20 active accounts"));
}

TEST(MaxDeactivations, InactiveAccountsAreNoBaseOfTheirDirectory) {
  GuardCase g;
  ThreeOfTwenty(g);
  for (int n = 100; n < 105; ++n) {
    g.company.Person(PersonId(n), AccountId(n));
    g.company.Directory("dir").Account({.id = AccountId(n),
                                        .user_name = AccountId(n),
                                        .external_id = PersonId(n),
                                        .state = AccountState::kInactive});
  }
  ExpectOnlyDirBlocksOfTwenty(g);
}

TEST(MaxDeactivations, AccountsOutOfScopeAreNoBaseOfTheirDirectory) {
  GuardCase g;
  ThreeOfTwenty(g);
  for (int n = 100; n < 105; ++n) {
    g.company.Directory("dir").Account({.id = AccountId(n), .user_name = AccountId(n)});
  }
  ExpectOnlyDirBlocksOfTwenty(g);
}

// 12 % of the 20 people with access are 2.4; with five more they would be 3. No directory blocks.
void ExpectOnlyAllBlocksOfTwenty(const std::function<void(CompanyDirectory&, int n)>& add) {
  GuardCase g;
  g.People(20, "one").People(20, "two").Deactivate(2, "one");
  g.Add(Action::kDeactivate, 3, "two");
  g.company.spec().guards.max_deactivations = {.floor = 0, .percent = 12, .count = std::nullopt};
  for (int n = 100; n < 105; ++n) {
    g.company.Person(PersonId(n), absl::StrCat("person", n));
    add(g.company.Directory("one"), n);
  }
  const std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "");
  EXPECT_EQ(found[0].limit, 2);
  EXPECT_THAT(found[0].message, HasSubstr("20 people with access"));
}

TEST(MaxDeactivations, AccountsOutOfScopeAreNoBaseOverAll) {
  ExpectOnlyAllBlocksOfTwenty([](CompanyDirectory& directory, int n) {
    directory.Account({.id = AccountId(n), .user_name = AccountId(n)});
  });
}

TEST(MaxDeactivations, InactiveAccountsAreNoBaseOverAll) {
  ExpectOnlyAllBlocksOfTwenty([](CompanyDirectory& directory, int n) {
    directory.Account({.id = AccountId(n),
                       .user_name = absl::StrCat("person", n),
                       .external_id = PersonId(n),
                       .state = AccountState::kInactive});
  });
}

TEST(MaxDeactivations, ThoseOfTheLast24HoursCount) {
  GuardCase g;
  g.People(40).Deactivate(10).Past(Action::kDeactivate, 30, 24);
  std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 11);
  EXPECT_THAT(found[0].message, HasSubstr("1 of them in the last 24 hours"));
}

TEST(MaxDeactivations, OlderOnesDoNotCount) {
  GuardCase g;
  g.People(40).Deactivate(10).Past(Action::kDeactivate, 30, 25);
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, OtherActionsOfTheLast24HoursDoNotCount) {
  GuardCase g;
  g.People(40).Deactivate(10).Past(Action::kActivate, 30, 1);
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, AnAccountThatIsDeactivatedAgainCountsOnce) {
  GuardCase g;
  g.People(40).Deactivate(10).Past(Action::kDeactivate, 3, 2).Past(Action::kDeactivate, 3, 5);
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, WhatWasAppliedUnderItsWaiverDoesNotCount) {
  GuardCase g;
  g.People(40).Deactivate(10).Past(Action::kDeactivate, 30, 1, "max_deactivations");
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, AWaiverOfAnotherGuardDoesNotHelp) {
  GuardCase g;
  g.People(40).Deactivate(10).Past(Action::kDeactivate, 30, 1, "first_run");
  EXPECT_THAT(g.Blocking("max_deactivations"), SizeIs(1));
}

TEST(MaxDeactivations, HistoryAloneDoesNotBlockAPlanThatDeactivatesNobody) {
  GuardCase g;
  g.People(40);
  for (int n = 1; n <= 20; ++n) g.Past(Action::kDeactivate, n, 1);
  g.Add(Action::kActivate, 30);
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, EffectsCountInTheirDirectory) {
  GuardCase g;
  g.People(40, "scim").People(40, "cloud");
  for (int n = 1; n <= 10; ++n) {
    g.Add(Action::kDeactivate, n, "scim").effects = {{"cloud", AccountId(n), Action::kDeactivate}};
  }
  g.Add(Action::kDeactivate, 11, "cloud");
  std::vector<Finding> found = g.Blocking("max_deactivations");
  // Eleven in cloud, and eleven people over all; ten in scim pass.
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].directory, "cloud");
  EXPECT_EQ(found[0].observed, 11);
  EXPECT_EQ(found[1].directory, "");
}

TEST(MaxDeactivations, AnEffectAndAChangeOfOneAccountAreOne) {
  GuardCase g;
  g.People(40, "scim").People(40, "cloud");
  for (int n = 1; n <= 10; ++n) {
    g.Add(Action::kDeactivate, n, "scim").effects = {{"cloud", AccountId(n), Action::kDeactivate}};
    g.Add(Action::kDeactivate, n, "cloud");
  }
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, OverAllDirectoriesOnePersonIsOne) {
  GuardCase g;
  g.People(40, "one").People(40, "two").Deactivate(10, "one").Deactivate(10, "two");
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, OverAllDirectoriesDistinctPeopleAddUp) {
  GuardCase g;
  g.People(40, "one").People(40, "two").Deactivate(6, "one");
  g.Changes(Action::kDeactivate, 5, "two", "", 7);
  std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "");
  EXPECT_EQ(found[0].observed, 11);
  EXPECT_EQ(found[0].limit, 10);
  EXPECT_EQ(found[0].message,
            "deactivations of 11 people over all directories are more than the 10 allowed for 40 "
            "people with access");
}

TEST(MaxDeactivations, TheHistoryOfOtherDirectoriesCountsOverAll) {
  GuardCase g;
  g.People(40, "one").People(40, "two").Deactivate(10, "one");
  g.Past(Action::kDeactivate, 11, 1, "", "", "two");
  std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "");
  g.company.memory().applied_last_24h[0].account = AccountId(3);
  g.company.memory().applied_last_24h[0].person = PersonId(3);
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, AccountsWithoutAPersonCountByThemselves) {
  GuardCase g;
  g.People(40);
  g.company.spec().managed_domains = {"corp.example.com"};
  for (int n = 100; n < 111; ++n) {
    g.company.Directory("dir").Account(
        {.id = AccountId(n), .email = absl::StrCat("x", n, "@corp.example.com")});
    g.Add(Action::kDeactivate, n).person = "";
  }
  std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 11);
  EXPECT_EQ(found[0].subjects[0], "dir/a100");
}

// Six records that nobody owns carry six accounts along: six, not twelve.
TEST(MaxDeactivations, WhatFollowsFromAnAccountWithoutAPersonCountsWithIt) {
  GuardCase g;
  g.People(40, "scim").People(40, "cloud");
  g.company.spec().managed_domains = {"corp.example.com"};
  for (int n = 100; n < 106; ++n) {
    for (const char* directory : {"scim", "cloud"}) {
      g.company.Directory(directory).Account(
          {.id = AccountId(n), .email = absl::StrCat("x", n, "@corp.example.com")});
    }
    Change& change = g.Add(Action::kDeactivate, n, "scim");
    change.person = "";
    change.effects = {{"cloud", AccountId(n), Action::kDeactivate}};
  }
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, SwitchedOffPasses) {
  GuardCase g;
  g.People(40).Deactivate(11);
  g.company.spec().guards.max_deactivations.on = false;
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, DoesNotStopOnePerson) {
  GuardCase g;
  g.People(40).Deactivate(11);
  g.only_person = "p1";
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

TEST(MaxDeactivations, AtMostAHundredSubjectsAreNamed) {
  GuardCase g;
  g.People(101).Deactivate(101);
  std::vector<Finding> found = g.Blocking("max_deactivations");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 101);
  EXPECT_THAT(found[0].subjects, SizeIs(100));
}

TEST(MaxActivations, AtTheLimitPassesAndOnePastItBlocks) {
  GuardCase g;
  g.People(40).Changes(Action::kActivate, 10);
  EXPECT_THAT(g.Blocking("max_activations"), IsEmpty());
  g.Add(Action::kActivate, 11);
  EXPECT_THAT(g.Blocking("max_activations"), SizeIs(1));
  EXPECT_THAT(g.Blocking("max_deactivations"), IsEmpty());
}

// 60 memberships of 60 people: the floor of 50 decides.
GuardCase& Sixty(GuardCase& g) {
  return g.People(60).ManagedGroup("eng", 30).ManagedGroup("ops", 30);
}

TEST(MaxRemovals, AtTheLimitPassesAndOnePastItBlocks) {
  GuardCase g;
  Sixty(g).Remove(30, "eng").Remove(20, "ops");
  EXPECT_THAT(g.Blocking("max_removals"), IsEmpty());
  g.Add(Action::kRemoveMembership, 21, "dir", "ops");
  std::vector<Finding> found = g.Blocking("max_removals");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 51);
  EXPECT_EQ(found[0].limit, 50);
  EXPECT_THAT(found[0].message, HasSubstr("60 managed memberships"));
}

TEST(MaxRemovals, RemovalsOfPeopleDeactivatedInTheSamePlanDoNotCount) {
  GuardCase g;
  Sixty(g).Remove(30, "eng").Remove(21, "ops");
  g.Add(Action::kDeactivate, 25);
  EXPECT_THAT(g.Blocking("max_removals"), IsEmpty());
}

TEST(MaxRemovals, MembershipsOfAccountsOutOfScopeAreNoBase) {
  GuardCase g;
  // 12 % of 20 memberships are 2.4, of 25 they would be 3; 50 people have access over all.
  g.People(20).ManagedGroup("eng", 20).Remove(3, "eng").People(50, "other");
  g.company.spec().guards.max_removals = {.floor = 0, .percent = 12, .count = std::nullopt};
  for (int n = 100; n < 105; ++n) {
    g.company.Directory("dir")
        .Account({.id = AccountId(n), .user_name = AccountId(n)})
        .Member("eng", AccountId(n));
  }
  const std::vector<Finding> found = g.Blocking("max_removals");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "dir");
  EXPECT_EQ(found[0].limit, 2);
  EXPECT_THAT(found[0].message, HasSubstr("20 managed memberships"));
}

TEST(MaxRemovals, ThoseOfTheLast24HoursCountByMembership) {
  GuardCase g;
  Sixty(g).Remove(30, "eng").Remove(20, "ops");
  g.Past(Action::kRemoveMembership, 1, 1, "", "ENG");  // planned again: one
  EXPECT_THAT(g.Blocking("max_removals"), IsEmpty());
  g.Past(Action::kRemoveMembership, 1, 1, "", "third");  // another group of the same person
  EXPECT_THAT(g.Blocking("max_removals"), SizeIs(1));
}

// A plan that takes people out of groups whom an earlier one deactivated is judged by its removals.
TEST(MaxRemovals, PastRemovalsOfPeopleWhomAnotherPlanDeactivatedCount) {
  GuardCase g;
  Sixty(g).Remove(30, "eng").Remove(20, "ops");
  g.Past(Action::kRemoveMembership, 55, 1, "", "third").Past(Action::kDeactivate, 55, 2);
  g.company.memory().applied_last_24h[0].run = 2;
  g.company.memory().applied_last_24h[1].run = 1;
  EXPECT_THAT(g.Blocking("max_removals"), SizeIs(1));
}

TEST(MaxRemovals, PastRemovalsOfPeopleDeactivatedThenDoNotCount) {
  GuardCase g;
  Sixty(g).Remove(30, "eng").Remove(20, "ops");
  g.Past(Action::kRemoveMembership, 55, 1, "", "third").Past(Action::kDeactivate, 55, 1);
  EXPECT_THAT(g.Blocking("max_removals"), IsEmpty());
}

TEST(MaxRemovals, WaivedHistoryDoesNotCount) {
  GuardCase g;
  Sixty(g).Remove(30, "eng").Remove(20, "ops");
  g.Past(Action::kRemoveMembership, 55, 1, "max_removals", "third");
  EXPECT_THAT(g.Blocking("max_removals"), IsEmpty());
}

TEST(MaxAdditions, AtTheLimitPassesAndOnePastItBlocks) {
  GuardCase g;
  Sixty(g).Changes(Action::kAddMembership, 30, "dir", "eng", 31);
  g.Changes(Action::kAddMembership, 20, "dir", "ops", 31);
  EXPECT_THAT(g.Blocking("max_additions"), IsEmpty());
  g.Add(Action::kAddMembership, 51, "dir", "ops");
  EXPECT_THAT(g.Blocking("max_additions"), SizeIs(1));
}

TEST(MaxAdditions, IntoEmptyGroupsOnlyTheCountApplies) {
  GuardCase g;
  g.People(60).ManagedGroup("eng", 0).Changes(Action::kAddMembership, 60, "dir", "eng");
  std::vector<Finding> found = g.Blocking("max_additions");
  // The directory has no base; 60 of 60 people over all are beyond 10 %.
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "");
}

TEST(MaxGroupRemovals, HalfOfTheGroupPassesAndOneMoreBlocks) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 14).Remove(7, "eng");
  EXPECT_THAT(g.Blocking("max_group_removals"), IsEmpty());
  g.Add(Action::kRemoveMembership, 8, "dir", "eng");
  std::vector<Finding> found = g.Blocking("max_group_removals");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 8);
  EXPECT_EQ(found[0].limit, 7);
  EXPECT_THAT(found[0].subjects, ElementsAre("eng"));
  EXPECT_EQ(found[0].message,
            "the group eng in dir loses 8 of 14 managed members, more than the 7 allowed");
}

TEST(MaxGroupRemovals, AtTheFloorPassesAndOnePastItBlocks) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 6).Remove(5, "eng");
  EXPECT_THAT(g.Blocking("max_group_removals"), IsEmpty());
  g.Add(Action::kRemoveMembership, 6, "dir", "eng");
  EXPECT_THAT(g.Blocking("max_group_removals"), SizeIs(1));
}

TEST(MaxGroupRemovals, PeopleDeactivatedInTheSamePlanDoNotCount) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 6).Remove(6, "eng");
  g.Add(Action::kDeactivate, 6);
  EXPECT_THAT(g.Blocking("max_group_removals"), IsEmpty());
}

TEST(MaxGroupRemovals, TheHistoryOfTheGroupCounts) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 6).Remove(5, "eng");
  g.Past(Action::kRemoveMembership, 15, 1, "", "other");
  EXPECT_THAT(g.Blocking("max_group_removals"), IsEmpty());
  g.Past(Action::kRemoveMembership, 15, 1, "max_group_removals", "eng");
  EXPECT_THAT(g.Blocking("max_group_removals"), IsEmpty());
  g.Past(Action::kRemoveMembership, 15, 1, "", "Eng");
  EXPECT_THAT(g.Blocking("max_group_removals"), SizeIs(1));
}

TEST(MaxGroupRemovals, OneFindingADirectoryNamesAllGroupsAndTheWorst) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 6).ManagedGroup("ops", 9);
  g.Remove(6, "eng").Remove(9, "ops");
  std::vector<Finding> found = g.Blocking("max_group_removals");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 9);
  EXPECT_THAT(found[0].subjects, ElementsAre("eng", "ops"));
}

TEST(MaxGroupRemovals, SwitchedOffPasses) {
  GuardCase g;
  g.People(20).ManagedGroup("eng", 6).Remove(6, "eng");
  g.company.spec().guards.max_group_removals.on = false;
  EXPECT_THAT(g.Blocking("max_group_removals"), IsEmpty());
}

}  // namespace
}  // namespace rollcall
