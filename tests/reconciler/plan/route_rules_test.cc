// Rules R1 to R5 and M3, as far as the pure core decides them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/company.h"
#include "tests/support/plan_matchers.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A leaver whose SCIM record names his account in the organisation.
void FillCloud(Company& c, AccountState record, AccountState account, bool claimed = true) {
  c.Person("p1", "ada", "ada@example.com").Inactive("p1");
  c.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "aaid", .email = "ada@example.com", .state = account, .claimed = claimed});
  CompanyDirectory& scim = c.Directory("scim");
  scim.Account({.id = "s1",
                .user_name = "ada",
                .external_id = "p1",
                .linked_account = "aaid",
                .state = record});
  scim.spec().provisions = "cloud";
}

Plan PlanWith(Company& c, const std::map<std::string, ProbeResult>& probes) {
  PlanInput input = c.Input();
  Draft draft = MakeDraft(input);
  return FinishPlan(input, draft, probes).plan;
}

std::map<std::string, ProbeResult> OwnedBy(const std::string& reason) {
  Ownership owner;
  owner.may_activate = owner.may_deactivate = false;
  owner.reason = reason;
  ProbeResult result;
  result.accounts["aaid"] = owner;
  return {{"cloud", result}};
}

TEST(R2, DeactivatingTheScimUserCarriesTheAccountAlong) {
  Company c;
  FillCloud(c, AccountState::kActive, AccountState::kActive);
  Plan plan = PlanWith(c, OwnedBy("externalDirectory.scim"));
  ASSERT_EQ(plan.changes.size(), 1u);
  EXPECT_EQ(plan.changes[0].directory, "scim");
  EXPECT_THAT(plan.changes[0].effects, ElementsAre(Effect{"cloud", "aaid", Action::kDeactivate}));
  EXPECT_EQ(plan.changes[0].routed_from, "");
}

TEST(M1, NobodyAsksWhoOwnsAnAccountThatFollowsByItself) {
  Company c;
  FillCloud(c, AccountState::kActive, AccountState::kActive);
  c.Person("p2", "bob", "bob@example.com").Inactive("p2");
  c.Directory("cloud").Account({.id = "bbid", .email = "bob@example.com"});
  PlanInput input = c.Input();
  std::map<std::string, ProbeRequest> requests = WhatToProbe(MakeDraft(input));
  EXPECT_THAT(requests["cloud"].accounts, ElementsAre("bbid"));
}

TEST(M1, WhoOwnsAnAccountIsAskedWhereItsRecordDoesNotReachIt) {
  Company c;
  FillCloud(c, AccountState::kActive, AccountState::kActive, false);
  c.Directory("cloud").spec().policy.unclaimed_accounts = Policy::Unclaimed::kSuspend;
  PlanInput input = c.Input();
  std::map<std::string, ProbeRequest> requests = WhatToProbe(MakeDraft(input));
  EXPECT_THAT(requests["cloud"].accounts, ElementsAre("aaid"));
}

TEST(R2, AnAccountThatIsNotClaimedIsNoEffect) {
  Company c;
  FillCloud(c, AccountState::kActive, AccountState::kActive, false);
  Plan plan = PlanWith(c, {});
  ASSERT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("scim/s1"));
  EXPECT_THAT(plan.changes[0].effects, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "unclaimed_accounts"), ElementsAre("p1"));
}

TEST(R3, ARecordThatSaysSoAlreadyIsAssertedOnce) {
  Company c;
  FillCloud(c, kInactive, AccountState::kActive);
  Plan plan = PlanWith(c, OwnedBy("externalDirectory.scim"));
  ASSERT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("scim/s1"));
  EXPECT_EQ(plan.changes[0].routed_from, "cloud");
  c.memory().asserted.insert({"scim", "s1"});
  plan = PlanWith(c, OwnedBy("externalDirectory.scim"));
  EXPECT_THAT(plan.changes, IsEmpty());
  EXPECT_THAT(SubjectsOf(plan, "blocked_route"), ElementsAre("p1"));
}

TEST(R4, AnotherOwnerBlocksTheRouteAndTheRestGoesOn) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Inactive("p1").Person("p2", "bob", "bob@example.com");
  c.Inactive("p2");
  c.Directory("cloud", DirectoryKind::kAtlassianAdmin)
      .Account({.id = "aaid", .email = "ada@example.com"})
      .Account({.id = "bbid", .email = "bob@example.com"});
  Plan plan = PlanWith(c, OwnedBy("externalDirectory.google"));
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("cloud/bbid"));
  EXPECT_THAT(SubjectsOf(plan, "blocked_route"), ElementsAre("p1"));
  EXPECT_THAT(FindFinding(plan, "blocked_route")->message,
              ::testing::HasSubstr("externalDirectory.google"));
}

TEST(R4, TheCureIsTheReadersWhereItKnowsOne) {
  Company c;
  FillCloud(c, AccountState::kActive, AccountState::kActive);
  c.Directory("scim").spec().provisions = "";
  std::map<std::string, ProbeResult> probes = OwnedBy("externalDirectory.google");
  Plan plan = PlanWith(c, probes);
  ASSERT_NE(FindFinding(plan, "blocked_route"), nullptr);
  EXPECT_EQ(FindFinding(plan, "blocked_route")->cure,
            "make the change where the account is owned, or configure that directory");
  probes["cloud"].accounts["aaid"].cure = "suspend the person in Google Workspace";
  plan = PlanWith(c, probes);
  EXPECT_EQ(FindFinding(plan, "blocked_route")->cure, "suspend the person in Google Workspace");
}

TEST(M2, TheWritesThatProbingNamesAreInTheBudgetAndNoWriteIsNoChange) {
  for (int64_t writes : {0, 1, 3}) {
    Company c;
    FillCloud(c, AccountState::kActive, AccountState::kActive);
    c.Directory("scim").spec().provisions = "";
    c.Directory("scim").SetState("s1", kInactive);
    std::map<std::string, ProbeResult> probes;
    probes["cloud"].accounts["aaid"].deactivate_writes = writes;
    Plan plan = PlanWith(c, probes);
    EXPECT_EQ(plan.changes.size(), writes == 0 ? 0u : 1u);
    EXPECT_EQ(plan.budget.write_requests, writes);
    EXPECT_EQ(plan.counts.unchanged, writes == 0 ? 2 : 1);
  }
}

TEST(R5, WhatTheRecordWouldBeJudgedByIsInTheWayThroughIt) {
  Company c;
  FillCloud(c, kInactive, AccountState::kActive);
  Plan plan = PlanFor(c).plan;
  ASSERT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("cloud/aaid"));
  ASSERT_TRUE(plan.changes[0].reroute.has_value());
  EXPECT_EQ(*plan.changes[0].reroute, (Reroute{"scim", "s1", "ada", "", "", "", "p1"}));
  const Change through = ThroughOwner(plan.changes[0]);
  EXPECT_EQ(through.id, plan.changes[0].id);
  EXPECT_EQ(through.directory, "scim");
  EXPECT_EQ(through.routed_from, "cloud");
  EXPECT_THAT(through.effects, ElementsAre(Effect{"cloud", "aaid", Action::kDeactivate}));
  EXPECT_FALSE(through.reroute.has_value()) << "once";
}

TEST(R5, AWayThatWasUndoneTwiceIsNone) {
  Company c;
  FillCloud(c, kInactive, AccountState::kActive);
  c.memory().applied_repeatedly.push_back({"scim", Action::kDeactivate, "s1", "", 2});
  Plan plan = PlanFor(c).plan;
  ASSERT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("cloud/aaid"));
  EXPECT_FALSE(plan.changes[0].reroute.has_value());
  EXPECT_EQ(FindFinding(plan, "contested"), nullptr);
}

TEST(R5, AChangeThatAnotherActorUndidTwiceStops) {
  for (int64_t applied : {1, 2}) {
    Company c;
    c.Person("p1", "ada").Inactive("p1");
    c.Directory("dir").Account({.id = "a1", .user_name = "ada"});
    c.memory().applied_repeatedly.push_back({"dir", Action::kDeactivate, "a1", "", applied});
    Plan plan = PlanFor(c).plan;
    EXPECT_EQ(plan.changes.size(), applied == 1 ? 1u : 0u);
    EXPECT_EQ(FindFinding(plan, "contested") != nullptr, applied == 2);
  }
}

TEST(Findings, NameWhoeverTheExportKnowsForPeopleToRead) {
  Company c;
  c.Person("p1", "ada", "ada@example.com").Person("p2", "", "bob@example.com").Person("p3", "p3");
  c.Directory("dir");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(SubjectsOf(plan, "missing"), ElementsAre("p1", "p2", "p3"));
  EXPECT_THAT(plan.labels,
              ElementsAre(std::pair<const std::string, std::string>("p1", "ada"),
                          std::pair<const std::string, std::string>("p2", "bob@example.com")));
}

TEST(M3, AnUnreadableDirectoryTakesItsPartnerAlongAndNobodyElse) {
  Company c;
  FillCloud(c, AccountState::kActive, AccountState::kActive);
  c.Directory("crowd", DirectoryKind::kCrowd).Account({.id = "k1", .user_name = "ada"});
  c.Directory("cloud").Unreadable("503 on page 3 of users");
  Plan plan = PlanFor(c).plan;
  EXPECT_THAT(ChangesOf(plan, Action::kDeactivate), ElementsAre("crowd/k1"));
  EXPECT_THAT(plan.unreadable, ElementsAre("cloud", "scim"));
  EXPECT_NE(FindFinding(plan, "unreadable_directory", "scim"), nullptr);
}

}  // namespace
}  // namespace rollcall
