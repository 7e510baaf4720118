#include "agent/store/run_events.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

RunEvent EventOf(const Statement& row) {
  RunEvent event;
  event.number = row.Int(0);
  event.time = row.Time(1);
  if (row.IsNull(3)) {
    event.state = static_cast<RunState>(row.Int(2));
    return event;
  }
  Outcome& outcome = event.outcome.emplace();
  outcome.state = static_cast<OutcomeState>(row.Int(2));
  outcome.change = row.Text(3);
  outcome.verified = row.Int(4) != 0;
  outcome.attempts = static_cast<int>(row.Int(5));
  outcome.http_status = static_cast<int>(row.Int(6));
  outcome.message = row.Text(7);
  outcome.finding = row.Text(8);
  outcome.rerouted = row.Int(9) != 0;
  event.through = row.Text(10);
  return event;
}

}  // namespace

absl::Status AddEvent(Database& database, int64_t run, RunState state, absl::Time now) {
  return database.Run(
      "INSERT INTO run_events (run, number, time, state) "
      "SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3 FROM run_events WHERE run = ?1",
      run, now, state);
}

absl::Status AddEvent(Database& database, int64_t run, const Outcome& outcome, absl::Time now) {
  return database.Run(
      "INSERT INTO run_events SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
      "?9, ?10 FROM run_events WHERE run = ?1",
      run, now, outcome.state, outcome.change, outcome.verified, outcome.attempts,
      outcome.http_status, outcome.message, outcome.finding, outcome.rerouted);
}

absl::StatusOr<std::vector<RunEvent>> RunEvents::Read(const std::string& run, int64_t after,
                                                      int64_t limit) {
  std::vector<RunEvent> events;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto row, database_.Number("SELECT seq FROM runs WHERE id = ?", run));
    ASSIGN_OR_RETURN(const auto plan, database_.Number("SELECT plan FROM runs WHERE id = ?", run));
    if (!row.has_value()) {
      return absl::NotFoundError(
          absl::StrCat("no run ", run, " in this state; see `rollcall runs list`"));
    }
    ASSIGN_OR_RETURN(Statement rows,
                     database_.Prepare("SELECT number, time, state, change, verified, attempts, "
                                       "http_status, message, finding, rerouted, "
                                       "CASE rerouted WHEN 0 THEN '' ELSE "
                                       "(SELECT r.directory FROM plan_changes AS c "
                                       "JOIN plan_reroutes AS r ON r.plan = c.plan "
                                       "AND r.change = c.position "
                                       "WHERE c.plan = ?4 AND c.id = run_events.change) END "
                                       "FROM run_events "
                                       "WHERE run = ?1 AND number > ?2 ORDER BY number LIMIT ?3"));
    rows.Bind(*row, after, limit, *plan);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      events.push_back(EventOf(rows));
    }
  }));
  return events;
}

}  // namespace rollcall
