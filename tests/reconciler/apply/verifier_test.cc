#include "reconciler/apply/verifier.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reconciler/apply/apply_fixture.h"

namespace rollcall {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using VerifierTest = ApplyFixture;

TEST_F(VerifierTest, EachObjectIsReadBackOnceHoweverManyChangesTouchedIt) {
  AddGroup("g", {"a3"});
  for (int i = 1; i <= 3; ++i) AddActive(absl::StrCat("a", i));
  Want(Action::kRemoveMembership, "a3", "g");
  Want(Action::kAddMembership, "a1", "g");
  Want(Action::kAddMembership, "a2", "g");
  Want(Action::kDeactivate, "a3");
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  EXPECT_EQ(scim().reads_of("g"), 1);
  EXPECT_EQ(scim().reads_of("a3"), 2);  // one before, one after
}

TEST_F(VerifierTest, WaitsOnlyForWhatDoesNotShowYet) {
  AddActive("slow");
  AddActive("fast");
  Want(Action::kDeactivate, "slow");
  Want(Action::kDeactivate, "fast");
  scim().Script({.kind = Fault::Kind::kStaleReads, .object = "slow", .times = 4});
  const RunResult result = Apply();
  EXPECT_EQ(ExitCodeFor(result), 0);
  EXPECT_EQ(scim().reads_of("slow"), 5);  // one before; stale three times; then it shows
  EXPECT_EQ(scim().reads_of("fast"), 2);
  EXPECT_EQ(runtime_.slept(), absl::Seconds(1 + 2 + 4));
  EXPECT_EQ(scim().UnmetFaults(), 0);
}

TEST_F(VerifierTest, ChangeThatNeverShowsIsAppliedAndNotVerifiedAfterSixtySeconds) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kSilent, .object = "ann"});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED");
  EXPECT_THAT(result.outcomes.at(change).message, HasSubstr("not inactive"));
  EXPECT_EQ(runtime_.slept(), absl::Seconds(60));
  EXPECT_EQ(scim().reads(), 2 + 7);  // after 1, 2, 4, 8, 15, 15 and 15 seconds
  EXPECT_EQ(result.drift_left, 1);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(VerifierTest, WhatTheWriterHadToTellStaysWhereTheChangeNeverShows) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kSilent, .object = "ann", .note = "compare the names"});
  const RunResult result = Apply();
  EXPECT_THAT(result.outcomes.at(change).message,
              AllOf(HasSubstr("not inactive"), EndsWith("; when written: compare the names")));
}

TEST_F(VerifierTest, ReadThatFailsLeavesTheChangeUnverifiedWithTheReason) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().OnEffect([this](const FakeEffect&) {
    scim().Script({.kind = Fault::Kind::kReadFails,
                   .object = "ann",
                   .times = Fault::kAlways,
                   .code = absl::StatusCode::kDataLoss});
  });
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED");
  EXPECT_THAT(result.outcomes.at(change).message, HasSubstr("could not be read back"));
  EXPECT_EQ(runtime_.slept(), absl::ZeroDuration());  // waiting does not cure it
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(VerifierTest, UnreachableDirectoryIsGivenUpAfterFiveFailedReads) {
  for (int i = 1; i <= 8; ++i) {
    AddActive(absl::StrCat("a", i));
    Want(Action::kDeactivate, absl::StrCat("a", i));
  }
  scim().RefuseAllFrom(17, absl::StatusCode::kUnavailable);  // 8 looks, 8 writes
  const RunResult result = Apply();
  EXPECT_EQ(scim().reads(), 8 + DirectoryHealth::kFailureLimit);
  EXPECT_EQ(result.drift_left, 8);
  EXPECT_EQ(result.state, RunState::kPartial);
}

TEST_F(VerifierTest, RemovalThatOnlyAShortListShowsIsNotVerified) {
  AddActive("ann");
  AddGroup("g", {"ann"});
  Want(Action::kRemoveMembership, "ann", "g");
  scim().Script({.kind = Fault::Kind::kSilent, .object = "g"});
  scim().Script({.kind = Fault::Kind::kShortList, .object = "g", .times = Fault::kAlways});
  const RunResult result = Apply();
  EXPECT_EQ(result.outcomes.at("c1").state, OutcomeState::kApplied);
  EXPECT_FALSE(result.outcomes.at("c1").verified);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(VerifierTest, WhatShowsIsNotAskedForAgain) {
  AddActive("ann");
  AddActive("ben");
  AddGroup("g", {"ann", "ben"});
  Want(Action::kRemoveMembership, "ann", "g");
  Want(Action::kRemoveMembership, "ben", "g");
  DirectoryTraits traits = scim().Traits();
  traits.membership_batch = 1;
  scim().SetTraits(traits);
  scim().Script({.kind = Fault::Kind::kLostAfter, .object = "g"});  // ann is read, and out
  scim().Script({.kind = Fault::Kind::kSilent, .object = "g"});     // ben stays
  EXPECT_EQ(ExitCodeFor(Apply()), 4);
  ASSERT_GT(scim().asked().size(), 2u);
  EXPECT_EQ(scim().asked()[1], (std::vector<std::string>{"ann", "ben"}));
  EXPECT_EQ(scim().asked()[2], std::vector<std::string>{"ben"});
}

TEST_F(VerifierTest, EffectIsVerifiedInItsOwnDirectory) {  // rule R2
  FakeDirectory& cloud = AddDirectory("cloud");
  cloud.AddAccount(Person("ann", AccountState::kInactive));
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  plan_.changes[0].effects = {{"cloud", "ann", Action::kDeactivate}};
  EXPECT_EQ(Say(Apply(), change), "APPLIED verified");
  EXPECT_EQ(cloud.reads(), 1);
  EXPECT_EQ(cloud.writes(), 0);
}

// A4: what is left is a change of its own.
TEST_F(VerifierTest, AnAccountThatIsBackButForASuspensionShowsTheEffectOfItsRecord) {
  FakeDirectory& cloud = AddDirectory("cloud");
  cloud.AddAccount(Person("ann", AccountState::kPartlyActive));
  scim().AddAccount(Person("ann", AccountState::kInactive));
  const std::string change = Want(Action::kActivate, "ann");
  plan_.changes[0].effects = {{"cloud", "ann", Action::kActivate}};
  EXPECT_EQ(Say(Apply(), change), "APPLIED verified");
}

TEST_F(VerifierTest, AnAccountThatIsOffInSomeDirectoriesOnlyShowsNoDeactivation) {
  FakeDirectory& cloud = AddDirectory("cloud");
  cloud.AddAccount(Person("ann", AccountState::kPartlyActive));
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  plan_.changes[0].effects = {{"cloud", "ann", Action::kDeactivate}};
  EXPECT_EQ(Say(Apply(), change), "APPLIED");
}

TEST_F(VerifierTest, EffectThatDoesNotFollowLeavesTheChangeUnverified) {
  FakeDirectory& cloud = AddDirectory("cloud");
  cloud.AddAccount(Person("ann", AccountState::kActive));
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  plan_.changes[0].effects = {{"cloud", "ann", Action::kDeactivate}};
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED");
  EXPECT_THAT(result.outcomes.at(change).message, HasSubstr("the effect in cloud"));
  EXPECT_EQ(scim().reads_of("ann"), 2);  // only the effect is waited for
}

TEST_F(VerifierTest, EffectOnAMembershipIsVerifiedInItsOwnDirectory) {  // rule R2
  FakeDirectory& cloud = AddDirectory("cloud");
  for (const char* account : {"org-ann", "org-bob"}) {
    cloud.AddAccount(Person(account, AccountState::kActive));
  }
  cloud.AddGroup("org-g", "Name of g", {"org-ann"});
  AddActive("ann");
  AddActive("bob");
  AddGroup("g", {"bob"});
  const std::string in = Want(Action::kAddMembership, "ann", "g");
  const std::string out = Want(Action::kRemoveMembership, "bob", "g");
  plan_.changes[0].effects = {{"cloud", "org-ann", Action::kAddMembership, "org-g"}};
  plan_.changes[1].effects = {{"cloud", "org-bob", Action::kRemoveMembership, "org-g"}};
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, in), "APPLIED verified");
  EXPECT_EQ(Say(result, out), "APPLIED verified");
  EXPECT_EQ(cloud.reads_of("org-g"), 1);  // one reading shows both
  EXPECT_EQ(cloud.reads(), 1);
  EXPECT_EQ(cloud.writes(), 0);
}

TEST_F(VerifierTest, EffectOnAMembershipThatDoesNotFollowLeavesTheChangeUnverified) {
  FakeDirectory& cloud = AddDirectory("cloud");
  cloud.AddAccount(Person("org-ann", AccountState::kActive));
  cloud.AddGroup("org-g", "Name of g", {"org-ann"});
  AddActive("ann");
  AddGroup("g", {"ann"});
  const std::string change = Want(Action::kRemoveMembership, "ann", "g");
  plan_.changes[0].effects = {{"cloud", "org-ann", Action::kRemoveMembership, "org-g"}};
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED");
  EXPECT_THAT(result.outcomes.at(change).message,
              HasSubstr("the effect in cloud: the account is still a member"));
  EXPECT_EQ(result.drift_left, 1);
  EXPECT_EQ(ExitCodeFor(result), 4);
  EXPECT_EQ(scim().reads_of("g"), 1);  // only the effect is waited for
}

TEST_F(VerifierTest, MembershipThatWasSoAlreadyIsVerifiedOnlyWithItsEffect) {
  FakeDirectory& cloud = AddDirectory("cloud");
  cloud.AddAccount(Person("org-ann", AccountState::kActive));
  cloud.AddGroup("org-g", "Name of g", {"org-ann"});
  AddActive("ann");
  AddGroup("g", {});
  plan_.snapshot_times["scim"] = runtime_.Now() - absl::Hours(1);  // so the group is read first
  const std::string change = Want(Action::kRemoveMembership, "ann", "g");
  plan_.changes[0].effects = {{"cloud", "org-ann", Action::kRemoveMembership, "org-g"}};
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "ALREADY_DONE");
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(VerifierTest, StopWhileWaitingIsAnInterruptionAndTheNextStartVerifies) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kStaleReads, .object = "ann", .times = 4});
  runtime_.StopAt(runtime_.Now() + absl::Seconds(2), &stop_);
  const RunResult first = Apply();
  EXPECT_EQ(first.state, RunState::kInterrupted);
  EXPECT_EQ(Say(first, change), "APPLIED");
  RunRecord before = journal_.Durable();
  StopFlag not_stopped;
  Endpoints endpoints;
  endpoints["scim"] = {&scim(), &scim(), scim().Traits(), {}};
  runtime_.StopAt(absl::InfiniteFuture(), nullptr);
  CallContext context;
  Executor executor(endpoints, journal_, runtime_, progress_, options_);
  const RunResult second = executor.Execute(plan_, before, context);
  EXPECT_EQ(Say(second, change), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 1);
}

TEST_F(VerifierTest, MoreObjectsThanOneSliceAreStillReadOnceEach) {
  const int64_t count = static_cast<int64_t>(Verifier::kSlice) + 1;
  for (int64_t i = 0; i < count; ++i) {
    AddInactive(absl::StrCat("a", i));
    Want(Action::kActivate, absl::StrCat("a", i));
  }
  const RunResult result = Apply();
  EXPECT_EQ(result.state, RunState::kSucceeded);
  EXPECT_EQ(scim().reads(), 2 * count);
  EXPECT_EQ(journal_.Durable().outcomes.size(), static_cast<size_t>(count));
}

TEST_F(VerifierTest, PollingEndsAtItsLimitHoweverLongTheWait) {
  AddActive("ann");
  Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kSilent, .object = "ann"});
  options_.verify_wait = absl::Hours(1000);
  EXPECT_EQ(ExitCodeFor(Apply()), 4);
  EXPECT_EQ(scim().reads(), 1 + Verifier::kMaxRounds);
}

TEST_F(VerifierTest, AccountThatIsNotServedAfterItsDeactivationHolds) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().OnRequest([this](int64_t request) {
    if (request == 3) scim().RemoveAccount("ann");  // as servers do that hide inactive users
  });
  EXPECT_EQ(Say(Apply(), change), "APPLIED verified");
}

TEST_F(VerifierTest, AccountThatIsNotServedAfterItsActivationDoesNotHold) {
  AddInactive("ann");
  const std::string change = Want(Action::kActivate, "ann");
  scim().OnRequest([this](int64_t request) {
    if (request == 3) scim().RemoveAccount("ann");
  });
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED");
  EXPECT_THAT(result.outcomes.at(change).message, HasSubstr("the account is gone"));
  EXPECT_EQ(result.drift_left, 1);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

}  // namespace
}  // namespace rollcall
