#include "reconciler/apply/membership_step.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reconciler/apply/apply_fixture.h"

namespace rollcall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class MembershipStepTest : public ApplyFixture {
 protected:
  // Accounts m1 … mN, active.
  void AddPeople(int count) {
    for (int i = 1; i <= count; ++i) AddActive(absl::StrCat("m", i));
  }
  void SetBatch(int64_t size) {
    DirectoryTraits traits = scim().Traits();
    traits.membership_batch = size;
    scim().SetTraits(traits);
  }
};

TEST_F(MembershipStepTest, AdditionsToAGroupAreOneRequestAndOneReadBack) {
  AddPeople(5);
  AddGroup("g", {});
  for (int i = 1; i <= 5; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  const RunResult result = Apply();
  EXPECT_EQ(MembersOf("g").size(), 5u);
  EXPECT_EQ(scim().writes(), 1);
  EXPECT_EQ(scim().reads(), 1);
  EXPECT_EQ(ExitCodeFor(result), 0);
}

TEST_F(MembershipStepTest, AtTheBatchLimitThereIsOneRequestAndOnePastItThereAreTwo) {
  AddPeople(4);
  AddGroup("at", {});
  AddGroup("past", {});
  SetBatch(3);
  for (int i = 1; i <= 3; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "at");
  for (int i = 1; i <= 4; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "past");
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  EXPECT_EQ(scim().writes(), 1 + 2);
  EXPECT_EQ(scim().reads(), 2);
}

TEST_F(MembershipStepTest, RemovalsAndAdditionsOfAGroupAreTwoRequests) {
  AddPeople(2);
  AddGroup("g", {"m1"});
  Want(Action::kRemoveMembership, "m1", "g");
  Want(Action::kAddMembership, "m2", "g");
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  EXPECT_THAT(MembersOf("g"), ElementsAre("m2"));
  EXPECT_EQ(scim().writes(), 2);
  EXPECT_EQ(scim().reads(), 1);  // one read back for both
}

TEST_F(MembershipStepTest, GroupIsReadBeforeOnlyIfTheSnapshotIsOlderThanTheLimit) {
  AddPeople(1);
  AddGroup("g", {"m1"});
  const std::string change = Want(Action::kAddMembership, "m1", "g");
  plan_.snapshot_times["scim"] = runtime_.Now() - absl::Seconds(60);
  EXPECT_EQ(Say(Apply(), change), "APPLIED verified");  // at the limit: sent, as planned
  EXPECT_EQ(scim().writes(), 1);
  plan_.snapshot_times["scim"] = runtime_.Now() - absl::Seconds(61);
  const int64_t reads = scim().reads();
  EXPECT_EQ(Say(Apply(), change), "ALREADY_DONE verified");
  EXPECT_EQ(scim().writes(), 1);
  EXPECT_EQ(scim().reads(), reads + 1);
}

TEST_F(MembershipStepTest, GroupThatIsGoneOrRenamedIsSkipped) {
  AddPeople(1);
  scim().AddGroup("renamed", "Admins", {});
  const std::string gone = Want(Action::kAddMembership, "m1", "gone");
  const std::string renamed = Want(Action::kAddMembership, "m1", "renamed");
  plan_.snapshot_times["scim"] = runtime_.Now() - absl::Minutes(5);
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, gone), "SKIPPED_STALE");
  EXPECT_EQ(Say(result, renamed), "SKIPPED_STALE");
  EXPECT_THAT(result.outcomes.at(renamed).message, HasSubstr("Admins"));
  EXPECT_EQ(scim().writes(), 0);
}

// A list may come short, and say nothing of it (Crowd's). Only who is asked about is out.
TEST_F(MembershipStepTest, MemberWhomAListLeavesOutIsNotTakenForRemoved) {
  AddPeople(1);
  AddGroup("g", {"m1"});
  Want(Action::kRemoveMembership, "m1", "g");
  plan_.snapshot_times["scim"] = runtime_.Now() - absl::Seconds(61);
  scim().Script({.kind = Fault::Kind::kShortList, .object = "g", .times = Fault::kAlways});
  const RunResult result = Apply();
  EXPECT_THAT(MembersOf("g"), IsEmpty());
  EXPECT_EQ(result.outcomes.at("c1").state, OutcomeState::kApplied);
  EXPECT_TRUE(result.outcomes.at("c1").verified);
  EXPECT_EQ(scim().reads(), 2);
}

TEST_F(MembershipStepTest, LostRemovalIsSentAgainWhateverAListLeavesOut) {
  AddPeople(1);
  AddGroup("g", {"m1"});
  Want(Action::kRemoveMembership, "m1", "g");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "g"});
  scim().Script({.kind = Fault::Kind::kShortList, .object = "g", .times = Fault::kAlways});
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  EXPECT_THAT(MembersOf("g"), IsEmpty());
  EXPECT_EQ(scim().writes(), 2);
}

TEST_F(MembershipStepTest, BatchIsHalvedUntilTheCulpritStandsAlone) {  // rule O2
  AddPeople(8);
  AddGroup("g", {});
  for (int i = 1; i <= 8; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kRefuseMember,
                 .object = "m6",
                 .times = Fault::kAlways,
                 .code = absl::StatusCode::kInvalidArgument});
  const RunResult result = Apply();
  EXPECT_EQ(MembersOf("g").size(), 7u);
  EXPECT_EQ(Say(result, "c6"), "REFUSED");
  EXPECT_EQ(Say(result, "c5"), "APPLIED verified");
  EXPECT_EQ(result.drift_left, 1);
  EXPECT_EQ(scim().writes(), 7);  // 8; 4, 4; 2, 2; 1, 1
}

TEST_F(MembershipStepTest, BatchInWhichEverybodyIsRefusedCostsTwiceItsSizeLessOne) {
  AddPeople(8);
  AddGroup("g", {});
  for (int i = 1; i <= 8; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kRefuse,
                 .object = "g",
                 .times = Fault::kAlways,
                 .code = absl::StatusCode::kInvalidArgument});
  const RunResult result = Apply();
  EXPECT_EQ(scim().writes(), 2 * 8 - 1);
  EXPECT_EQ(result.state, RunState::kFailed);
  EXPECT_EQ(ExitCodeFor(result), 1);
}

TEST_F(MembershipStepTest, MemberWhoIsGoneIsSkippedAndTheOthersAreAdded) {
  AddPeople(4);
  AddGroup("g", {});
  for (int i = 1; i <= 4; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().RemoveAccount("m3");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, "c3"), "SKIPPED_STALE");
  EXPECT_THAT(MembersOf("g"), ElementsAre("m1", "m2", "m4"));
  EXPECT_EQ(result.drift_left, 1);
}

TEST_F(MembershipStepTest, GroupGoneInTheMeantimeCostsOneWriteAndOneRead) {
  AddPeople(4);
  for (int i = 1; i <= 4; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, "c1"), "SKIPPED_STALE");
  EXPECT_EQ(Say(result, "c4"), "SKIPPED_STALE");
  EXPECT_EQ(scim().writes(), 1);
  EXPECT_EQ(scim().reads(), 1);
}

TEST_F(MembershipStepTest, ConflictOfAMixedBatchIsSettledByALook) {
  AddPeople(3);
  AddGroup("g", {"m2"});
  for (int i = 1; i <= 3; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kRefuseMember,
                 .object = "m2",
                 .code = absl::StatusCode::kAlreadyExists});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, "c2"), "ALREADY_DONE verified");
  EXPECT_EQ(Say(result, "c1"), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 2);
  EXPECT_EQ(ExitCodeFor(result), 0);
}

TEST_F(MembershipStepTest, RemovingOneWhoIsNotThereIsAlreadyDone) {
  AddPeople(1);
  AddGroup("g", {});
  const std::string change = Want(Action::kRemoveMembership, "m1", "g");
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "g", .code = absl::StatusCode::kNotFound});
  EXPECT_EQ(Say(Apply(), change), "ALREADY_DONE verified");
}

TEST_F(MembershipStepTest, LostReplyWithTheEffectIsNotSentAgain) {
  AddPeople(3);
  AddGroup("g", {});
  for (int i = 1; i <= 3; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kLostAfter, .object = "g"});
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  EXPECT_EQ(scim().writes(), 1);
  EXPECT_EQ(scim().reads(), 2);  // the look, and the read back
}

TEST_F(MembershipStepTest, LostReplyWithoutTheEffectIsSentOnceMoreAndNotAgain) {
  AddPeople(3);
  AddGroup("once", {});
  AddGroup("always", {});
  Want(Action::kAddMembership, "m1", "once");
  Want(Action::kAddMembership, "m1", "always");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "once"});
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "always", .times = Fault::kAlways});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, "c1"), "APPLIED verified");
  EXPECT_EQ(Say(result, "c2"), "UNKNOWN");
  EXPECT_EQ(scim().writes(), 4);
}

// The first request may have worked where a lagging reader does not show it yet. What is refused
// then is refused because it is done.
TEST_F(MembershipStepTest, RefusalAfterALostReplyDoesNotSayThatNothingHappened) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kPermissionDenied, absl::StatusCode::kInvalidArgument,
        absl::StatusCode::kFailedPrecondition}) {
    const std::string account = absl::StrCat("m", static_cast<int>(code));
    const std::string group = absl::StrCat("g", static_cast<int>(code));
    AddActive(account);
    AddGroup(group, {account});
    const std::string change = Want(Action::kRemoveMembership, account, group);
    scim().Script({.kind = Fault::Kind::kLostBefore, .object = group});
    scim().Script({.kind = Fault::Kind::kRefuse, .object = group, .code = code});
    EXPECT_EQ(Say(Apply(), change), "UNKNOWN") << absl::StatusCodeToString(code);
    plan_.changes.clear();
  }
}

TEST_F(MembershipStepTest, AccountThatStaysInactiveIsAddedNowhere) {  // rule G3
  AddInactive("ann");
  AddInactive("bob");
  AddGroup("g", {});
  Want(Action::kActivate, "ann");
  Want(Action::kActivate, "bob");
  const std::string ann = Want(Action::kAddMembership, "ann", "g");
  const std::string bob = Want(Action::kAddMembership, "bob", "g");
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "ann"});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, ann), "REFUSED");
  EXPECT_THAT(result.outcomes.at(ann).message, HasSubstr("G3"));
  EXPECT_EQ(Say(result, bob), "APPLIED verified");
  EXPECT_THAT(MembersOf("g"), ElementsAre("bob"));
}

TEST_F(MembershipStepTest, AdditionAfterAFailedActivationIsTriedAgainTogetherWithIt) {
  AddInactive("ann");
  AddGroup("g", {});
  const std::string activation = Want(Action::kActivate, "ann");
  const std::string addition = Want(Action::kAddMembership, "ann", "g");
  scim().Script(
      {.kind = Fault::Kind::kRefuse, .object = "ann", .code = absl::StatusCode::kUnavailable});
  const RunResult first = Apply();
  EXPECT_EQ(Say(first, activation), "FAILED");
  EXPECT_EQ(Say(first, addition), "FAILED");
  EXPECT_THAT(MembersOf("g"), IsEmpty());
  const RunResult second = Resume();
  EXPECT_EQ(Say(second, activation), "APPLIED verified");
  EXPECT_EQ(Say(second, addition), "APPLIED verified");
}

TEST_F(MembershipStepTest, ResultOfOneHalfIsDurableBeforeTheOtherIsSent) {
  AddPeople(4);
  AddGroup("g", {});
  for (int i = 1; i <= 4; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kRefuseMember,
                 .object = "m4",
                 .times = Fault::kAlways,
                 .code = absl::StatusCode::kInvalidArgument});
  bool sent = false;
  scim().OnEffect([&](const FakeEffect& effect) {
    if (effect.account != "m3") return;
    sent = true;
    EXPECT_EQ(journal_.Durable().outcomes.count("c1"), 1u);
    EXPECT_EQ(journal_.Durable().outcomes.count("c2"), 1u);
  });
  Apply();
  EXPECT_TRUE(sent);
}

TEST_F(MembershipStepTest, CancelledBatchIsWithdrawnAndPending) {
  AddPeople(2);
  AddGroup("g", {});
  for (int i = 1; i <= 2; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().OnRequest([this](int64_t) { stop_.Request(); });  // the port answers CANCELLED
  const RunResult result = Apply();
  EXPECT_TRUE(result.outcomes.empty());
  EXPECT_THAT(result.unknown, IsEmpty());
  EXPECT_THAT(journal_.Durable().unknown, IsEmpty());
  EXPECT_EQ(result.state, RunState::kInterrupted);
}

TEST_F(MembershipStepTest, StopInTheMiddleOfHalvingLeavesTheRestPendingAndNotAnnounced) {
  AddPeople(4);
  AddGroup("g", {});
  for (int i = 1; i <= 4; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kRefuseMember,
                 .object = "m4",
                 .times = Fault::kAlways,
                 .code = absl::StatusCode::kInvalidArgument});
  scim().OnEffect([this](const FakeEffect&) { stop_.Request(); });  // by the first half
  const RunResult result = Apply();
  EXPECT_EQ(result.state, RunState::kInterrupted);
  EXPECT_EQ(Say(result, "c1"), "APPLIED");
  EXPECT_EQ(Say(result, "c3"), "PENDING");
  EXPECT_THAT(result.unknown, IsEmpty());
  EXPECT_THAT(journal_.Durable().unknown, IsEmpty());
}

TEST_F(MembershipStepTest, LostBatchWhoseSecondSendIsCancelledIsNotWithdrawn) {
  AddPeople(2);
  AddGroup("g", {});
  for (int i = 1; i <= 2; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "g"});
  scim().Script(
      {.kind = Fault::Kind::kRefuse, .object = "g", .code = absl::StatusCode::kCancelled});
  const RunResult result = Apply();
  EXPECT_TRUE(result.outcomes.empty());
  EXPECT_THAT(result.unknown, ElementsAre("c1", "c2"));
  EXPECT_THAT(journal_.Durable().unknown, ElementsAre("c1", "c2"));
  EXPECT_EQ(scim().UnmetFaults(), 0);
}

TEST_F(MembershipStepTest, StopInTheMiddleOfHalvingALostBatchLeavesTheRestAnnounced) {
  AddPeople(4);
  AddGroup("g", {});
  for (int i = 1; i <= 4; ++i) Want(Action::kAddMembership, absl::StrCat("m", i), "g");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "g"});
  scim().OnRequest([this](int64_t request) {
    if (request != 3) return;  // after the lost one and the look
    scim().Script({.kind = Fault::Kind::kRefuseMember,
                   .object = "m4",
                   .times = Fault::kAlways,
                   .code = absl::StatusCode::kInvalidArgument});
  });
  scim().OnEffect([this](const FakeEffect&) { stop_.Request(); });  // by the first half
  const RunResult result = Apply();
  EXPECT_EQ(result.state, RunState::kInterrupted);
  EXPECT_EQ(Say(result, "c2"), "APPLIED");
  EXPECT_THAT(result.unknown, ElementsAre("c3", "c4"));
  EXPECT_THAT(journal_.Durable().unknown, ElementsAre("c3", "c4"));
}

TEST_F(MembershipStepTest, WhatMayHaveBeenSentIsUnknownWhereTheGroupMayNotBeRead) {
  AddGroup("g", {});
  AddActive("ann");
  AddActive("bob");
  const std::string sent = Want(Action::kAddMembership, "ann", "g");
  const std::string open = Want(Action::kAddMembership, "bob", "g");
  RunRecord resumed;
  resumed.unknown = {sent};
  scim().Script({.kind = Fault::Kind::kReadFails, .object = "g", .times = Fault::kAlways});
  RunResult result = ApplyWith(runtime_, resumed);
  EXPECT_EQ(Say(result, sent), "UNKNOWN");
  EXPECT_EQ(Say(result, open), "REFUSED");
}

}  // namespace
}  // namespace rollcall
