// RunJournal: the Journal port over the state file, for one run. Thread-safe: workers commit at the
// same time; one commit is one durable transaction, and commits follow one another.
//
// FAILED_PRECONDITION when the run has ended, NOT_FOUND when a change is not the plan's: the caller
// must then send nothing.
#ifndef AGENT_STORE_RUN_JOURNAL_H_
#define AGENT_STORE_RUN_JOURNAL_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/store/sqlite.h"
#include "reconciler/ports/journal.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class RunJournal final : public Journal {
 public:
  // For a run that has not ended. `database` and `runtime`, which says when a change was applied,
  // outlive the journal.
  static absl::StatusOr<std::unique_ptr<RunJournal>> Open(Database& database, Runtime& runtime,
                                                          const std::string& run);

  absl::Status Commit(const JournalBatch& batch) override;

 private:
  RunJournal(Database& database, Runtime& runtime, std::string id, int64_t run, int64_t plan);
  absl::Status Write(const JournalBatch& batch, absl::Time now);
  absl::Status BeginVerifying(absl::Time now);
  absl::Status WriteOutcome(const Outcome& outcome, absl::Time now);

  Database& database_;
  Runtime& runtime_;
  const std::string id_;
  const int64_t run_;   // row
  const int64_t plan_;  // row
};

}  // namespace rollcall

#endif  // AGENT_STORE_RUN_JOURNAL_H_
