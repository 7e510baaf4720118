#include "reconciler/apply/worker_journal.h"

#include <utility>

namespace rollcall {

void WorkerJournal::Settle(const Outcome& outcome) {
  ledger_.Record(outcome);
  batch_.outcomes.push_back(outcome);
  // A failure is remembered by the ledger and stops the run; there is nothing more to do here.
  if (batch_.outcomes.size() >= kFlushAt) Flush().IgnoreError();
}

void WorkerJournal::Withdraw(const std::string& change) {
  ledger_.Withdraw(change);
  batch_.withdrawn.push_back(change);
}

void WorkerJournal::Reroute(const Outcome& until_now) {
  ledger_.Reroute(until_now);
  batch_.rerouted.push_back(until_now.change);
}

absl::Status WorkerJournal::Announce(const std::vector<std::string>& changes) {
  batch_.intents = changes;
  return ledger_.Commit(std::exchange(batch_, JournalBatch()));
}

absl::Status WorkerJournal::Flush() {
  if (batch_.outcomes.empty() && batch_.withdrawn.empty() && batch_.rerouted.empty()) {
    return absl::OkStatus();
  }
  return ledger_.Commit(std::exchange(batch_, JournalBatch()));
}

}  // namespace rollcall
