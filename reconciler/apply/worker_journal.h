// WorkerJournal: one worker's way to the journal. It keeps the results of the last step until the
// worker announces its next write, so that both are one durable commit; between the two lies at
// most a read. A kill in that gap leaves the change announced without a result, and the next start
// reads it. One thread; whoever uses it must Flush at the end.
#ifndef RECONCILER_APPLY_WORKER_JOURNAL_H_
#define RECONCILER_APPLY_WORKER_JOURNAL_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/apply/run_ledger.h"
#include "reconciler/ports/journal.h"

namespace rollcall {

class WorkerJournal {
 public:
  static constexpr size_t kFlushAt = 1000;  // results without a write between them

  explicit WorkerJournal(RunLedger& ledger) : ledger_(ledger) {}
  WorkerJournal(const WorkerJournal&) = delete;
  WorkerJournal& operator=(const WorkerJournal&) = delete;

  void Settle(const Outcome& outcome);
  // The change was announced and nothing was sent: it is pending again.
  void Withdraw(const std::string& change);
  // Its directory refused it, without effect: it goes through Change::reroute, later in the run.
  void Reroute(const Outcome& until_now);
  // OK: the announcement, and every result before it, is durable. Else nothing may be sent.
  absl::Status Announce(const std::vector<std::string>& changes);
  absl::Status Flush();

 private:
  RunLedger& ledger_;
  JournalBatch batch_;
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_WORKER_JOURNAL_H_
