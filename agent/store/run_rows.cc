#include "agent/store/run_rows.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status LoadWaivers(Database& database, int64_t run, RunRecord* record) {
  ASSIGN_OR_RETURN(Statement rows, database.Prepare("SELECT guard, reason FROM run_waivers "
                                                    "WHERE run = ? ORDER BY position"));
  rows.Bind(run);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    record->waivers.push_back({rows.Text(0), rows.Text(1)});
  }
}

absl::Status LoadThrottling(Database& database, int64_t run, RunRecord* record) {
  ASSIGN_OR_RETURN(Statement rows, database.Prepare("SELECT directory, waits, waited, busy "
                                                    "FROM run_throttling WHERE run = ?"));
  rows.Bind(run);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    record->throttling[rows.Text(0)] = {rows.Int(1), absl::Nanoseconds(rows.Int(2)), rows.Int(3)};
  }
}

}  // namespace

absl::Status NoRun(const std::string& id) {
  return absl::NotFoundError(
      absl::StrCat("no run ", id, " in this state; see `rollcall runs list`"));
}

Outcome OutcomeOf(const Statement& row) {
  Outcome outcome;
  outcome.change = row.Text(0);
  outcome.state = static_cast<OutcomeState>(row.Int(1));
  outcome.verified = row.Int(2) != 0;
  outcome.attempts = static_cast<int>(row.Int(3));
  outcome.http_status = static_cast<int>(row.Int(4));
  outcome.message = row.Text(5);
  outcome.finding = row.Text(6);
  outcome.rerouted = row.Int(7) != 0;
  return outcome;
}

absl::Status LoadAllOutcomes(Database& database, int64_t run, RunRecord* record) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT change, state, verified, attempts, http_status, "
                                    "message, finding, rerouted, intent FROM journal "
                                    "WHERE run = ?"));
  rows.Bind(run);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    const std::string change = rows.Text(0);
    if (rows.Int(7) != 0) record->rerouted.insert(change);
    // An open intent overrules an older outcome: nobody knows what became of the new attempt.
    if (rows.Int(8) != 0) {
      record->unknown.insert(change);
      continue;
    }
    if (rows.IsNull(1)) continue;  // handed over, and nothing more
    record->outcomes[change] = OutcomeOf(rows);
  }
}

absl::Status LoadOpenIntents(Database& database, int64_t run, RunRecord* record) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT change FROM journal WHERE run = ? AND intent <> 0"));
  rows.Bind(run);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    record->unknown.insert(rows.Text(0));
  }
}

absl::StatusOr<int64_t> LoadRunRow(Database& database, const std::string& id, RunRecord* record) {
  ASSIGN_OR_RETURN(Statement row,
                   database.Prepare("SELECT runs.seq, plans.id, runs.state, started, ended, "
                                    "drift_left, runs.requests_used, message "
                                    "FROM runs JOIN plans ON plans.seq = runs.plan "
                                    "WHERE runs.id = ?"));
  row.Bind(id);
  ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return NoRun(id);
  record->id = id;
  record->plan = row.Text(1);
  record->state = static_cast<RunState>(row.Int(2));
  record->started = row.Time(3);
  if (!row.IsNull(4)) record->ended = row.Time(4);
  record->drift_left = row.Int(5);
  record->requests_used = row.Int(6);
  record->message = row.Text(7);
  RETURN_IF_ERROR(LoadWaivers(database, row.Int(0), record));
  RETURN_IF_ERROR(LoadThrottling(database, row.Int(0), record));
  return row.Int(0);
}

}  // namespace rollcall
