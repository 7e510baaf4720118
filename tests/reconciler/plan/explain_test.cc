#include "reconciler/plan/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/company.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Explanation Explain(Company& company, absl::string_view query) {
  PlanInput input = company.Input();
  Draft draft = MakeDraft(input);
  return ExplainPerson(input, draft, FinishPlan(input, draft, {}).plan, query);
}

// Ada is active, Bob has left and still has access; eng holds both in the directory.
void Sample(Company& c) {
  c.Person("p1", "ada", "ada@example.com").Person("p2", "bob", "bob@example.com").Inactive("p2");
  c.Group("eng", {"p1"}).Group("ops", {"p1"}).Manage("eng", "dir").Manage("ops", "dir");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada", .email = "ada@example.com", .external_id = "p1"})
      .Account({.id = "a2", .user_name = "bob", .email = "bob@example.com"})
      .Member("eng", "a1")
      .Member("eng", "a2")
      .Group({.name = "ops"});
}

TEST(Explain, ShowsTheRowOfTheExport) {
  Company c;
  Sample(c);
  c.Attribute("p1", "user_type", "Employee").Alias("p1", "a@example.com");
  Explanation e = Explain(c, "ada@example.com");
  EXPECT_TRUE(e.known);
  ASSERT_THAT(e.people, SizeIs(1));
  EXPECT_EQ(e.people[0].id, "p1");
  EXPECT_EQ(e.people[0].row, 1u);
  EXPECT_THAT(e.people[0].groups, ElementsAre("eng", "ops"));
  EXPECT_THAT(e.people[0].aliases, ElementsAre("a@example.com"));
  EXPECT_EQ(e.people[0].attributes[0].second, "Employee");
}

TEST(Explain, FindsByIdUserNameEmailAndAliasFolded) {
  Company c;
  Sample(c);
  c.Alias("p1", "second@example.com");
  for (const char* query : {"p1", "ADA", "Ada@Example.com", "SECOND@example.com"}) {
    Explanation e = Explain(c, query);
    ASSERT_THAT(e.people, SizeIs(1)) << query;
    EXPECT_EQ(e.people[0].id, "p1") << query;
  }
  EXPECT_THAT(Explain(c, "P1").people, IsEmpty());
}

TEST(Explain, SomebodyUnknownEverywhereIsSaidSo) {
  Company c;
  Sample(c);
  Explanation e = Explain(c, "nobody@example.com");
  EXPECT_FALSE(e.known);
  EXPECT_THAT(e.people, IsEmpty());
  ASSERT_THAT(e.directories, SizeIs(1));
  EXPECT_THAT(e.directories[0].accounts, IsEmpty());
}

TEST(Explain, NamesLinkProofRulingAndChange) {
  Company c;
  Sample(c);
  Explanation e = Explain(c, "bob");
  ASSERT_THAT(e.directories, SizeIs(1));
  const ExplainedDirectory& dir = e.directories[0];
  ASSERT_THAT(dir.accounts, SizeIs(1));
  const ExplainedAccount& account = dir.accounts[0];
  EXPECT_EQ(account.id, "a2");
  EXPECT_EQ(account.link, LinkState::kLinked);
  EXPECT_EQ(account.proof, Proof::kUserName);
  EXPECT_EQ(account.why_linked.rule, "L1");
  EXPECT_THAT(account.why_linked.sentence, HasSubstr(ProofName(Proof::kUserName)));
  EXPECT_EQ(account.state, AccountState::kActive);
  EXPECT_EQ(account.wanted, AccountState::kInactive);
  EXPECT_EQ(account.why_state, (Cited{"A1", "inactive in the export"}));
  ASSERT_THAT(dir.changes, SizeIs(1));
  EXPECT_EQ(dir.changes[0].action, Action::kDeactivate);
}

TEST(Explain, MembershipsCiteWhyTheyAreAsTheyAre) {
  Company c;
  Sample(c);
  Explanation ada = Explain(c, "ada");
  ASSERT_THAT(ada.directories[0].accounts, SizeIs(1));
  const std::vector<ExplainedGroup>& groups = ada.directories[0].accounts[0].groups;
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_EQ(groups[0].name, "eng");
  EXPECT_TRUE(groups[0].member && groups[0].listed && groups[0].should_member);
  EXPECT_EQ(groups[0].why.rule, "G1");
  EXPECT_EQ(groups[1].name, "ops");
  EXPECT_FALSE(groups[1].member);
  EXPECT_TRUE(groups[1].should_member);
  EXPECT_EQ(groups[1].why.rule, "G1");

  Explanation bob = Explain(c, "bob");
  const std::vector<ExplainedGroup>& kept = bob.directories[0].accounts[0].groups;
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_TRUE(kept[0].member && kept[0].should_member);
  EXPECT_FALSE(kept[0].listed);
  EXPECT_EQ(kept[0].why.rule, "A2");
}

TEST(Explain, ARemovalCitesG2AndAnAdditiveGroupG1) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob").Group("eng", {"p2"}).Group("ops", {"p2"});
  c.Manage("eng", "dir").Manage("ops", "dir", GroupMode::kAdditive);
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
  c.Directory("dir").Member("eng", "a1").Member("ops", "a1");
  Explanation e = Explain(c, "ada");
  const std::vector<ExplainedGroup>& groups = e.directories[0].accounts[0].groups;
  ASSERT_THAT(groups, SizeIs(2));
  EXPECT_FALSE(groups[0].should_member);
  EXPECT_EQ(groups[0].why.rule, "G2");
  EXPECT_TRUE(groups[1].should_member);
  EXPECT_EQ(groups[1].why.rule, "G1");
}

TEST(Explain, WhoIsNotAddedIsToldByTheRuleThatKeepsTheAccountOut) {
  Company c;
  Sample(c);
  c.Directory("dir").SetState("a1", AccountState::kInactive);
  Explanation e = Explain(c, "ada");
  const ExplainedAccount& account = e.directories[0].accounts[0];
  EXPECT_EQ(account.ruling, Ruling::kDeactivatedElsewhere);
  EXPECT_EQ(account.groups[1].name, "ops");
  EXPECT_FALSE(account.groups[1].should_member);
  EXPECT_EQ(account.groups[1].why.rule, "A2");
  ASSERT_THAT(e.findings, SizeIs(1));
  EXPECT_EQ(e.findings[0].name, "deactivated_elsewhere");
}

TEST(Explain, EntitlementCitesItsRule) {
  Company c;
  Sample(c);
  c.Directory("dir").spec().people = {PeopleRule::Kind::kGroups, {"ops", "eng"}, {}};
  Explanation ada = Explain(c, "ada");
  ASSERT_THAT(ada.directories[0].entitlements, SizeIs(1));
  EXPECT_TRUE(ada.directories[0].entitlements[0].entitled);
  EXPECT_EQ(ada.directories[0].entitlements[0].why, (Cited{"E1", "a member of ops"}));
  Explanation bob = Explain(c, "bob");
  EXPECT_FALSE(bob.directories[0].entitlements[0].entitled);
  EXPECT_EQ(bob.directories[0].entitlements[0].why, (Cited{"E1", "a member of none of: ops, eng"}));
}

TEST(Explain, ExcludedPeopleAreToldByE2) {
  Company c;
  Sample(c);
  c.Attribute("p1", "user_type", "Guest");
  c.spec().exclude = {{{"user_type", "Guest"}}};
  Explanation e = Explain(c, "ada");
  EXPECT_TRUE(e.people[0].excluded);
  EXPECT_FALSE(e.directories[0].entitlements[0].entitled);
  EXPECT_EQ(e.directories[0].entitlements[0].why.rule, "E2");
}

TEST(Explain, HoldsAreShown) {
  Company c;
  Sample(c);
  c.HoldPerson("p1");
  Explanation e = Explain(c, "ada@example.com");
  ASSERT_THAT(e.holds, SizeIs(1));
  EXPECT_EQ(e.holds[0].reason, "a lost laptop");
  EXPECT_EQ(e.directories[0].accounts[0].why_state.rule, "H1");
  EXPECT_THAT(Explain(c, "bob").holds, IsEmpty());
}

TEST(Explain, AnAccountOfTheSameNameThatIsSomebodyElsesIsShownWithItsOwner) {
  Company c;
  c.Person("p2", "ada", "ada@example.com");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
  c.Link("dir", "a1", "p1");
  Explanation e = Explain(c, "ada");
  ASSERT_THAT(e.directories[0].accounts, SizeIs(1));
  EXPECT_EQ(e.directories[0].accounts[0].link, LinkState::kGone);
  EXPECT_EQ(e.directories[0].accounts[0].person, "p1");
  EXPECT_EQ(e.directories[0].accounts[0].why_linked.rule, "L6");
}

TEST(Explain, SomebodyGoneFromTheExportIsFoundByTheAccount) {
  Company c;
  Sample(c);
  c.Directory("dir").Account({.id = "a9", .user_name = "zoe", .email = "zoe@example.com"});
  c.Link("dir", "a9", "p9");
  for (const char* query : {"zoe", "zoe@example.com", "p9"}) {
    Explanation e = Explain(c, query);
    EXPECT_TRUE(e.known) << query;
    EXPECT_THAT(e.people, IsEmpty()) << query;
    ASSERT_THAT(e.directories[0].accounts, SizeIs(1)) << query;
    EXPECT_EQ(e.directories[0].accounts[0].why_state.rule, "A2") << query;
  }
}

TEST(Explain, FindingsThatNameThePersonAreShown) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Person("p2", "bob");
  c.Directory("dir").Account({.id = "a2", .user_name = "bob"});
  Explanation e = Explain(c, "ada");
  ASSERT_THAT(e.findings, SizeIs(1));
  EXPECT_EQ(e.findings[0].name, "missing");
  EXPECT_THAT(Explain(c, "bob").findings, IsEmpty());
}

TEST(Explain, ADirectoryThatWasNotReadIsSaidSo) {
  Company c;
  Sample(c);
  c.Directory("other").Unreadable("the host does not answer");
  Explanation e = Explain(c, "ada");
  ASSERT_THAT(e.directories, SizeIs(2));
  EXPECT_FALSE(e.directories[1].was_read);
  EXPECT_EQ(e.directories[1].unreadable, "the host does not answer");
}

TEST(Explain, AChangeInScimIsShownWithItsEffectOnTheCloudAccount) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Inactive("p1");
  c.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "c1", .email = "ada@example.com"});
  c.Directory("scim").spec().provisions = "cloud";
  c.Directory("scim").Account(
      {.id = "s1", .user_name = "ada", .external_id = "p1", .linked_account = "c1"});
  Explanation e = Explain(c, "ada");
  ASSERT_THAT(e.directories, SizeIs(2));
  ASSERT_THAT(e.directories[1].changes, SizeIs(1));
  ASSERT_THAT(e.directories[1].changes[0].effects, SizeIs(1));
  EXPECT_EQ(e.directories[1].changes[0].effects[0].directory, "cloud");
  EXPECT_EQ(e.directories[0].accounts[0].proof, Proof::kScimAccount);
}

}  // namespace
}  // namespace rollcall
