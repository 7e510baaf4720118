#include "agent/store/run_store.h"

#include <algorithm>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "agent/store/applied_history.h"
#include "agent/store/directory_store.h"
#include "agent/store/run_events.h"
#include "agent/store/run_rows.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/plan.h"

namespace rollcall {
namespace {

// The plan's row, if it may be applied now.
absl::StatusOr<int64_t> TakePlan(Database& database, const std::string& plan) {
  ASSIGN_OR_RETURN(Statement row, database.Prepare("SELECT seq, state FROM plans WHERE id = ?"));
  row.Bind(plan);
  ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return absl::NotFoundError(absl::StrCat("no plan ", plan, " in this state"));
  const int64_t seq = row.Int(0);
  const auto state = static_cast<PlanState>(row.Int(1));
  if (state == PlanState::kReady || state == PlanState::kBlocked) return seq;
  ASSIGN_OR_RETURN(Statement run, database.Prepare("SELECT id FROM runs WHERE plan = ? "
                                                   "ORDER BY seq DESC LIMIT 1"));
  run.Bind(seq);
  ASSIGN_OR_RETURN(const bool has_run, run.Next());
  return absl::FailedPreconditionError(absl::StrCat("plan ", plan, " is ", PlanStateName(state),
                                                    has_run ? " (run " : "",
                                                    has_run ? run.Text(0) : "", has_run ? ")" : "",
                                                    "; it is applied once only, make a new plan"));
}

struct RunRow {
  int64_t seq = 0;
  int64_t plan = 0;
};

// The row of a run that has not ended.
absl::StatusOr<RunRow> OpenRun(Database& database, const std::string& id) {
  ASSIGN_OR_RETURN(Statement row,
                   database.Prepare("SELECT seq, plan, state FROM runs WHERE id = ?"));
  row.Bind(id);
  ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return NoRun(id);
  const auto state = static_cast<RunState>(row.Int(2));
  if (HasEnded(state)) {
    return absl::FailedPreconditionError(
        absl::StrCat("run ", id, " has ended already: ", RunStateName(state)));
  }
  return RunRow{row.Int(0), row.Int(1)};
}

// `tail` begins with WHERE; `bind` gives its parameters.
absl::StatusOr<std::vector<RunSummary>> Summaries(Database& database, absl::string_view tail,
                                                  absl::FunctionRef<void(Statement&)> bind) {
  std::vector<RunSummary> result;
  RETURN_IF_ERROR(database.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement rows,
                     database.Prepare(absl::StrCat(
                         "SELECT runs.id, plans.id, runs.state, started, ended, "
                         "activate + deactivate + add_membership + remove_membership, runs.seq, "
                         "runs.requester, runs.requester_role "
                         "FROM runs JOIN plans ON plans.seq = runs.plan ",
                         tail)));
    bind(rows);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      RunSummary& run = result.emplace_back();
      run.id = rows.Text(0);
      run.plan = rows.Text(1);
      run.state = static_cast<RunState>(rows.Int(2));
      run.started = rows.Time(3);
      if (!rows.IsNull(4)) run.ended = rows.Time(4);
      run.changes = rows.Int(5);
      run.place = rows.Int(6);
      run.requester = {rows.Text(7), rows.Text(8)};
    }
  }));
  return result;
}

absl::Status MarkRun(Database& database, int64_t run) {
  ASSIGN_OR_RETURN(const int64_t highest, HighestMark(database));
  return database.Run("UPDATE runs SET mark = ? WHERE seq = ?", highest + 1, run);
}

}  // namespace

absl::StatusOr<int64_t> HighestMark(Database& database) {
  ASSIGN_OR_RETURN(const auto mark, database.Number("SELECT MAX(mark) FROM runs"));
  return mark.value_or(0);
}

absl::Status RunStore::Start(const std::string& id, const std::string& plan,
                             const std::vector<Waiver>& waivers, absl::Time started,
                             const Requester& requester) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t plan_row, TakePlan(database_, plan));
    RETURN_IF_ERROR(Annotate(
        database_.Run(
            "INSERT INTO runs (id, plan, state, started, drift_left, requests_used, message, "
            "requester, requester_role) "
            "VALUES (?, ?, ?, ?, 0, 0, '', ?, ?)",
            id, plan_row, RunState::kRunning, started, requester.name, requester.role),
        absl::StrCat("starting run ", id)));
    const int64_t run_row = database_.last_row();
    RETURN_IF_ERROR(MarkRun(database_, run_row));
    RETURN_IF_ERROR(AddEvent(database_, run_row, RunState::kRunning, started));
    int64_t position = 0;
    for (const Waiver& waiver : waivers) {
      RETURN_IF_ERROR(database_.Run("INSERT INTO run_waivers VALUES (?, ?, ?, ?)", run_row,
                                    position++, waiver.guard, waiver.reason));
    }
    return database_.Run("UPDATE plans SET state = ? WHERE seq = ?", PlanState::kApplying,
                         plan_row);
  });
}

absl::Status RunStore::SetState(const std::string& id, RunState state, absl::Time now) {
  if (HasEnded(state)) return absl::InternalError("a run ends through Finish");
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const RunRow run, OpenRun(database_, id));
    RETURN_IF_ERROR(MarkRun(database_, run.seq));
    RETURN_IF_ERROR(AddEvent(database_, run.seq, state, now));
    return database_.Run("UPDATE runs SET state = ? WHERE seq = ?", state, run.seq);
  });
}

absl::Status RunStore::Interrupt(const std::string& id, int64_t requests_used, absl::Time now) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const RunRow run, OpenRun(database_, id));
    RETURN_IF_ERROR(MarkRun(database_, run.seq));
    RETURN_IF_ERROR(AddEvent(database_, run.seq, RunState::kInterrupted, now));
    return database_.Run(
        "UPDATE runs SET state = ?, requests_used = MAX(requests_used, ?) WHERE seq = ?",
        RunState::kInterrupted, requests_used, run.seq);
  });
}

absl::Status RunStore::AddThrottling(const std::string& id, const ThrottlingByDirectory& added) {
  const bool none = std::all_of(added.begin(), added.end(),
                                [](const auto& entry) { return entry.second.waits == 0; });
  if (none) return absl::OkStatus();
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const RunRow run, OpenRun(database_, id));
    for (const auto& [directory, throttling] : added) {
      if (throttling.waits == 0) continue;
      RETURN_IF_ERROR(database_.Run(
          "INSERT INTO run_throttling VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
          "waits = waits + excluded.waits, waited = waited + excluded.waited, "
          "busy = busy + excluded.busy",
          run.seq, directory, throttling.waits, absl::ToInt64Nanoseconds(throttling.waited),
          throttling.busy));
    }
    return absl::OkStatus();
  });
}

absl::Status RunStore::Finish(const std::string& id, const RunEnd& end) {
  if (!HasEnded(end.state)) return absl::InternalError("Finish needs a state that ends the run");
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const RunRow run, OpenRun(database_, id));
    RETURN_IF_ERROR(MarkRun(database_, run.seq));
    RETURN_IF_ERROR(AddEvent(database_, run.seq, end.state, end.ended));
    RETURN_IF_ERROR(database_.Run(
        "UPDATE runs SET state = ?, ended = ?, drift_left = ?, requests_used = ?, message = ? "
        "WHERE seq = ?",
        end.state, end.ended, end.drift_left, end.requests_used, end.message, run.seq));
    RETURN_IF_ERROR(
        database_.Run("UPDATE plans SET state = ? WHERE seq = ?", PlanState::kApplied, run.plan));
    RETURN_IF_ERROR(AppliedHistory(database_, run.seq, run.plan).SettleTouched());
    RETURN_IF_ERROR(RecordRunEnd(database_, run.seq, run.plan, end.halted, end.ended));
    if (end.state != RunState::kSucceeded && end.state != RunState::kPartial) {
      return absl::OkStatus();
    }
    return database_.Run(
        "INSERT OR IGNORE INTO covered_groups "
        "SELECT directory, grp FROM plan_covers WHERE plan = ?",
        run.plan);
  });
}

absl::StatusOr<RunRecord> RunStore::Load(const std::string& id) {
  RunRecord record;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t row, LoadRunRow(database_, id, &record));
    return LoadAllOutcomes(database_, row, &record);
  }));
  return record;
}

absl::StatusOr<RunHead> RunStore::LoadHead(const std::string& id) {
  RunHead head;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t row, LoadRunRow(database_, id, &head.run));
    ASSIGN_OR_RETURN(const auto settled,
                     database_.Number("SELECT count(*) FROM journal WHERE run = ? AND intent = 0 "
                                      "AND state IS NOT NULL",
                                      row));
    head.settled = settled.value_or(0);
    ASSIGN_OR_RETURN(Statement more,
                     database_.Prepare("SELECT activate + deactivate + add_membership + "
                                       "remove_membership, runs.requester, runs.requester_role "
                                       "FROM runs JOIN plans ON plans.seq = runs.plan "
                                       "WHERE runs.seq = ?"));
    more.Bind(row);
    RETURN_IF_ERROR(more.Next().status());
    head.changes = more.Int(0);
    head.requester = {more.Text(1), more.Text(2)};
    return HasEnded(head.run.state) ? absl::OkStatus() : LoadOpenIntents(database_, row, &head.run);
  }));
  return head;
}

absl::StatusOr<RunStore::OutcomePage> RunStore::LoadOutcomes(const std::string& id, int64_t first,
                                                             int64_t limit) {
  OutcomePage page;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto row, database_.Number("SELECT seq FROM runs WHERE id = ?", id));
    if (!row.has_value()) return NoRun(id);
    ASSIGN_OR_RETURN(
        Statement rows,
        database_.Prepare(
            "SELECT journal.change, journal.state, verified, attempts, http_status, "
            "message, finding, rerouted, position, COALESCE(plan_reroutes.directory, '') "
            "FROM plan_changes "
            "JOIN journal ON journal.run = ?1 AND journal.change = plan_changes.id "
            "LEFT JOIN plan_reroutes ON rerouted <> 0 "
            "AND plan_reroutes.plan = plan_changes.plan "
            "AND plan_reroutes.change = position WHERE plan_changes.plan = (SELECT plan FROM runs "
            "WHERE seq = ?1) AND position >= ?2 "
            "AND intent = 0 AND journal.state IS NOT NULL ORDER BY position "
            "LIMIT ?3"));
    rows.Bind(*row, first, limit + 1);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      if (static_cast<int64_t>(page.outcomes.size()) == limit) {
        page.next = rows.Int(8);
        return absl::OkStatus();
      }
      page.outcomes.push_back(OutcomeOf(rows));
      page.through.push_back(rows.Text(9));
    }
  }));
  return page;
}

absl::StatusOr<std::vector<RunSummary>> RunStore::List(int64_t limit, int64_t before) {
  return Summaries(database_, "WHERE runs.seq < ? ORDER BY runs.seq DESC LIMIT ?",
                   [&](Statement& rows) { rows.Bind(before, limit); });
}

absl::StatusOr<std::vector<RunSummary>> RunStore::Unfinished() {
  return Summaries(database_, "WHERE ended IS NULL ORDER BY runs.seq",
                   [](Statement& rows) { rows.Bind(); });
}

absl::StatusOr<std::optional<std::string>> RunStore::UnfinishedOf(const std::string& plan) {
  ASSIGN_OR_RETURN(const std::vector<RunSummary> runs, Unfinished());
  for (const RunSummary& run : runs) {
    if (run.plan == plan) return std::optional<std::string>(run.id);
  }
  return std::optional<std::string>();
}

absl::StatusOr<std::optional<std::string>> RunStore::LastOf(const std::string& plan) {
  std::optional<std::string> result;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement row, database_.Prepare("SELECT runs.id FROM runs JOIN plans ON "
                                                      "plans.seq = runs.plan WHERE plans.id = ? "
                                                      "ORDER BY runs.seq DESC LIMIT 1"));
    row.Bind(plan);
    ASSIGN_OR_RETURN(const bool found, row.Next());
    if (found) result = row.Text(0);
    return absl::OkStatus();
  }));
  return result;
}

absl::StatusOr<int64_t> RunStore::Mark() {
  int64_t mark = 0;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(mark, HighestMark(database_));
    return absl::OkStatus();
  }));
  return mark;
}

absl::StatusOr<std::optional<OvertakingRun>> RunStore::Overtaking(const std::string& plan) {
  std::optional<OvertakingRun> result;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(
        Statement row,
        database_.Prepare("SELECT runs.id, touched.directory, runs.ended FROM plans "
                          "JOIN plan_directories ON plan_directories.plan = plans.seq "
                          "JOIN touched ON touched.directory = plan_directories.directory "
                          "JOIN runs ON runs.seq = touched.run "
                          "WHERE plans.id = ? AND runs.plan <> plans.seq "
                          "AND (runs.mark > plans.begun "
                          "OR (runs.ended IS NULL AND runs.state <> ?)) "
                          "ORDER BY runs.seq DESC, plan_directories.position LIMIT 1"));
    row.Bind(plan, RunState::kInterrupted);
    ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return absl::OkStatus();
    result.emplace();
    result->run = row.Text(0);
    result->directory = row.Text(1);
    if (!row.IsNull(2)) result->ended = row.Time(2);
    return absl::OkStatus();
  }));
  return result;
}

}  // namespace rollcall
