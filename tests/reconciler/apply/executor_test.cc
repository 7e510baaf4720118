#include "reconciler/apply/executor.h"

#include <algorithm>
#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "reconciler/base/system_runtime.h"
#include "tests/reconciler/apply/apply_fixture.h"

namespace rollcall {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class ExecutorTest : public ApplyFixture {
 protected:
  // Deactivations of d1 … dN.
  void WantDeactivations(int count) {
    for (int i = 1; i <= count; ++i) {
      AddActive(absl::StrCat("d", i));
      Want(Action::kDeactivate, absl::StrCat("d", i));
    }
  }
  void SetConcurrency(int workers) {
    DirectoryTraits traits = scim().Traits();
    traits.concurrency = workers;
    scim().SetTraits(traits);
  }
  int Pending(const RunResult& result) const {
    return static_cast<int>(plan_.changes.size() - result.outcomes.size());
  }
};

TEST_F(ExecutorTest, PlanWithoutChangesSucceedsWithoutARequest) {
  const RunResult result = Apply();
  EXPECT_EQ(result.state, RunState::kSucceeded);
  EXPECT_EQ(result.requests_used, 0);
  EXPECT_EQ(ExitCodeFor(result), 0);
}

TEST_F(ExecutorTest, WhoLeftLosesAccessFirst) {  // rule O1
  AddInactive("joiner");
  AddActive("leaver");
  AddActive("mover");
  AddGroup("new", {});
  AddGroup("old", {"mover"});
  Want(Action::kAddMembership, "mover", "new");
  Want(Action::kActivate, "joiner");
  Want(Action::kRemoveMembership, "mover", "old");
  Want(Action::kDeactivate, "leaver");
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  std::vector<Action> order;
  for (const FakeEffect& effect : scim().effects()) order.push_back(effect.action);
  EXPECT_THAT(order, testing::ElementsAre(Action::kDeactivate, Action::kRemoveMembership,
                                          Action::kActivate, Action::kAddMembership));
}

TEST_F(ExecutorTest, RemovalsComeBeforeTheDeactivationWhereTheKindRefusesChangesToInactive) {
  AddActive("leaver");
  AddActive("mover");
  AddGroup("g", {"leaver", "mover"});
  Want(Action::kDeactivate, "leaver");
  Want(Action::kRemoveMembership, "leaver", "g");
  Want(Action::kRemoveMembership, "mover", "g");
  DirectoryTraits traits = scim().Traits();
  traits.refuses_changes_to_inactive = true;
  scim().SetTraits(traits);
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  ASSERT_EQ(scim().effects().size(), 3u);
  EXPECT_EQ(scim().effects()[0], (FakeEffect{Action::kRemoveMembership, "leaver", "g"}));
  EXPECT_EQ(scim().effects()[1], (FakeEffect{Action::kDeactivate, "leaver", ""}));
  EXPECT_EQ(scim().effects()[2], (FakeEffect{Action::kRemoveMembership, "mover", "g"}));
}

TEST_F(ExecutorTest, ResultAndNextIntentShareACommit) {
  SetConcurrency(1);
  WantDeactivations(10);
  EXPECT_EQ(ExitCodeFor(Apply()), 0);
  EXPECT_EQ(journal_.commits().size(),
            10u + 1 + 1 + 1);  // the last result, that it is read again, and what that showed
}

TEST_F(ExecutorTest, JournalThatFailsSendsNothingMoreAndCanBeResumed) {
  SetConcurrency(1);
  WantDeactivations(5);
  journal_.FailFrom(3);
  const RunResult result = Apply();
  EXPECT_EQ(scim().writes(), 2);
  EXPECT_EQ(result.state, RunState::kInterrupted);
  EXPECT_THAT(result.message, AllOf(HasSubstr("disk is full"), HasSubstr("rollcall apply p1")));
  EXPECT_EQ(ExitCodeFor(result), 4);
  journal_.FailFrom(0);
  const RunResult resumed = Resume();
  EXPECT_EQ(resumed.state, RunState::kSucceeded);
  EXPECT_EQ(scim().effects().size(), 5u);
}

TEST_F(ExecutorTest, RefusedKeyStopsItsDirectoryAtOnceAndTheOthersGoOn) {
  FakeDirectory& other = AddDirectory("other");
  other.AddAccount(Person("ann", AccountState::kActive));
  SetConcurrency(1);
  WantDeactivations(5);
  Want(Action::kDeactivate, "ann", "", "other");
  scim().RefuseAllFrom(5, absl::StatusCode::kUnauthenticated);  // the third look
  const RunResult result = Apply();
  EXPECT_EQ(scim().writes(), 2);
  EXPECT_EQ(scim().reads(), 3);
  EXPECT_EQ(Say(result, "c3"), "FAILED");
  EXPECT_EQ(Pending(result), 2);
  EXPECT_EQ(Say(result, "c6"), "APPLIED verified");
  EXPECT_EQ(result.state, RunState::kPartial);
  EXPECT_THAT(result.message, AllOf(HasSubstr("scim was stopped"), HasSubstr("key was refused")));
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(ExecutorTest, KeyRefusedFromTheStartIsAFailure) {
  WantDeactivations(3);
  scim().RefuseAllFrom(1, absl::StatusCode::kUnauthenticated);
  const RunResult result = Apply();
  EXPECT_EQ(result.state, RunState::kFailed);
  EXPECT_EQ(ExitCodeFor(result), 1);
  EXPECT_EQ(scim().writes(), 0);
}

TEST_F(ExecutorTest, DeniedOnTheFirstTenWritesStopsTheDirectory) {
  SetConcurrency(1);
  WantDeactivations(12);
  scim().Script({.kind = Fault::Kind::kRefuse, .times = Fault::kAlways});
  const RunResult result = Apply();
  EXPECT_EQ(scim().writes(), DirectoryHealth::kDeniedLimit);
  EXPECT_EQ(Pending(result), 2);
  EXPECT_EQ(ExitCodeFor(result), 1);
}

TEST_F(ExecutorTest, DeniedAfterOneThatWorkedIsEachPersonsOwnMatter) {
  SetConcurrency(1);
  WantDeactivations(14);
  for (int i = 2; i <= 13; ++i) {
    scim().Script({.kind = Fault::Kind::kRefuse, .object = absl::StrCat("d", i)});
  }
  const RunResult result = Apply();
  EXPECT_EQ(scim().writes(), 14);
  EXPECT_EQ(Say(result, "c14"), "APPLIED verified");
  EXPECT_EQ(result.state, RunState::kPartial);
  EXPECT_EQ(scim().UnmetFaults(), 0);
}

TEST_F(ExecutorTest, FiveFailuresInARowStopTheDirectoryAndFourDoNot) {
  SetConcurrency(1);
  WantDeactivations(12);
  for (int i : {1, 2, 3, 4, 6, 7, 8, 9, 10}) {
    scim().Script({.kind = Fault::Kind::kRefuse,
                   .object = absl::StrCat("d", i),
                   .code = absl::StatusCode::kUnavailable});
  }
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, "c5"), "APPLIED verified");  // after four
  EXPECT_EQ(Say(result, "c10"), "FAILED");
  EXPECT_EQ(Pending(result), 2);
  EXPECT_THAT(result.message, HasSubstr("5 changes failed one after the other"));
  EXPECT_EQ(result.state, RunState::kPartial);
}

TEST_F(ExecutorTest, StopFinishesWhatIsInFlightAndSaysHowToGoOn) {
  SetConcurrency(1);
  WantDeactivations(5);
  scim().OnEffect([this](const FakeEffect& effect) {
    if (effect.account == "d2") stop_.Request();
  });
  const RunResult result = Apply();
  EXPECT_EQ(result.state, RunState::kInterrupted);
  EXPECT_EQ(Say(result, "c2"), "APPLIED");
  EXPECT_EQ(Pending(result), 3);
  EXPECT_EQ(result.drift_left, 5);  // nothing is verified yet
  EXPECT_THAT(result.message, HasSubstr("`rollcall apply p1` goes on"));
  EXPECT_EQ(journal_.Durable().outcomes.size(), 2u);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(ExecutorTest, CancelledWriteIsWithdrawnAndPending) {
  SetConcurrency(1);
  WantDeactivations(2);
  scim().OnRequest([this](int64_t request) {
    if (request == 2) stop_.Request();  // the first write: the port answers CANCELLED
  });
  const RunResult result = Apply();
  EXPECT_EQ(Pending(result), 2);
  EXPECT_THAT(result.unknown, IsEmpty());
  EXPECT_THAT(journal_.Durable().unknown, IsEmpty());
  EXPECT_EQ(result.state, RunState::kInterrupted);
}

TEST_F(ExecutorTest, ResumedRunTriesFailedChangesAgainAndNoOthers) {
  AddActive("failed");
  AddActive("refused");
  AddActive("pending");
  const std::string failed = Want(Action::kDeactivate, "failed");
  const std::string refused = Want(Action::kDeactivate, "refused");
  const std::string pending = Want(Action::kDeactivate, "pending");
  RunRecord before;
  before.outcomes[failed] = {failed, OutcomeState::kFailed, false, 1, 503, "unreachable"};
  before.outcomes[refused] = {refused, OutcomeState::kRefused, false, 1, 403, "not allowed"};
  before.requests_used = 7;
  const RunResult result = ApplyWith(runtime_, before);
  EXPECT_EQ(Say(result, failed), "APPLIED verified");
  EXPECT_EQ(Say(result, refused), "REFUSED");
  EXPECT_EQ(Say(result, pending), "APPLIED verified");
  EXPECT_EQ(StateOf("refused"), AccountState::kActive);
  EXPECT_EQ(result.requests_used, 7 + 6);
}

TEST_F(ExecutorTest, AKilledRunLosesTheCountOfAWorkersLastReadAndWriteAtMost) {
  for (const char* name : {"ann", "bob", "cid"}) {
    AddActive(name);
    Want(Action::kDeactivate, name);
  }
  journal_.FailFrom(2);  // the second change is announced no more
  const RunResult first = Apply();
  EXPECT_EQ(first.state, RunState::kInterrupted);
  EXPECT_EQ(first.requests_used, scim().requests_sent());
  const RunRecord durable = journal_.Durable();
  EXPECT_GE(durable.requests_used, 1);
  EXPECT_LE(first.requests_used - durable.requests_used, 2);
  journal_.FailFrom(0);
  const int64_t before = scim().requests_sent();
  const RunResult second = ApplyWith(runtime_, durable);
  EXPECT_EQ(second.state, RunState::kSucceeded);
  EXPECT_EQ(second.requests_used, durable.requests_used + scim().requests_sent() - before);
  EXPECT_EQ(journal_.Durable().requests_used, second.requests_used);
}

TEST_F(ExecutorTest, UnknownChangeOfAnInterruptedRunIsReadFirst) {
  AddInactive("done");
  AddActive("undone");
  const std::string done = Want(Action::kDeactivate, "done");
  const std::string undone = Want(Action::kDeactivate, "undone");
  RunRecord before;
  before.unknown = {done, undone};
  const RunResult result = ApplyWith(runtime_, before);
  EXPECT_EQ(Say(result, done), "APPLIED verified");
  EXPECT_THAT(result.outcomes.at(done).message, HasSubstr("after the interruption"));
  EXPECT_EQ(Say(result, undone), "APPLIED verified");
  EXPECT_EQ(scim().writes(), 1);
}

// Its reply was lost twice, and the run was interrupted before verification.
TEST_F(ExecutorTest, UnknownResultOfAnInterruptedRunIsReadAndSentAgainWhereItDidNotHappen) {
  AddInactive("done");
  AddActive("undone");
  const std::string done = Want(Action::kDeactivate, "done");
  const std::string undone = Want(Action::kDeactivate, "undone");
  RunRecord before;
  before.outcomes[done] = {done, OutcomeState::kUnknown, false, 2, 0, "sent twice"};
  before.outcomes[undone] = {undone, OutcomeState::kUnknown, false, 2, 0, "sent twice"};
  const RunResult result = ApplyWith(runtime_, before);
  EXPECT_EQ(Say(result, done), "APPLIED verified");
  EXPECT_EQ(Say(result, undone), "APPLIED verified");
  EXPECT_EQ(StateOf("undone"), AccountState::kInactive);
  EXPECT_EQ(scim().writes(), 1);
}

TEST_F(ExecutorTest, ChangeOfADirectoryThatIsNotConfiguredFails) {
  const std::string change = Want(Action::kDeactivate, "ann", "", "elsewhere");
  const RunResult result = Apply();
  EXPECT_EQ(Say(result, change), "FAILED");
  EXPECT_EQ(ExitCodeFor(result), 1);
}

TEST_F(ExecutorTest, FullVerificationCanOnlyAddDrift) {
  AddActive("ann");
  Want(Action::kDeactivate, "ann");
  options_.full_verification = [](const CallContext&) -> absl::StatusOr<int64_t> { return 3; };
  const RunResult result = Apply();
  EXPECT_EQ(result.drift_left, 3);
  EXPECT_EQ(result.state, RunState::kPartial);
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(ExecutorTest, FullVerificationThatFailsIsNoSuccess) {
  AddActive("ann");
  Want(Action::kDeactivate, "ann");
  options_.full_verification = [](const CallContext&) -> absl::StatusOr<int64_t> {
    return absl::UnavailableError("page 3 did not come");
  };
  const RunResult result = Apply();
  EXPECT_THAT(result.message, HasSubstr("page 3 did not come"));
  EXPECT_EQ(ExitCodeFor(result), 4);
}

TEST_F(ExecutorTest, ManyWorkersOfARealRuntimeMakeEachChangeOnce) {
  FakeDirectory& other = AddDirectory("other");
  SetConcurrency(8);
  WantDeactivations(60);
  for (int i = 0; i < 40; ++i) {
    const std::string name = absl::StrCat("o", i);
    other.AddAccount(Person(name, AccountState::kInactive));
    Want(Action::kActivate, name, "", "other");
  }
  for (int group = 0; group < 10; ++group) {
    AddGroup(absl::StrCat("g", group), {"d1", "d2"});
    Want(Action::kRemoveMembership, "d1", absl::StrCat("g", group));
    Want(Action::kRemoveMembership, "d2", absl::StrCat("g", group));
  }
  for (int i = 1; i <= 60; i += 7) {
    scim().Script({.kind = Fault::Kind::kLostAfter, .object = absl::StrCat("d", i)});
    scim().Script({.kind = Fault::Kind::kLostBefore, .object = absl::StrCat("d", i + 1)});
  }
  plan_.snapshot_times["scim"] = plan_.snapshot_times["other"] = absl::InfiniteFuture();
  SystemRuntime runtime;
  const RunResult result = ApplyWith(runtime, RunRecord());
  EXPECT_EQ(result.state, RunState::kSucceeded) << result.message;
  EXPECT_EQ(scim().effects().size(), 80u);
  EXPECT_EQ(other.effects().size(), 40u);
  EXPECT_EQ(other.reads(), 80);
  EXPECT_EQ(other.writes(), 40);
  EXPECT_THAT(journal_.Durable().unknown, IsEmpty());
}

}  // namespace
}  // namespace rollcall
