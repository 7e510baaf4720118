#include "agent/store/run_journal.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/store/applied_history.h"
#include "agent/store/run_events.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

RunJournal::RunJournal(Database& database, Runtime& runtime, std::string id, int64_t run,
                       int64_t plan)
    : database_(database), runtime_(runtime), id_(std::move(id)), run_(run), plan_(plan) {}

absl::StatusOr<std::unique_ptr<RunJournal>> RunJournal::Open(Database& database, Runtime& runtime,
                                                             const std::string& run) {
  int64_t row = 0;
  int64_t plan = 0;
  RETURN_IF_ERROR(database.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement found, database.Prepare("SELECT seq, plan FROM runs WHERE id = ?"));
    found.Bind(run);
    ASSIGN_OR_RETURN(const bool there, found.Next());
    if (!there) return absl::NotFoundError(absl::StrCat("no run ", run, " in this state"));
    row = found.Int(0);
    plan = found.Int(1);
    return absl::OkStatus();
  }));
  return std::unique_ptr<RunJournal>(new RunJournal(database, runtime, run, row, plan));
}

absl::Status RunJournal::Commit(const JournalBatch& batch) {
  const absl::Time now = runtime_.Now();
  return Annotate(database_.Write([&] { return Write(batch, now); }),
                  absl::StrCat("writing the journal of run ", id_));
}

absl::Status RunJournal::Write(const JournalBatch& batch, absl::Time now) {
  ASSIGN_OR_RETURN(const auto ended,
                   database_.Number("SELECT ended IS NOT NULL FROM runs WHERE seq = ?", run_));
  if (ended.value_or(1) != 0) return absl::FailedPreconditionError("the run has ended");
  RETURN_IF_ERROR(
      database_.Run("UPDATE runs SET requests_used = MAX(requests_used, ?) WHERE seq = ?",
                    batch.requests_used, run_));
  if (batch.verifying) RETURN_IF_ERROR(BeginVerifying(now));
  for (const Outcome& outcome : batch.outcomes) RETURN_IF_ERROR(WriteOutcome(outcome, now));
  if (!batch.withdrawn.empty()) {
    ASSIGN_OR_RETURN(Statement close, database_.Prepare("UPDATE journal SET intent = 0 "
                                                        "WHERE run = ? AND change = ?"));
    for (const std::string& change : batch.withdrawn) RETURN_IF_ERROR(close.Run(run_, change));
    // What has neither an intent nor an outcome is pending again.
    RETURN_IF_ERROR(
        database_.Run("DELETE FROM journal WHERE run = ? AND intent = 0 AND state IS NULL AND "
                      "rerouted = 0",
                      run_));
  }
  for (const std::string& change : batch.rerouted) {
    RETURN_IF_ERROR(
        database_.Run("INSERT INTO journal (run, change, intent, rerouted) VALUES (?, ?, 0, 1) "
                      "ON CONFLICT DO UPDATE SET intent = 0, rerouted = 1",
                      run_, change));
  }
  if (batch.intents.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(Statement intent,
                   database_.Prepare("INSERT INTO journal (run, change, intent) VALUES (?, ?, 1) "
                                     "ON CONFLICT DO UPDATE SET intent = 1"));
  AppliedHistory history(database_, run_, plan_);
  for (const std::string& change : batch.intents) {
    RETURN_IF_ERROR(history.Touch(change));
    RETURN_IF_ERROR(intent.Run(run_, change));
  }
  return absl::OkStatus();
}

// A run that is being cancelled stays so.
absl::Status RunJournal::BeginVerifying(absl::Time now) {
  RETURN_IF_ERROR(database_.Run("UPDATE runs SET state = ? WHERE seq = ? AND state = ?",
                                RunState::kVerifying, run_, RunState::kRunning));
  return database_.changes() == 0 ? absl::OkStatus()
                                  : AddEvent(database_, run_, RunState::kVerifying, now);
}

absl::Status RunJournal::WriteOutcome(const Outcome& outcome, absl::Time now) {
  RETURN_IF_ERROR(database_.Run(
      "INSERT INTO journal VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
      "intent = 0, state = excluded.state, verified = excluded.verified, "
      "attempts = excluded.attempts, http_status = excluded.http_status, "
      "message = excluded.message, finding = excluded.finding, "
      "rerouted = MAX(rerouted, excluded.rerouted)",
      run_, outcome.change, outcome.state, outcome.verified, outcome.attempts, outcome.http_status,
      outcome.message, outcome.finding, outcome.rerouted ? 1 : 0));
  RETURN_IF_ERROR(AddEvent(database_, run_, outcome, now));
  AppliedHistory history(database_, run_, plan_);
  if (outcome.state == OutcomeState::kApplied) {
    RETURN_IF_ERROR(history.Applied(outcome.change, outcome.verified, now));
  }
  if (!outcome.finding.empty()) {
    RETURN_IF_ERROR(history.Refused(outcome.change, outcome.finding, now));
  }
  // A write may have happened although its intent came from elsewhere (a re-routed change).
  if (outcome.state == OutcomeState::kApplied || outcome.state == OutcomeState::kUnknown) {
    return history.Touch(outcome.change);
  }
  return absl::OkStatus();
}

}  // namespace rollcall
