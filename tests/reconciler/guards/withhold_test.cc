// self, protected, not_allowed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reconciler/guards/guard_case.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> Accounts(const std::vector<Change>& changes) {
  std::vector<std::string> accounts;
  for (const Change& change : changes) {
    accounts.push_back(absl::StrCat(change.directory, "/", change.account));
  }
  return accounts;
}

// Three deactivations; `entry` protects somebody.
struct Protected : GuardCase {
  explicit Protected(const std::string& entry) {
    People(20).Deactivate(3);
    company.spec().guards.protected_entries = {entry};
  }
};

void ExpectSecondIsLeftOut(const std::string& entry) {
  Protected g(entry);
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a1", "dir/a3")) << entry;
  ASSERT_THAT(found, SizeIs(1)) << entry;
  EXPECT_EQ(found[0].name, "protected");
  EXPECT_EQ(found[0].severity, Severity::kWithholding);
  EXPECT_EQ(found[0].directory, "dir");
  EXPECT_EQ(found[0].observed, 1);
  EXPECT_THAT(found[0].subjects, ElementsAre("p2"));
}

TEST(Protected, APersonById) { ExpectSecondIsLeftOut("p2"); }
TEST(Protected, APersonByUserNameFolded) { ExpectSecondIsLeftOut("USER2"); }
TEST(Protected, APersonByEmailFolded) { ExpectSecondIsLeftOut("User2@Example.COM"); }
TEST(Protected, AnAccountByDirectoryAndId) { ExpectSecondIsLeftOut("dir/a2"); }

TEST(Protected, IdsAreNotFolded) {
  Protected g("P2");
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(g.changes, SizeIs(3));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].severity, Severity::kWarning);
}

TEST(Protected, AnAliasNamesThePerson) {
  Protected g("second@example.com");
  g.company.Alias("p2", "second@example.com");
  g.Withheld();
  EXPECT_THAT(g.changes, SizeIs(2));
}

TEST(Protected, APersonIsProtectedInEveryDirectory) {
  Protected g("p2");
  g.People(20, "other").Deactivate(2, "other");
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a1", "dir/a3", "other/a1"));
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].directory, "dir");
  EXPECT_EQ(found[1].directory, "other");
}

TEST(Protected, AnAccountIsProtectedInItsDirectoryOnly) {
  Protected g("dir/a2");
  g.People(20, "other").Deactivate(2, "other");
  g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a1", "dir/a3", "other/a1", "other/a2"));
}

TEST(Protected, AnAccountThatNoPersonOfTheExportOwns) {
  GuardCase g;
  g.People(3);
  g.company.spec().managed_domains = {"example.com"};
  g.company.spec().guards.protected_entries = {"breakglass@example.com"};
  g.company.Directory("dir").Account({.id = "bg", .email = "BreakGlass@example.com"});
  Change& change = g.Add(Action::kDeactivate, 1);
  change.person = "";
  change.account = "bg";
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(g.changes, IsEmpty());
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].subjects, ElementsAre("dir/bg"));
}

TEST(Protected, AnAccountsNameProtectsThePersonBehindIt) {
  // The entry is the old address, which only the account in one directory still bears.
  GuardCase g;
  g.People(3).People(3, "other");
  g.company.spec().guards.protected_entries = {"old-name"};
  g.company.Person("p9", "new-name", "new@example.com");
  g.company.Directory("dir").Account({.id = "a9", .user_name = "old-name", .external_id = "p9"});
  g.company.Directory("other").Account({.id = "a9", .user_name = "new-name"});
  g.Add(Action::kDeactivate, 9, "other");
  g.Withheld();
  EXPECT_THAT(g.changes, IsEmpty());
}

TEST(Protected, APersonWhoIsGoneFromTheExportById) {
  GuardCase g;
  g.People(3);
  g.company.Directory("dir").Account({.id = "a9", .user_name = "somebody"});
  g.company.Link("dir", "a9", "p9");
  g.company.spec().guards.protected_entries = {"p9"};
  g.Add(Action::kDeactivate, 9);
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(g.changes, IsEmpty());
  EXPECT_THAT(found, SizeIs(1));
}

TEST(Protected, AMembershipOfAProtectedPersonIsLeftOut) {
  GuardCase g;
  g.People(9).ManagedGroup("eng", 3).Remove(3, "eng");
  g.company.spec().guards.protected_entries = {"p2"};
  g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a1", "dir/a3"));
}

TEST(Protected, AnEffectOnAProtectedAccountWithholdsTheChange) {
  GuardCase g;
  g.People(9, "scim").People(9, "cloud");
  g.company.spec().guards.protected_entries = {"cloud/a2"};
  for (int n = 1; n <= 2; ++n) {
    g.Add(Action::kDeactivate, n, "scim").effects = {{"cloud", AccountId(n), Action::kDeactivate}};
  }
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("scim/a1"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].directory, "scim");
}

TEST(Protected, AnEffectOnSomebodyElsesAccountIsJudgedByItsOwner) {
  GuardCase g;
  g.People(9, "scim").People(9, "cloud");
  g.company.spec().guards.protected_entries = {"p5"};
  g.Add(Action::kDeactivate, 1, "scim").effects = {{"cloud", "a5", Action::kDeactivate}};
  g.Withheld();
  EXPECT_THAT(g.changes, IsEmpty());
}

TEST(Protected, GroupProtectsItsMembershipsAndNothingElse) {
  GuardCase g;
  g.People(9).ManagedGroup("Site-Admins", 3).ManagedGroup("eng", 3);
  g.company.spec().guards.protected_entries = {"group:site-admins"};
  g.Remove(1, "Site-Admins").Remove(1, "eng").Deactivate(1);
  g.Add(Action::kAddMembership, 8, "dir", "Site-Admins");
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(g.changes, SizeIs(2));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 2);
  EXPECT_THAT(found[0].subjects, ElementsAre("Site-Admins", "p1", "p8"));
}

TEST(Protected, GroupMayBeAPattern) {
  GuardCase g;
  g.People(9).ManagedGroup("site-admins", 3).ManagedGroup("org-admins", 3);
  g.company.spec().guards.protected_entries = {"group:*-admins"};
  g.Remove(1, "site-admins").Remove(1, "org-admins");
  g.Withheld();
  EXPECT_THAT(g.changes, IsEmpty());
}

TEST(Protected, GroupIsJudgedByEffectsToo) {
  GuardCase g;
  g.People(9, "scim").People(9, "cloud").ManagedGroup("admins", 2, "scim");
  g.company.spec().guards.protected_entries = {"group:admins"};
  g.Add(Action::kDeactivate, 1, "scim");
  g.Remove(1, "admins", "scim");
  g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("scim/a1"));
}

TEST(Protected, MembersProtectsTheAccountsAndThePeopleBehindThem) {
  GuardCase g;
  g.People(9).People(9, "other");
  g.company.Directory("dir").Member("Board", "a1").Member("Board", "a2");
  g.company.spec().guards.protected_entries = {"members:board"};
  g.Deactivate(3).Deactivate(3, "other");
  g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a3", "other/a3"));
}

TEST(Protected, MembersOfAGroupWithGroupsInsideIsAWarning) {
  GuardCase g;
  g.People(9);
  g.company.Directory("dir").Group({.name = "board", .nested = true}).Member("board", "a1");
  g.company.spec().guards.protected_entries = {"members:board"};
  std::vector<Finding> found = g.Withheld();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].severity, Severity::kWarning);
  EXPECT_THAT(found[0].subjects, ElementsAre("dir/board"));
}

TEST(Protected, AnEntryThatFitsNothingIsAWarning) {
  for (const char* entry : {"usr2@example.com", "dir/a99", "group:nobody", "members:nobody"}) {
    Protected g(entry);
    std::vector<Finding> found = g.Withheld();
    EXPECT_THAT(g.changes, SizeIs(3));
    ASSERT_THAT(found, SizeIs(1)) << entry;
    EXPECT_EQ(found[0].name, "protected");
    EXPECT_EQ(found[0].severity, Severity::kWarning);
    EXPECT_THAT(found[0].subjects, ElementsAre(entry));
  }
}

TEST(Protected, WhileADirectoryIsNotReadNoEntryIsCalledATypo) {
  Protected g("other/a1");
  g.company.Directory("other").Unreadable("the host does not answer");
  EXPECT_THAT(g.Withheld(), IsEmpty());
}

TEST(Protected, AnEntryThatFitsIsNotNamedWhileNothingIsLeftOut) {
  Protected g("user9@example.com");
  EXPECT_THAT(g.Withheld(), IsEmpty());
  EXPECT_THAT(g.changes, SizeIs(3));
}

TEST(Protected, OneFindingADirectoryNamesEverybody) {
  Protected g("p1");
  g.company.spec().guards.protected_entries.push_back("p3");
  std::vector<Finding> found = g.Withheld();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 2);
  EXPECT_THAT(found[0].subjects, ElementsAre("p1", "p3"));
}

void ExpectSelfIsLeftOut(const std::string& identity) {
  GuardCase g;
  g.People(9).Deactivate(3);
  g.company.Directory("dir").spec().identity = identity;
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a1", "dir/a3")) << identity;
  ASSERT_THAT(found, SizeIs(1)) << identity;
  EXPECT_EQ(found[0].name, "self");
  EXPECT_EQ(found[0].severity, Severity::kWithholding);
  EXPECT_THAT(found[0].subjects, ElementsAre("p2"));
}

TEST(Self, ByAccountId) { ExpectSelfIsLeftOut("a2"); }
TEST(Self, ByUserNameFolded) { ExpectSelfIsLeftOut("User2"); }
TEST(Self, ByEmailFolded) { ExpectSelfIsLeftOut("USER2@example.com"); }

TEST(Self, AnIdWinsOverANameOfSomebodyElse) {
  GuardCase g;
  g.People(3).Deactivate(3);
  g.company.Directory("dir").Account({.id = "x", .user_name = "a2"});
  g.Add(Action::kDeactivate, 9).account = "x";
  g.company.Directory("dir").spec().identity = "a2";
  g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a1", "dir/a3", "dir/x"));
}

TEST(Self, AnIdentityThatFitsNoAccountIsTold) {
  GuardCase g;
  g.People(3).People(3, "other");
  g.company.Directory("dir").spec().identity = "user2@exampel.com";
  g.company.Directory("other").spec().identity = "user2@example.com";
  const std::vector<Finding> found = g.Withheld();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].name, "self");
  EXPECT_EQ(found[0].severity, Severity::kWarning);
  EXPECT_EQ(found[0].directory, "dir");
  EXPECT_THAT(found[0].message, HasSubstr("user2@exampel.com"));
}

TEST(Self, OnlyInItsOwnDirectory) {
  GuardCase g;
  g.People(9).People(9, "other").Deactivate(2, "other");
  g.company.Directory("dir").spec().identity = "a2";
  g.Withheld();
  EXPECT_THAT(g.changes, SizeIs(2));
}

TEST(Self, AnEffectOnItWithholdsTheChange) {
  GuardCase g;
  g.People(9, "scim").People(9, "cloud");
  g.company.Directory("cloud").spec().identity = "a2";
  g.Add(Action::kDeactivate, 2, "scim").effects = {{"cloud", "a2", Action::kDeactivate}};
  EXPECT_THAT(g.Withheld(), SizeIs(1));
  EXPECT_THAT(g.changes, IsEmpty());
}

TEST(Self, ItsMembershipsAreLeftAlone) {
  GuardCase g;
  g.People(9).ManagedGroup("site-admins", 3).Remove(3, "site-admins");
  g.company.Directory("dir").spec().identity = "user2";
  g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a1", "dir/a3"));
}

TEST(NotAllowed, ActionsThatTheDirectoryDoesNotListAreLeftOut) {
  GuardCase g;
  g.People(9).ManagedGroup("eng", 3).Deactivate(2).Remove(2, "eng");
  g.company.Directory("dir").spec().allow = {Action::kDeactivate};
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(g.changes, SizeIs(2));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].name, "not_allowed");
  EXPECT_EQ(found[0].severity, Severity::kWithholding);
  EXPECT_EQ(found[0].observed, 2);
  EXPECT_THAT(found[0].message, HasSubstr("[deactivate]"));
}

TEST(NotAllowed, ApplyFalseLeavesOutEverythingAndCountsIt) {
  GuardCase g;
  g.People(9).People(9, "other").Deactivate(2).Deactivate(1, "other");
  g.company.Directory("dir").spec().apply = false;
  std::vector<Finding> found = g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("other/a1"));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].observed, 2);
  EXPECT_THAT(found[0].message, HasSubstr("apply: false"));
}

TEST(NotAllowed, AnEffectIsWrittenByItsOwnerAndSoPasses) {
  GuardCase g;
  g.People(9, "scim").People(9, "cloud");
  g.company.Directory("cloud").spec().apply = false;
  g.Add(Action::kDeactivate, 2, "scim").effects = {{"cloud", "a2", Action::kDeactivate}};
  EXPECT_THAT(g.Withheld(), IsEmpty());
  EXPECT_THAT(g.changes, SizeIs(1));
}

TEST(NotAllowed, TheListOfActionsDoesNotJudgeEffects) {
  GuardCase g;
  g.People(9, "scim").People(9, "cloud");
  g.company.Directory("scim").spec().allow = {Action::kDeactivate};
  g.company.Directory("cloud").spec().allow = {Action::kActivate};
  // Neither by the list of the directory that they happen in, nor by that of the change's own.
  g.Add(Action::kDeactivate, 2, "scim").effects = {
      {"cloud", "a2", Action::kDeactivate}, {"cloud", "a2", Action::kRemoveMembership, "g-eng"}};
  EXPECT_THAT(g.Withheld(), IsEmpty());
  EXPECT_THAT(Accounts(g.changes), ElementsAre("scim/a2"));
}

TEST(Withhold, TheStrongestNameSpeaks) {
  GuardCase g;
  g.People(9).Deactivate(3);
  g.company.spec().guards.protected_entries = {"p1", "p2"};
  g.company.Directory("dir").spec().identity = "a1";
  g.company.Directory("dir").spec().apply = false;
  std::vector<Finding> found = g.Withheld();
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0].name, "self");
  EXPECT_EQ(found[1].name, "protected");
  EXPECT_EQ(found[2].name, "not_allowed");
  EXPECT_THAT(g.changes, IsEmpty());
}

TEST(Withhold, NamesOutsideAsciiCompareFolded) {
  GuardCase g;
  g.company.Person("p1", "STRASSE").Person("p2", "other");
  g.company.Directory("dir")
      .Account({.id = "a1", .user_name = "STRASSE", .external_id = "p1"})
      .Account({.id = "a2", .user_name = "other", .external_id = "p2"});
  g.company.spec().guards.protected_entries = {"straße"};
  g.Deactivate(2);
  g.Withheld();
  EXPECT_THAT(Accounts(g.changes), ElementsAre("dir/a2"));
}

}  // namespace
}  // namespace rollcall
