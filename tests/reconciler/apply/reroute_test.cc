// Rule R5: what its directory refuses, naming SCIM as the owner, goes through the owner once.
#include "reconciler/apply/reroute.h"

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reconciler/apply/apply_fixture.h"

namespace rollcall {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kOwner[] = "externalDirectory.scim";

// An organisation "cloud" that turns out to be owned by "scim"; what happens to a SCIM record is
// carried along.
class RerouteTest : public ApplyFixture {
 protected:
  RerouteTest() {
    AddDirectory("cloud");
    kinds_["cloud"] = DirectoryKind::kAtlassianAdmin;
    scim().OnEffect([this](const FakeEffect& effect) {
      ExpectAnnounced("scim", effect);
      CarryAlong(effect);
    });
  }

  void CarryAlong(const FakeEffect& effect) {
    if (!carries_along_) return;
    AccountRecord account = directory("cloud").world().accounts.at("c-" + effect.account);
    if (effect.group.empty()) {
      account.state =
          effect.action == Action::kActivate ? AccountState::kActive : AccountState::kInactive;
      return directory("cloud").AddAccount(account);
    }
    FakeGroup group = directory("cloud").world().groups.at("c-" + effect.group);
    if (effect.action == Action::kAddMembership) {
      group.members.insert(account.id);
    } else {
      group.members.erase(account.id);
    }
    directory("cloud").AddGroup("c-" + effect.group, group.name, group.members);
  }

  // A person with an active account c-NAME in the organisation and the record NAME in SCIM.
  void AddBoth(const std::string& name) {
    AddActive(name);
    directory("cloud").AddAccount(Person("c-" + name, AccountState::kActive));
  }
  // cloud refuses it and names the owner; the plan knows the way.
  std::string WantRefused(const std::string& name, const std::string& owner = kOwner) {
    AddBoth(name);
    directory("cloud").Script({.kind = Fault::Kind::kRefuse,
                               .object = "c-" + name,
                               .times = Fault::kAlways,
                               .http_status = 403,
                               .owner = owner});
    const std::string id = Want(Action::kDeactivate, "c-" + name, "", "cloud");
    OrThrough(id, "scim", name);
    return id;
  }
  void AddBothGroups(const std::string& id, std::set<std::string> records) {
    AddGroup(id, records);
    std::set<std::string> accounts;
    for (const std::string& record : records) accounts.insert("c-" + record);
    directory("cloud").AddGroup("c-" + id, "Name of c-" + id, accounts);
  }

  bool carries_along_ = true;
};

TEST_F(RerouteTest, WhatSCIMOwnsGoesThroughItsRecordOnceAndIsVerifiedOnBothSides) {
  const std::string id = WantRefused("ann");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, id), "APPLIED verified");
  EXPECT_EQ(StateOf("ann"), AccountState::kInactive);
  const Outcome& outcome = result.outcomes.at(id);
  EXPECT_TRUE(outcome.rerouted);
  EXPECT_EQ(outcome.attempts, 2);
  EXPECT_EQ(outcome.message, "re-routed through scim, which owns it, since cloud refused it (R5)");
  EXPECT_EQ(directory("cloud").writes(), 1);
  EXPECT_EQ(scim().writes(), 1);
  // Before the write and after it, on both sides: the effect is what is read in the organisation.
  EXPECT_EQ(directory("cloud").reads_of("c-ann"), 2);
  EXPECT_EQ(scim().reads_of("ann"), 2);
  EXPECT_EQ(result.state, RunState::kSucceeded);
}

TEST_F(RerouteTest, AnEffectThatDoesNotFollowIsNotVerified) {
  carries_along_ = false;
  const std::string id = WantRefused("ann");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, id), "APPLIED");
  EXPECT_THAT(result.outcomes.at(id).message, HasSubstr("re-routed through scim"));
  EXPECT_THAT(result.outcomes.at(id).message, HasSubstr("the effect in cloud"));
}

TEST_F(RerouteTest, ARefusalOfTheOwnerIsTheEnd) {
  const std::string id = WantRefused("ann");
  scim().Script(
      {.kind = Fault::Kind::kRefuse, .object = "ann", .times = Fault::kAlways, .owner = kOwner});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, id), "REFUSED");
  EXPECT_TRUE(result.outcomes.at(id).rerouted);
  EXPECT_EQ(directory("cloud").writes(), 1);
  EXPECT_EQ(scim().writes(), 1);
  EXPECT_EQ(StateOf("ann"), AccountState::kActive);
}

TEST_F(RerouteTest, AnotherOwnerIsNamedAndNothingIsTriedElsewhere) {
  const std::string id = WantRefused("ann", "externalDirectory.google");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, id), "REFUSED");
  EXPECT_THAT(result.outcomes.at(id).message, HasSubstr("externalDirectory.google"));
  EXPECT_THAT(result.outcomes.at(id).message, HasSubstr("another identity provider owns it"));
  EXPECT_EQ(scim().requests_sent(), 0);
}

TEST_F(RerouteTest, ARefusalThatNamesNobodyIsNotReRouted) {
  const std::string id = WantRefused("ann", "");
  EXPECT_EQ(Say(Apply(), id), "REFUSED");
  EXPECT_EQ(scim().requests_sent(), 0);
}

TEST_F(RerouteTest, WithoutAWayTheOutcomeNamesTheOwnerAndTheCure) {
  const std::string id = WantRefused("ann");
  plan_.changes[0].reroute.reset();
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, id), "REFUSED");
  EXPECT_FALSE(result.outcomes.at(id).rerouted);
  EXPECT_THAT(result.outcomes.at(id).message, HasSubstr(kOwner));
  EXPECT_THAT(result.outcomes.at(id).message, HasSubstr("provisions: cloud"));
  EXPECT_EQ(scim().requests_sent(), 0);
}

TEST_F(RerouteTest, ARecordThatIsNoLongerWhatItWasIsNotForced) {
  const std::string id = WantRefused("ann");
  AccountRecord record = scim().world().accounts.at("ann");
  record.email = "somebody.else@example.com";
  scim().AddAccount(record);
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, id), "SKIPPED_STALE");
  EXPECT_EQ(scim().writes(), 0);
}

TEST_F(RerouteTest, ManyRefusalsThatNameTheOwnerAreNoMatterOfTheKey) {
  for (int i = 1; i <= DirectoryHealth::kDeniedLimit + 5; ++i) WantRefused(absl::StrCat("p", i));
  const RunResult result = Apply();
  EXPECT_EQ(result.state, RunState::kSucceeded);
  EXPECT_EQ(scim().writes(), DirectoryHealth::kDeniedLimit + 5);
}

TEST_F(RerouteTest, ManyGroupsThatTheOwnerKeepsAreNoMatterOfTheKey) {
  AddBoth("ann");
  constexpr int kGroups = DirectoryHealth::kDeniedLimit + 5;
  for (int i = 1; i <= kGroups; ++i) {
    const std::string group = absl::StrCat("g", i);
    AddBothGroups(group, {});
    directory("cloud").Script({.kind = Fault::Kind::kRefuse,
                               .object = "c-" + group,
                               .times = Fault::kAlways,
                               .owner = kOwner});
    OrThrough(Want(Action::kAddMembership, "c-ann", "c-" + group, "cloud"), "scim", "ann", group);
  }
  EXPECT_EQ(Apply().state, RunState::kSucceeded);
  EXPECT_EQ(scim().writes(), kGroups);
}

TEST_F(RerouteTest, MembershipsGoThroughTheOwnersGroupInOneRequest) {
  AddBothGroups("eng", {"ann"});
  for (const char* name : {"ann", "bob", "cyd"}) AddBoth(name);
  directory("cloud").Script(
      {.kind = Fault::Kind::kRefuse, .object = "c-eng", .times = Fault::kAlways, .owner = kOwner});
  const std::string bob = Want(Action::kAddMembership, "c-bob", "c-eng", "cloud");
  const std::string cyd = Want(Action::kAddMembership, "c-cyd", "c-eng", "cloud");
  const std::string dan = Want(Action::kAddMembership, "c-dan", "c-eng", "cloud");
  OrThrough(bob, "scim", "bob", "eng");
  OrThrough(cyd, "scim", "cyd", "eng");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, bob), "APPLIED verified");
  EXPECT_EQ(Say(result, cyd), "APPLIED verified");
  EXPECT_EQ(Say(result, dan), "REFUSED") << "no way is known for it";
  EXPECT_EQ(MembersOf("eng"), (std::set<std::string>{"ann", "bob", "cyd"}));
  EXPECT_EQ(scim().writes(), 1);
}

TEST_F(RerouteTest, WhoeverIsDeactivatedByAReRouteIsNotSentAsAnInterruptedRun) {
  const std::string id = WantRefused("ann");
  EXPECT_EQ(Say(Apply(), id), "APPLIED verified");
  const int64_t sent = directory("cloud").writes() + scim().writes();
  EXPECT_EQ(Say(Resume(), id), "APPLIED verified");
  EXPECT_EQ(directory("cloud").writes() + scim().writes(), sent) << "nothing is sent again";
}

// A kill at every step, as in crash_test.cc, over both directories.
class RerouteKill : public RerouteTest {
 public:
  void TestBody() override {}

  struct Ending {
    FakeWorld cloud, scim;
    std::vector<FakeEffect> effects;
    std::vector<std::string> outcomes;
    int exit_code = 0;
    bool operator==(const Ending&) const = default;
  };

  Ending Play(int64_t step, CrashSwitch::Side side, int64_t* steps) {
    WantRefused("ann");
    WantRefused("bob");
    scim().Script({.kind = Fault::Kind::kLostAfter, .object = "bob"});
    AddActive("own");
    Want(Action::kDeactivate, "own");
    directory("cloud").AddAccount(Person("c-own", AccountState::kActive));
    AddBothGroups("eng", {"ann"});
    AddBoth("cyd");
    directory("cloud").Script({.kind = Fault::Kind::kRefuse,
                               .object = "c-eng",
                               .times = Fault::kAlways,
                               .owner = kOwner});
    OrThrough(Want(Action::kAddMembership, "c-cyd", "c-eng", "cloud"), "scim", "cyd", "eng");
    CrashSwitch crash = step == 0 ? CrashSwitch() : CrashSwitch(step, side);
    SetCrash(&crash);
    RunResult result = Apply();
    if (steps != nullptr) *steps = crash.steps();
    SetCrash(nullptr);
    if (crash.crashed()) result = Resume();
    EXPECT_TRUE(journal_.Durable().unknown.empty());
    Ending ending{
        directory("cloud").world(), scim().world(), scim().effects(), {}, ExitCodeFor(result)};
    std::sort(ending.effects.begin(), ending.effects.end());
    for (const Change& change : plan_.changes) {
      ending.outcomes.push_back(change.id + " " + Say(result, change.id) +
                                (result.outcomes[change.id].rerouted ? " re-routed" : ""));
    }
    return ending;
  }

 private:
  void SetCrash(CrashSwitch* crash) {
    scim().SetCrash(crash);
    directory("cloud").SetCrash(crash);
    journal_.SetCrash(crash);
  }
};

TEST(RerouteKillTest, AtAnyStepTheNextStartEndsAsAnUndisturbedRun) {
  int64_t steps = 0;
  const RerouteKill::Ending undisturbed =
      RerouteKill().Play(0, CrashSwitch::Side::kBeforeEffect, &steps);
  ASSERT_GT(steps, 20);
  EXPECT_EQ(undisturbed.exit_code, 0);
  EXPECT_EQ(undisturbed.effects.size(), 4u);
  for (const auto side : {CrashSwitch::Side::kBeforeEffect, CrashSwitch::Side::kAfterEffect}) {
    for (int64_t step = 1; step <= steps; ++step) {
      SCOPED_TRACE(absl::StrCat("killed at step ", step, " of ", steps, ", ",
                                side == CrashSwitch::Side::kBeforeEffect ? "before" : "after"));
      const RerouteKill::Ending ending = RerouteKill().Play(step, side, nullptr);
      EXPECT_EQ(ending.cloud, undisturbed.cloud);
      EXPECT_EQ(ending.scim, undisturbed.scim);
      EXPECT_EQ(ending.effects, undisturbed.effects);
      EXPECT_EQ(ending.outcomes, undisturbed.outcomes);
      EXPECT_EQ(ending.exit_code, undisturbed.exit_code);
    }
  }
}

// Rule G3 over directories: the organisation's account becomes active by a change of SCIM.
class ActivatedElsewhereTest : public RerouteTest {
 protected:
  void SetUp() override {
    AddInactive("ann");
    directory("cloud").AddAccount(Person("c-ann", AccountState::kInactive));
    directory("cloud").AddGroup("g", "Name of g", {});
    activation_ = Want(Action::kActivate, "ann");
    plan_.changes.back().effects = {{"cloud", "c-ann", Action::kActivate}};
    addition_ = Want(Action::kAddMembership, "c-ann", "g", "cloud");
  }
  std::string activation_;
  std::string addition_;
};

TEST_F(ActivatedElsewhereTest, AnAdditionWaitsUntilTheActivationThatItFollowsWasApplied) {
  bool active_when_added = false;
  directory("cloud").OnEffect([&](const FakeEffect& effect) {
    if (effect.action == Action::kAddMembership) {
      active_when_added =
          directory("cloud").world().accounts.at("c-ann").state == AccountState::kActive;
    }
  });
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, activation_), "APPLIED verified");
  EXPECT_EQ(Say(result, addition_), "APPLIED verified");
  EXPECT_TRUE(active_when_added);
}

// Three rounds: the activation, the addition that waited for it, and what the refusal hands over.
TEST_F(ActivatedElsewhereTest, AnAdditionThatWaitedMayStillBeReRouted) {
  AddBothGroups("eng", {});
  directory("cloud").Script(
      {.kind = Fault::Kind::kRefuse, .object = "c-eng", .times = Fault::kAlways, .owner = kOwner});
  const std::string owned = Want(Action::kAddMembership, "c-ann", "c-eng", "cloud");
  OrThrough(owned, "scim", "ann", "eng");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, owned), "APPLIED verified");
  EXPECT_EQ(MembersOf("eng"), (std::set<std::string>{"ann"}));
  EXPECT_EQ(result.state, RunState::kSucceeded);
}

TEST_F(ActivatedElsewhereTest, AnAdditionIsNotSentWhereTheActivationThatItFollowsFailed) {
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "ann"});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, activation_), "REFUSED");
  EXPECT_EQ(Say(result, addition_), "REFUSED");
  EXPECT_THAT(result.outcomes.at(addition_).message, HasSubstr("G3"));
  EXPECT_EQ(directory("cloud").writes(), 0);
  EXPECT_THAT(directory("cloud").world().groups.at("g").members, IsEmpty());
}

TEST_F(ActivatedElsewhereTest, AnAdditionIsNotSentWhereTheOtherDirectoryWasNotReached) {
  scim().RefuseAllFrom(1, absl::StatusCode::kUnauthenticated);
  const RunResult result = Apply();
  EXPECT_EQ(directory("cloud").writes(), 0);
  EXPECT_THAT(directory("cloud").world().groups.at("g").members, IsEmpty());
}

TEST_F(ActivatedElsewhereTest, WhatDoesNotWaitGoesFirst) {
  directory("cloud").AddAccount(Person("c-bob", AccountState::kActive));
  const std::string other = Want(Action::kAddMembership, "c-bob", "g", "cloud");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, addition_), "APPLIED verified");
  EXPECT_EQ(Say(result, other), "APPLIED verified");
  const std::vector<FakeEffect> effects = directory("cloud").effects();
  ASSERT_EQ(effects.size(), 2u);
  EXPECT_EQ(effects[0].account, "c-bob");
  EXPECT_EQ(effects[1].account, "c-ann");
}

// `masked` and `read_only`: the outcome says which finding it is about.
class LastingRefusalTest : public ApplyFixture {};

TEST_F(LastingRefusalTest, TheOutcomeNamesTheFindingOfARefusal) {
  AddActive("ann");
  AddActive("bob");
  AddActive("cyd");
  AddGroup("g", {});
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "ann", .finding = "read_only"});
  scim().Script({.kind = Fault::Kind::kRefuse,
                 .object = "g",
                 .code = absl::StatusCode::kFailedPrecondition,
                 .finding = "masked"});
  const std::string ann = Want(Action::kDeactivate, "ann");
  const std::string bob = Want(Action::kDeactivate, "bob");
  const std::string cyd = Want(Action::kAddMembership, "cyd", "g");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, ann), "REFUSED");
  EXPECT_EQ(result.outcomes.at(ann).finding, "read_only");
  EXPECT_EQ(result.outcomes.at(bob).finding, "");
  EXPECT_EQ(Say(result, cyd), "REFUSED");
  EXPECT_EQ(result.outcomes.at(cyd).finding, "masked");
  EXPECT_EQ(journal_.Durable().outcomes.at(ann).finding, "read_only");
}

TEST_F(LastingRefusalTest, AMembershipOfCrowdThatWasAppliedAndDoesNotShowIsMasked) {
  for (const DirectoryKind kind : {DirectoryKind::kCrowd, DirectoryKind::kScim}) {
    AddDirectory("dir");
    kinds_["dir"] = kind;
    journal_.SetCrash(nullptr);
    plan_.changes.clear();
    directory("dir").AddAccount(Person("ann", AccountState::kActive));
    directory("dir").AddAccount(Person("bob", AccountState::kActive));
    directory("dir").AddGroup("g", "Name of g", {});
    directory("dir").AddGroup("h", "Name of h", {});
    directory("dir").Script({.kind = Fault::Kind::kSilent, .object = "g"});
    const std::string masked = Want(Action::kAddMembership, "ann", "g", "dir");
    const std::string held = Want(Action::kAddMembership, "bob", "h", "dir");
    const RunResult result = Apply();
    EXPECT_EQ(Say(result, masked), "APPLIED");
    EXPECT_EQ(result.outcomes.at(masked).finding, kind == DirectoryKind::kCrowd ? "masked" : "");
    EXPECT_EQ(result.outcomes.at(held).finding, "");
  }
}

// A cache may show a change late: only what stays away for as long as verification waits is masked.
TEST_F(LastingRefusalTest, AnAccountOfCrowdThatWasAppliedAndNeverShowsIsMasked) {
  kinds_["scim"] = DirectoryKind::kCrowd;
  AddActive("ann");
  AddActive("bob");
  scim().Script({.kind = Fault::Kind::kSilent, .object = "ann"});
  const std::string masked = Want(Action::kDeactivate, "ann");
  const std::string held = Want(Action::kDeactivate, "bob");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, masked), "APPLIED");
  EXPECT_EQ(result.outcomes.at(masked).finding, "masked");
  EXPECT_THAT(result.outcomes.at(masked).message, testing::HasSubstr("the order of the"));
  EXPECT_EQ(Say(result, held), "APPLIED verified");
  EXPECT_EQ(result.outcomes.at(held).finding, "");
}

TEST_F(LastingRefusalTest, AGroupThatCannotBeReadBackIsNotTakenForMasked) {
  kinds_["scim"] = DirectoryKind::kCrowd;
  AddActive("ann");
  AddGroup("g", {});
  scim().Script({.kind = Fault::Kind::kReadFails,
                 .object = "g",
                 .times = Fault::kAlways,
                 .code = absl::StatusCode::kPermissionDenied});
  const std::string id = Want(Action::kAddMembership, "ann", "g");
  EXPECT_EQ(Apply().outcomes.at(id).finding, "");
}

}  // namespace
}  // namespace rollcall
