#include "agent/store/run_journal.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RunJournalTest : public StateTest {
 protected:
  std::vector<Change> Changes(int count) {
    std::vector<Change> changes;
    for (int i = 1; i <= count; ++i) {
      changes.push_back(MakeChange(i, "crowd", Action::kDeactivate, absl::StrCat("a", i)));
    }
    return changes;
  }
};

TEST_F(RunJournalTest, IntentWithoutResultIsUnknownAfterReopening) {
  auto journal = Begin("1", Changes(3));
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}}));
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kApplied)}, {}, {"c2"}}));
  journal.reset();
  Reopen();
  auto run = store_->runs().Load("r-1");
  ASSERT_TRUE(run.ok());
  EXPECT_THAT(run->unknown, ElementsAre("c2"));
  ASSERT_THAT(run->outcomes, SizeIs(1));
  EXPECT_EQ(run->outcomes["c1"].state, OutcomeState::kApplied);
}

TEST_F(RunJournalTest, ReRoutedChangesStaySoWhetherSentOrNot) {
  auto journal = Begin("1", Changes(3));
  ASSERT_OK(journal->Commit({{}, {}, {"c1", "c2", "c3"}}));
  ASSERT_OK(journal->Commit({{}, {"c3"}, {"c2"}, 0, {"c1", "c2"}}));
  journal.reset();
  Reopen();
  RunRecord run = *store_->runs().Load("r-1");
  EXPECT_THAT(run.rerouted, ElementsAre("c1", "c2"));
  EXPECT_THAT(run.unknown, ElementsAre("c2")) << "announced anew, for its other way";
  EXPECT_THAT(run.outcomes, IsEmpty());
  journal = *store_->OpenJournal("r-1", runtime_);
  Outcome outcome = MakeOutcome("c1", OutcomeState::kRefused);
  outcome.finding = "masked";
  outcome.rerouted = true;
  ASSERT_OK(journal->Commit({{outcome}, {"c2"}, {}}));
  run = *store_->runs().Load("r-1");
  EXPECT_EQ(run.outcomes.at("c1"), outcome);
  EXPECT_THAT(run.rerouted, ElementsAre("c1", "c2")) << "a withdrawn send is still re-routed";
  EXPECT_THAT(run.unknown, IsEmpty());
}

TEST_F(RunJournalTest, WhatWasCommittedSurvivesAKill) {
  Plan plan = MakePlan("p-1", Changes(2));
  // A variable: in its place GCC takes it for unset once the sanitizers are built in.
  const std::vector<Waiver> waivers = {{"first_run", "yes"}};
  store_.reset();
  const pid_t child = fork();
  if (child == 0) {
    auto store = Store::Open(file_);
    if (!store.ok() || !(*store)->plans().Save(plan, "{}").ok() ||
        !(*store)->runs().Start("r-1", "p-1", waivers, runtime_.Now()).ok()) {
      _exit(1);
    }
    auto journal = (*store)->OpenJournal("r-1", runtime_);
    if (!journal.ok() || !(*journal)->Commit({{}, {}, {"c1"}}).ok()) _exit(2);
    raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  Reopen();
  auto run = store_->runs().Load("r-1");
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->state, RunState::kRunning);
  EXPECT_THAT(run->unknown, ElementsAre("c1"));
  EXPECT_THAT(run->waivers, ElementsAre(Waiver{"first_run", "yes"}));
  EXPECT_EQ(*store_->runs().UnfinishedOf("p-1"), "r-1");
}

TEST_F(RunJournalTest, EveryCommitSavesTheRequestsOfTheRunAndTheLargestCounts) {
  auto journal = Begin("1", Changes(2));
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}, 3}));
  EXPECT_EQ(store_->runs().Load("r-1")->requests_used, 3);
  ASSERT_OK(journal->Commit({{}, {}, {"c2"}, 7}));
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kApplied)}, {}, {}, 5}));
  journal.reset();
  Reopen();
  EXPECT_EQ(store_->runs().Load("r-1")->requests_used, 7);
}

TEST_F(RunJournalTest, WithdrawnIntentIsPendingAgain) {
  auto journal = Begin("1", Changes(1));
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}}));
  ASSERT_OK(journal->Commit({{}, {"c1"}, {}}));
  auto run = store_->runs().Load("r-1");
  EXPECT_THAT(run->unknown, IsEmpty());
  EXPECT_THAT(run->outcomes, IsEmpty());
}

TEST_F(RunJournalTest, WithdrawingASecondAttemptKeepsTheFirstResult) {
  auto journal = Begin("1", Changes(1));
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kFailed)}, {}, {"c1"}}));
  EXPECT_THAT(store_->runs().Load("r-1")->unknown, ElementsAre("c1"));
  EXPECT_THAT(store_->runs().Load("r-1")->outcomes, IsEmpty());
  ASSERT_OK(journal->Commit({{}, {"c1"}, {}}));
  EXPECT_EQ(store_->runs().Load("r-1")->outcomes["c1"].state, OutcomeState::kFailed);
}

TEST_F(RunJournalTest, OutcomeComesBackWithEveryField) {
  auto journal = Begin("1", Changes(1));
  const Outcome outcome{"c1", OutcomeState::kRefused, true, 3, 403, "the owner refuses"};
  ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
  EXPECT_EQ(store_->runs().Load("r-1")->outcomes["c1"], outcome);
}

TEST_F(RunJournalTest, ChangeThatIsNotThePlansStopsTheWholeBatch) {
  auto journal = Begin("1", Changes(1));
  EXPECT_EQ(journal->Commit({{}, {}, {"c1", "c99"}}).code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(store_->runs().Load("r-1")->unknown, IsEmpty());
}

TEST_F(RunJournalTest, EndedRunTakesNoIntent) {
  auto journal = Begin("1", Changes(1));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kCancelled, now(), 1, 0, ""}));
  EXPECT_EQ(journal->Commit({{}, {}, {"c1"}}).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(RunJournalTest, WorkersCommitAtTheSameTime) {
  constexpr int kWorkers = 4;
  constexpr int kEach = 25;
  auto journal = Begin("1", Changes(kWorkers * kEach));
  std::vector<std::thread> workers;
  for (int w = 0; w < kWorkers; ++w) {
    workers.emplace_back([&, w] {
      for (int i = 1; i <= kEach; ++i) {
        const std::string change = absl::StrCat("c", w * kEach + i);
        EXPECT_TRUE(journal->Commit({{}, {}, {change}}).ok());
        EXPECT_TRUE(journal->Commit({{MakeOutcome(change, OutcomeState::kApplied)}, {}, {}}).ok());
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  auto run = store_->runs().Load("r-1");
  EXPECT_THAT(run->outcomes, SizeIs(kWorkers * kEach));
  EXPECT_THAT(run->unknown, IsEmpty());
}

TEST_F(RunJournalTest, NoJournalForARunThatIsNotThere) {
  EXPECT_EQ(store_->OpenJournal("r-9", runtime_).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace rollcall
