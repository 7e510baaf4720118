#include "reconciler/apply/worker_journal.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/fake_journal.h"

namespace rollcall {
namespace {

class WorkerJournalTest : public testing::Test {
 protected:
  void Settle(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      Outcome outcome;
      outcome.change = absl::StrCat("c", i);
      worker_.Settle(outcome);
    }
  }

  FakeJournal journal_;
  RunLedger ledger_{journal_, Plan(), RunRecord(), [] { return int64_t{0}; }};
  WorkerJournal worker_{ledger_};
};

TEST_F(WorkerJournalTest, ResultsWaitForTheNextAnnouncementBelowTheLimit) {
  Settle(WorkerJournal::kFlushAt - 1);
  EXPECT_TRUE(journal_.commits().empty());
  EXPECT_TRUE(worker_.Announce({"next"}).ok());
  ASSERT_EQ(journal_.commits().size(), 1u);
  EXPECT_EQ(journal_.commits()[0].outcomes.size(), WorkerJournal::kFlushAt - 1);
  EXPECT_TRUE(journal_.IsAnnounced("next"));
}

TEST_F(WorkerJournalTest, ResultsAreCommittedAtTheLimit) {
  Settle(WorkerJournal::kFlushAt);
  EXPECT_EQ(journal_.commits().size(), 1u);
  EXPECT_TRUE(worker_.Flush().ok());
  EXPECT_EQ(journal_.commits().size(), 1u);  // nothing is left to commit
}

TEST_F(WorkerJournalTest, AfterAFailedCommitNothingIsCommittedAnyMore) {
  journal_.FailFrom(1);
  EXPECT_FALSE(worker_.Announce({"c1"}).ok());
  EXPECT_TRUE(ledger_.stopping());
  journal_.FailFrom(0);
  EXPECT_FALSE(worker_.Announce({"c2"}).ok());
  EXPECT_TRUE(journal_.commits().empty());
}

TEST_F(WorkerJournalTest, WithdrawnChangeIsPendingAgain) {
  EXPECT_TRUE(worker_.Announce({"c1"}).ok());
  EXPECT_EQ(ledger_.unknown().count("c1"), 1u);
  worker_.Withdraw("c1");
  EXPECT_TRUE(worker_.Flush().ok());
  EXPECT_TRUE(ledger_.unknown().empty());
  EXPECT_FALSE(journal_.IsAnnounced("c1"));
}

}  // namespace
}  // namespace rollcall
