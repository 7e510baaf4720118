#include "reconciler/apply/account_step.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/reconciler/apply/apply_fixture.h"

namespace rollcall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using AccountStepTest = ApplyFixture;

TEST_F(AccountStepTest, PersonWhoLeftIsDeactivatedWithOneReadBeforeAndOneAfter) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  const RunResult result = Apply();
  EXPECT_EQ(StateOf("ann"), AccountState::kInactive);
  EXPECT_EQ(Say(result, change), "APPLIED verified");
  EXPECT_EQ(result.outcomes.at(change).attempts, 1);
  EXPECT_EQ(result.outcomes.at(change).http_status, 200);
  EXPECT_EQ(result.state, RunState::kSucceeded);
  EXPECT_EQ(scim().reads(), 2);
  EXPECT_EQ(scim().writes(), 1);
  EXPECT_EQ(result.requests_used, 3);
  EXPECT_EQ(runtime_.slept(), absl::ZeroDuration());
}

TEST_F(AccountStepTest, AccountAtTheGoalCostsOneReadAndNothingIsSent) {
  AddInactive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "ALREADY_DONE verified");
  EXPECT_EQ(scim().writes(), 0);
  EXPECT_EQ(scim().reads(), 1);
  EXPECT_EQ(ExitCodeFor(result), 0);
}

TEST_F(AccountStepTest, AccountThatIsGoneIsSkipped) {
  const std::string change = Want(Action::kDeactivate, "ann");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "SKIPPED_STALE");
  EXPECT_THAT(result.outcomes.at(change).message, HasSubstr("gone"));
  EXPECT_EQ(scim().writes(), 0);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(AccountStepTest, AccountThatBecameSomebodyElsesIsSkippedAndSaysWhatChanged) {
  AccountRecord account = Person("ann", AccountState::kActive);
  account.external_id = "x-newcomer";
  scim().AddAccount(account);
  const std::string change = Want(Action::kDeactivate, "ann");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "SKIPPED_STALE");
  EXPECT_THAT(result.outcomes.at(change).message,
              AllOf(HasSubstr("externalId"), HasSubstr("x-ann"), HasSubstr("x-newcomer")));
  EXPECT_EQ(scim().writes(), 0);
}

TEST_F(AccountStepTest, RefusalIsReportedAndOthersGoOn) {
  AddActive("ann");
  AddActive("bob");
  const std::string ann = Want(Action::kDeactivate, "ann");
  const std::string bob = Want(Action::kDeactivate, "bob");
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "ann", .http_status = 403});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, ann), "REFUSED");
  EXPECT_EQ(result.outcomes.at(ann).http_status, 403);
  EXPECT_EQ(Say(result, bob), "APPLIED verified");
  EXPECT_EQ(result.state, RunState::kPartial);
  EXPECT_EQ(result.drift_left, 1);
  EXPECT_EQ(scim().UnmetFaults(), 0);
}

struct Answer {
  absl::StatusCode code;
  const char* outcome;
};
class AnswerTest : public ApplyFixture, public testing::WithParamInterface<Answer> {};

TEST_P(AnswerTest, IsJudgedByTheTable) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kRefuse, .object = "ann", .code = GetParam().code});
  options_.verify_wait = absl::ZeroDuration();
  EXPECT_EQ(Say(Apply(), change), GetParam().outcome);
  EXPECT_EQ(scim().writes(), 1);
}
INSTANTIATE_TEST_SUITE_P(Codes, AnswerTest,
                         testing::Values(Answer{absl::StatusCode::kAlreadyExists, "ALREADY_DONE"},
                                         Answer{absl::StatusCode::kNotFound, "SKIPPED_STALE"},
                                         Answer{absl::StatusCode::kInvalidArgument, "REFUSED"},
                                         Answer{absl::StatusCode::kFailedPrecondition, "REFUSED"},
                                         Answer{absl::StatusCode::kPermissionDenied, "REFUSED"},
                                         Answer{absl::StatusCode::kUnauthenticated, "FAILED"},
                                         Answer{absl::StatusCode::kUnavailable, "FAILED"},
                                         Answer{absl::StatusCode::kCancelled, "PENDING"}));

TEST_F(AccountStepTest, CodeThatThePortDoesNotPromiseCountsAsALostReply) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script(
      {.kind = Fault::Kind::kRefuse, .object = "ann", .code = absl::StatusCode::kInternal});
  EXPECT_EQ(Say(Apply(), change), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 2);
}

TEST_F(AccountStepTest, LostReplyWithTheEffectIsNotSentAgain) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kLostAfter, .object = "ann"});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 1);
  EXPECT_EQ(scim().UnmetFaults(), 0);
}

TEST_F(AccountStepTest, LostReplyWithoutTheEffectIsSentOnceMore) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "ann"});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED verified");
  EXPECT_EQ(result.outcomes.at(change).attempts, 2);
  EXPECT_EQ(scim().effects().size(), 1u);
  EXPECT_EQ(ExitCodeFor(result), 0);
}

TEST_F(AccountStepTest, ReplyLostTwiceStaysUnknownAndIsNotSentAThirdTime) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "ann", .times = Fault::kAlways});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "UNKNOWN");
  EXPECT_EQ(scim().writes(), 2);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(AccountStepTest, UnknownChangeThatVerificationSeesIsApplied) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "ann"});
  scim().Script({.kind = Fault::Kind::kLostAfter, .object = "ann"});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 2);
}

// The first request may have worked where a lagging reader does not show it yet. What is refused
// then is refused because it is done.
TEST_F(AccountStepTest, RefusalAfterALostReplyDoesNotSayThatNothingHappened) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kPermissionDenied, absl::StatusCode::kInvalidArgument,
        absl::StatusCode::kFailedPrecondition}) {
    const std::string account = absl::StrCat("m", static_cast<int>(code));
    AddActive(account);
    const std::string change = Want(Action::kDeactivate, account);
    scim().Script({.kind = Fault::Kind::kLostBefore, .object = account});
    scim().Script({.kind = Fault::Kind::kRefuse, .object = account, .code = code});
    EXPECT_EQ(Say(Apply(), change), "UNKNOWN") << absl::StatusCodeToString(code);
    plan_.changes.clear();
  }
}

TEST_F(AccountStepTest, LostReplyThatCannotBeReadAfterwardsIsUnknown) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kLostAfter, .object = "ann"});
  scim().OnRequest([this](int64_t request) {
    if (request != 3) return;
    scim().Script({.kind = Fault::Kind::kReadFails,
                   .object = "ann",
                   .times = Fault::kAlways,
                   .code = absl::StatusCode::kDataLoss});
  });
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "UNKNOWN");
  EXPECT_THAT(result.outcomes.at(change).message, HasSubstr("could not be read back"));
  EXPECT_EQ(scim().writes(), 1);
}

TEST_F(AccountStepTest, UnreadableAccountIsLeftAlone) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script(
      {.kind = Fault::Kind::kReadFails, .object = "ann", .code = absl::StatusCode::kDataLoss});
  EXPECT_EQ(Say(Apply(), change), "FAILED");
  EXPECT_EQ(scim().writes(), 0);
}

TEST_F(AccountStepTest, RoutedChangeIsSentOnceThoughItsOwnRecordIsAtTheGoal) {  // rule R3
  AddDirectory("cloud").AddAccount(Person("ann", AccountState::kInactive));
  AddInactive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  plan_.changes[0].routed_from = "cloud";
  plan_.changes[0].effects = {{"cloud", "ann", Action::kDeactivate}};
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 1);
}

TEST_F(AccountStepTest, AccountAtTheGoalIsVerifiedOnlyWithItsEffect) {
  AddDirectory("cloud").AddAccount(Person("ann", AccountState::kActive));
  AddInactive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  plan_.changes[0].effects = {{"cloud", "ann", Action::kDeactivate}};
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "ALREADY_DONE");
  EXPECT_THAT(result.outcomes.at(change).message, HasSubstr("the effect in cloud"));
  EXPECT_EQ(scim().writes(), 0);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(AccountStepTest, WhatMayHaveBeenSentIsNotWithdrawnWhenTheSecondSendIsCancelled) {
  AddActive("ann");
  const std::string change = Want(Action::kDeactivate, "ann");
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "ann"});
  scim().Script(
      {.kind = Fault::Kind::kRefuse, .object = "ann", .code = absl::StatusCode::kCancelled});
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "PENDING");
  EXPECT_THAT(result.unknown, ElementsAre(change));
  EXPECT_THAT(journal_.Durable().unknown, ElementsAre(change));
  EXPECT_EQ(scim().UnmetFaults(), 0);
}

// A routed change whose own record is at the goal from the start: only the effect tells (rule R3).
class RoutedLostReplyTest : public ApplyFixture {
 protected:
  RoutedLostReplyTest() {
    AddDirectory("cloud").AddAccount(Person("ann", AccountState::kActive));
    AddInactive("ann");
    change_ = Want(Action::kDeactivate, "ann");
    plan_.changes[0].routed_from = "cloud";
    plan_.changes[0].effects = {{"cloud", "ann", Action::kDeactivate}};
  }
  void FollowOnRequest(int64_t number) {
    scim().OnRequest([this, number](int64_t request) {
      if (request != number) return;
      directory("cloud").AddAccount(Person("ann", AccountState::kInactive));
    });
  }
  std::string change_;
};

TEST_F(RoutedLostReplyTest, IsSentOnceMoreWhileItsEffectDoesNotShow) {
  scim().Script({.kind = Fault::Kind::kLostBefore, .object = "ann"});
  FollowOnRequest(4);  // a look, the lost one, a look, and this one arrives
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change_), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 2);
  EXPECT_EQ(ExitCodeFor(result), 0);
}

TEST_F(RoutedLostReplyTest, IsNotSentAgainWhereItsEffectShows) {
  scim().Script({.kind = Fault::Kind::kLostAfter, .object = "ann"});
  FollowOnRequest(2);  // the lost one
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change_), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 1);
}

}  // namespace
}  // namespace rollcall
