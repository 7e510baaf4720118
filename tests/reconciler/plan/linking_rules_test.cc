// Rules L1 to L8: which account is whose.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/company.h"
#include "tests/support/plan_matchers.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// The person's stable id of an account's link, or "" when it is not linked.
std::string Owner(Company& company, const std::string& account, Proof* proof = nullptr) {
  PlanInput input = company.Input();
  Draft draft = MakeDraft(input);
  const DraftDirectory& directory = draft.directories.front();
  AccountIndex i = directory.roster().FindAccount(account);
  const AccountLink& link = directory.links.accounts.at(i);
  if (proof != nullptr) *proof = link.proof;
  if (link.state != LinkState::kLinked) return "";
  return std::string(input.exported.people[link.person].id);
}

TEST(L1, ExternalIdIsStrongerThanTheUserName) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Person("p2", "bob", "bob@example.com");
  c.Directory("dir").Account({.id = "a1", .user_name = "bob", .external_id = "p1"});
  Proof proof;
  EXPECT_EQ(Owner(c, "a1", &proof), "p1");
  EXPECT_EQ(proof, Proof::kExternalId);
}

TEST(L1, ALinkMadeByHandIsStrongerThanTheExternalId) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .external_id = "p1"});
  c.Link("dir", "a1", "p2", Proof::kByHand);
  EXPECT_EQ(Owner(c, "a1"), "p2");
}

TEST(L1, AUserNameIsStrongerThanAnEmail) {
  Company c;
  c.Person("p1", "ada", "x@example.com").Person("p2", "bob", "ada@example.com");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .email = "ada@example.com"});
  EXPECT_EQ(Owner(c, "a1"), "p1");
}

TEST(L1, WhoLosesAnAccountToAStrongerProofIsTold) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob");
  c.Directory("dir").Account({.id = "a1", .user_name = "bob", .external_id = "p1"});
  c.Link("dir", "a1", "p2", Proof::kRecordedName);
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(SubjectsOf(plan, "proof_overruled"), ElementsAre("p2"));
  EXPECT_EQ(FindFinding(plan, "proof_overruled")->severity, Severity::kInfo);
}

TEST(L1, AnEmailLinksWhereNeitherIdNorNameDo) {
  Company c;
  c.Person("p1", "ada", "Ada@Example.com");
  c.Directory("dir").Account({.id = "a1", .user_name = "lovelace", .email = "ada@example.com"});
  EXPECT_EQ(Owner(c, "a1"), "p1");
}

TEST(L1, KindsWithoutUserNamesLinkByEmailOnly) {
  Company c;
  c.Person("p1", "ada", "ada@example.com");
  c.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "a1", .user_name = "ada", .email = "other@example.com"});
  EXPECT_EQ(Owner(c, "a1"), "");
}

TEST(L1, TheScimRecordNamesTheOrganisationsAccount) {
  Company c;
  c.Person("p1", "ada", "ada@example.com");
  c.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "aaid", .email = "changed@example.com"});
  CompanyDirectory& scim = c.Directory("scim");
  scim.Account({.id = "s1", .user_name = "ada", .external_id = "p1", .linked_account = "aaid"});
  scim.spec().provisions = "cloud";
  Proof proof;
  EXPECT_EQ(Owner(c, "aaid", &proof), "p1");
  EXPECT_EQ(proof, Proof::kScimAccount);
}

TEST(L2, NamesCompareAfterFoldingAndIdsByteForByte) {
  Company c;
  c.Person("P1", "STRASSE", "").Person("p2", "Ångström");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "straße"})
      .Account({.id = "a2", .user_name = "a\xCC\x8Angstr\xC3\xB6m"})
      .Account({.id = "a3", .user_name = "other", .external_id = "p1"});
  EXPECT_EQ(Owner(c, "a1"), "P1");
  EXPECT_EQ(Owner(c, "a2"), "p2");
  EXPECT_EQ(Owner(c, "a3"), "");
}

TEST(L2, NothingIsTrimmed) {
  Company c;
  c.Person("p1", "ada");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada "});
  EXPECT_EQ(Owner(c, "a1"), "");
}

TEST(L2, TheLocalPartOfTheUserNameOrElseOfTheEmailMakesTheName) {
  Company c;
  c.Person("p1", "ada@example.com", "x@example.com").Person("p2", "77", "bob@example.com");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada"}).Account({.id = "a2", .user_name = "bob"});
  dir.spec().match.user_name = MatchRule::UserName::kLocalPart;
  EXPECT_EQ(Owner(c, "a1"), "p1");
  EXPECT_EQ(Owner(c, "a2"), "p2");
}

TEST(L2, AnAttributeMakesTheName) {
  Company c;
  c.Person("p1", "ada").Attribute("p1", "loginName", "alovelace");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "alovelace"});
  dir.spec().match.user_name = MatchRule::UserName::kAttribute;
  dir.spec().match.user_name_attribute = "login_name";
  EXPECT_EQ(Owner(c, "a1"), "p1");
}

TEST(L3, ARenameKeepsTheAccountThroughTheRecordedLink) {
  Company c;
  c.Person("p1", "ada.king", "ada.king@example.com");
  c.Directory("dir").Account(
      {.id = "a1", .user_name = "ada.byron", .email = "ada.byron@example.com"});
  c.Link("dir", "a1", "p1", Proof::kRecordedName);
  EXPECT_EQ(Owner(c, "a1"), "p1");
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

TEST(L3, APlanRecordsItsLinksWithTheirProof) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "x", .external_id = "p1"})
      .Account({.id = "a2", .user_name = "bob"});
  std::vector<RecordedLink> links = PlanFor(c).to_remember.links;
  EXPECT_THAT(links, ElementsAre(RecordedLink{"dir", "a1", "p1", Proof::kRecordedId, "", false},
                                 RecordedLink{"dir", "a2", "p2", Proof::kRecordedName, "", false}));
}

TEST(L3, WhatIsRecordedAlreadyIsNotRecordedAgain) {
  Company c;
  c.Person("p1", "ada");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
  c.Link("dir", "a1", "p1", Proof::kRecordedName);
  EXPECT_THAT(PlanFor(c).to_remember.links, IsEmpty());
}

TEST(L4, TwoPeopleWithEqualProofForOneAccountAreAmbiguous) {
  Company c;
  c.Person("p1", "ada", "team@example.com").Person("p2", "bob", "team@example.com");
  c.Inactive("p2");
  c.Directory("dir").Account({.id = "a1", .user_name = "x", .email = "team@example.com"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "ambiguous"), ElementsAre("dir/a1", "p1", "p2"));
}

TEST(L4, OneActivePersonWithTwoAccountsIsAmbiguous) {
  Company c;
  c.Person("p1", "ada");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada"})
      .Account({.id = "a2", .user_name = "ADA", .state = kInactive});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "ambiguous"), ElementsAre("dir/a1", "dir/a2", "p1"));
}

TEST(L4, AccountsOfALeaverThatDifferInCaseOnlyAreAllDeactivated) {
  Company c;
  c.Person("p1", "ada").Inactive("p1");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada"})
      .Account({.id = "a2", .user_name = "ADA"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("dir/a2", "dir/a1"));
  EXPECT_EQ(FindFinding(plan, "ambiguous"), nullptr);
}

TEST(L4, AccountsOfALeaverThatDifferInMoreThanCaseAreAmbiguous) {
  Company c;
  c.Person("p1", "x", "ada@example.com").Inactive("p1");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada", .email = "ada@example.com"})
      .Account({.id = "a2", .user_name = "ada2", .email = "ada@example.com"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "ambiguous"), Contains("p1"));
}

TEST(L4, ALeaversSecondActiveManagedAccountIsSeen) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Inactive("p1");
  c.spec().managed_domains = {"example.com"};
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "x", .external_id = "p1"})
      .Account({.id = "a2", .user_name = "ada", .email = "ada@example.com"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("dir/a1"));
  EXPECT_THAT(SubjectsOf(plan, "ambiguous"), ElementsAre("dir/a2", "p1"));
}

TEST(L4, ALeaversSecondAccountThatIsInactiveIsNoFinding) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Inactive("p1");
  c.spec().managed_domains = {"example.com"};
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "x", .external_id = "p1"})
      .Account({.id = "a2", .user_name = "ada", .email = "ada@example.com", .state = kInactive});
  EXPECT_EQ(FindFinding(PlanFor(c).plan, "ambiguous"), nullptr);
}

TEST(L4, TheSameExternalIdOnTwoAccountsIsAmbiguous) {
  Company c;
  c.Person("p1", "ada").Inactive("p1");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada", .external_id = "p1"})
      .Account({.id = "a2", .user_name = "bob", .external_id = "p1"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "ambiguous"), ElementsAre("dir/a1", "dir/a2", "p1"));
}

TEST(L5, ASwapOfEmailsBetweenPeopleProvedByIdChangesNothing) {
  Company c;
  c.Person("p1", "ada", "bob@example.com").Person("p2", "bob", "ada@example.com");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada", .email = "ada@example.com", .external_id = "p1"})
      .Account({.id = "a2", .user_name = "bob", .email = "bob@example.com", .external_id = "p2"});
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_EQ(FindFinding(plan, "email_conflict"), nullptr);
}

TEST(L5, WhereOnlyNamesProveTheSwapNeitherIsActivatedOrAdded) {
  Company c;
  c.Person("p1", "ada", "bob@example.com").Person("p2", "bob", "ada@example.com");
  c.Group("eng", {"p1", "p2"}).Manage("eng", "dir");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada", .email = "ada@example.com", .state = kInactive});
  dir.Account({.id = "a2", .user_name = "bob", .email = "bob@example.com"});
  dir.Group({.name = "eng"});
  dir.spec().policy.activate = Policy::Activate::kAll;
  PlanResult result = PlanFor(c);
  EXPECT_THAT(result.plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(result.plan, "email_conflict"), ElementsAre("p1", "p2"));
  EXPECT_THAT(result.to_remember.links, IsEmpty()) << "a record would prove the doubtful link";
}

TEST(L5, DeactivationAndRemovalGoOnInAnEmailConflict) {
  Company c;
  c.Person("p1", "ada", "bob@example.com").Person("p2", "bob", "ada@example.com");
  c.Inactive("p1").Person("p3", "cyd", "cyd@example.com");
  c.Group("eng", {"p3"}).Manage("eng", "dir");
  c.Directory("dir")
      .Account({.id = "a1", .user_name = "ada", .email = "ada@example.com"})
      .Account({.id = "a2", .user_name = "bob", .email = "bob@example.com"})
      .Account({.id = "a3", .user_name = "cyd", .email = "cyd@example.com"})
      .Member("eng", "a2")
      .Member("eng", "a3");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("dir/a1"));
  EXPECT_THAT(ChangesOf(plan, Action::kRemoveMembership), ElementsAre("dir/eng/a2"));
}

TEST(L6, ANewHireWithALeaversAddressDoesNotGetHisAccount) {
  Company c;
  c.Person("new", "j.doe", "j.doe@example.com");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "j.doe", .email = "j.doe@example.com", .state = kInactive});
  dir.spec().policy.activate = Policy::Activate::kAll;
  c.Link("dir", "a1", "old", Proof::kRecordedName);
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "identity_reused"), ElementsAre("new"));
  EXPECT_EQ(FindFinding(plan, "missing"), nullptr) << "said once";
}

TEST(L6, TheAccountGoesOnFollowingItsOldPerson) {
  Company c;
  c.Person("old", "j.doe.old", "").Inactive("old").Person("new", "j.doe", "j.doe@example.com");
  c.Directory("dir").Account({.id = "a1", .user_name = "j.doe", .email = "j.doe@example.com"});
  c.Link("dir", "a1", "old", Proof::kRecordedName);
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("dir/a1"));
  EXPECT_EQ(plan.changes.front().person, "old");
  EXPECT_THAT(SubjectsOf(plan, "identity_reused"), ElementsAre("new"));
}

TEST(L6, AReusedUserNameOfSomebodyPresentIsNamed) {
  Company c;
  c.Person("p1", "ada.king", "ada@example.com").Person("p2", "ada", "ada2@example.com");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .external_id = "p1"});
  Plan plan = PlanFor(c).plan;
  EXPECT_EQ(Owner(c, "a1"), "p1");
  EXPECT_THAT(SubjectsOf(plan, "identity_reused"), ElementsAre("p2"));
}

TEST(L7, AForeignExternalIdIsNeverLinkedByName) {
  Company c;
  c.Person("p1", "ada", "ada@example.com");
  c.Directory("dir").Account(
      {.id = "a1", .user_name = "ada", .email = "ada@example.com", .external_id = "legacy-9"});
  Plan plan = PlanFor(c).plan;
  EXPECT_EQ(Owner(c, "a1"), "");
  EXPECT_EQ(FindFinding(plan, "foreign_external_ids")->observed, 1);
  EXPECT_THAT(SubjectsOf(plan, "missing"), ElementsAre("p1"));
}

TEST(L7, TheConfigurationMaySayWhatExternalIdHolds) {
  Company c;
  c.Person("p1", "x").Attribute("p1", "employeeNumber", "E-17");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada", .external_id = "E-17"});
  dir.spec().match.external_id = MatchRule::ExternalId::kAttribute;
  dir.spec().match.external_id_attribute = "employee_number";
  EXPECT_EQ(Owner(c, "a1"), "p1");
}

TEST(L7, ExternalIdsCanBeIgnored) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob");
  CompanyDirectory& dir = c.Directory("dir");
  dir.Account({.id = "a1", .user_name = "ada", .external_id = "p2"});
  dir.spec().match.external_id = MatchRule::ExternalId::kIgnore;
  EXPECT_EQ(Owner(c, "a1"), "p1");
}

TEST(L7, ExportsWithoutStableIdsIgnoreExternalIds) {
  Company c;
  c.Person("ada", "ada").WithoutStableIds();
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .external_id = "whatever"});
  EXPECT_EQ(Owner(c, "a1"), "ada");
  EXPECT_NE(FindFinding(PlanFor(c).plan, "no_stable_id"), nullptr);
}

TEST(L8, AnIdThatContradictsARecordedLinkChangesNothing) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob").Inactive("p1");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .external_id = "p2"});
  c.Link("dir", "a1", "p1", Proof::kRecordedId);
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "link_conflict"), ElementsAre("p1", "p2"));
}

TEST(L8, AForeignIdContradictsALinkRecordedByName) {
  Company c;
  c.Person("p1", "ada").Inactive("p1");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .external_id = "unknown"});
  c.Link("dir", "a1", "p1", Proof::kRecordedName);
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "link_conflict"), ElementsAre("p1"));
}

TEST(L8, ALinkByHandSettlesIt) {
  Company c;
  c.Person("p1", "ada").Person("p2", "bob").Inactive("p1");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .external_id = "p2"});
  c.Link("dir", "a1", "p1", Proof::kByHand);
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("dir/a1"));
  EXPECT_EQ(FindFinding(plan, "link_conflict"), nullptr);
}

TEST(L8, UnlinkingKeepsThePairApart) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Inactive("p1");
  c.Directory("dir").Account({.id = "a1", .user_name = "ada", .email = "ada@example.com"});
  c.memory().links.push_back({"dir", "a1", "p1", Proof::kByHand, "not hers", true});
  EXPECT_EQ(Owner(c, "a1"), "");
  EXPECT_THAT(PlanFor(c).plan.changes, IsEmpty());
}

// What the organisation knows by an e-mail only must not become an id by way of its site: the site
// follows as long as the organisation says so, and contradicts it never.
TEST(LinkingSites, ALinkByTheOrganisationsAccountIsRecordedAsOneByName) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Person("p2", "bob", "bob@example.com");
  c.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "c1", .email = "ada@example.com"});
  c.Directory("site", DirectoryKind::kJira).Account({.id = "c1"});
  EXPECT_THAT(
      PlanFor(c).to_remember.links,
      UnorderedElementsAre(RecordedLink{"cloud", "c1", "p1", Proof::kRecordedName, "", false},
                           RecordedLink{"site", "c1", "p1", Proof::kRecordedName, "", false}));
  // It was Bob's all along: what was recorded for the site is overruled, not in conflict.
  c.Link("site", "c1", "p1", Proof::kRecordedName).Link("cloud", "c1", "p2", Proof::kByHand);
  const PlanResult corrected = PlanFor(c);
  EXPECT_THAT(SubjectsOf(corrected.plan, "link_conflict"), IsEmpty());
  EXPECT_THAT(corrected.to_remember.links,
              ElementsAre(RecordedLink{"site", "c1", "p2", Proof::kRecordedName, "", false}));
}

}  // namespace
}  // namespace rollcall
