#include "agent/store/run_events.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RunEventsTest : public StateTest {
 protected:
  void SetUp() override {
    StateTest::SetUp();
    Begin("1", {MakeChange(1, "crowd", Action::kDeactivate, "a1"),
                MakeChange(2, "crowd", Action::kDeactivate, "a2")});
  }

  void Commit(const JournalBatch& batch) {
    auto journal = store_->OpenJournal("r-1", runtime_);
    ASSERT_TRUE(journal.ok()) << journal.status();
    ASSERT_OK((*journal)->Commit(batch));
  }

  static Outcome Applied(const std::string& change, bool verified) {
    Outcome outcome;
    outcome.change = change;
    outcome.state = OutcomeState::kApplied;
    outcome.verified = verified;
    outcome.attempts = 2;
    outcome.http_status = 204;
    outcome.message = "why";
    outcome.finding = "masked";
    outcome.rerouted = true;
    return outcome;
  }

  // "number what", and so on.
  std::vector<std::string> Events(int64_t after = 0, int64_t limit = 100) {
    const auto events = store_->events().Read("r-1", after, limit);
    EXPECT_TRUE(events.ok()) << events.status();
    std::vector<std::string> result;
    for (const RunEvent& event : *events) {
      result.push_back(absl::StrCat(
          event.number, " ",
          event.state.has_value()
              ? std::string(RunStateName(*event.state))
              : absl::StrCat(event.outcome->change, " ", OutcomeStateName(event.outcome->state),
                             event.outcome->verified ? " verified" : "")));
    }
    return result;
  }
};

TEST_F(RunEventsTest, TellWhatBecameOfTheRunAndOfEachChange) {
  Commit({{Applied("c1", false)}, {}, {}});
  JournalBatch verifying;
  verifying.verifying = true;
  Commit(verifying);
  Commit({{Applied("c1", true), Applied("c2", true)}, {}, {}});
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kSucceeded, now(), 0, 3, ""}));
  EXPECT_THAT(Events(),
              ElementsAre("1 RUNNING", "2 c1 APPLIED", "3 VERIFYING", "4 c1 APPLIED verified",
                          "5 c2 APPLIED verified", "6 SUCCEEDED"));
}

TEST_F(RunEventsTest, OutcomeComesBackWholeWithItsTime) {
  runtime_.Advance(absl::Minutes(1));
  Commit({{Applied("c1", true)}, {}, {}});
  Reopen();
  const auto events = store_->events().Read("r-1", 1, 10);
  ASSERT_TRUE(events.ok()) << events.status();
  RunEvent expected;
  expected.number = 2;
  expected.time = now();
  expected.outcome = Applied("c1", true);
  EXPECT_THAT(*events, ElementsAre(expected));
}

TEST_F(RunEventsTest, GoOnCountingAfterAnInterruption) {
  Commit({{Applied("c1", true)}, {}, {}});
  ASSERT_OK(store_->runs().Interrupt("r-1", 1, now()));
  Reopen();
  ASSERT_OK(store_->runs().SetState("r-1", RunState::kRunning, now()));
  Commit({{Applied("c2", true)}, {}, {}});
  EXPECT_THAT(Events(), ElementsAre("1 RUNNING", "2 c1 APPLIED verified", "3 INTERRUPTED",
                                    "4 RUNNING", "5 c2 APPLIED verified"));
}

TEST_F(RunEventsTest, AreReadInParts) {
  Commit({{Applied("c1", true), Applied("c2", true)}, {}, {}});
  EXPECT_THAT(Events(0, 2), ElementsAre("1 RUNNING", "2 c1 APPLIED verified"));
  EXPECT_THAT(Events(2, 2), ElementsAre("3 c2 APPLIED verified"));
  EXPECT_THAT(Events(3, 2), IsEmpty());
  EXPECT_EQ(store_->events().Read("r-2", 0, 10).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(RunEventsTest, BatchThatIsNotWrittenLeavesNoEvent) {
  auto journal = store_->OpenJournal("r-1", runtime_);
  ASSERT_TRUE(journal.ok()) << journal.status();
  EXPECT_FALSE((*journal)->Commit({{Applied("c1", true)}, {}, {"c99"}}).ok());
  EXPECT_THAT(Events(), ElementsAre("1 RUNNING"));
}

TEST_F(RunEventsTest, RunThatIsCancelledIsNotSaidToVerify) {
  ASSERT_OK(store_->runs().SetState("r-1", RunState::kCancelling, now()));
  JournalBatch verifying;
  verifying.verifying = true;
  Commit(verifying);
  EXPECT_THAT(Events(), ElementsAre("1 RUNNING", "2 CANCELLING"));
  EXPECT_EQ(store_->runs().Load("r-1")->state, RunState::kCancelling);
}

}  // namespace
}  // namespace rollcall
