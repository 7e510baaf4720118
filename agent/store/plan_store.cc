#include "agent/store/plan_store.h"

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "agent/store/directory_store.h"
#include "agent/store/plan_rows.h"
#include "agent/store/run_store.h"
#include "reconciler/base/fingerprint.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status NoPlan(const std::string& id) {
  return absl::NotFoundError(
      absl::StrCat("no plan ", id, " in this state; see `rollcall plans list`"));
}

// The place and the requester of the plan that it is to be, if that was begun.
struct Begun {
  std::optional<int64_t> seq;
  Requester requester;
};

absl::StatusOr<Begun> TakeBegun(Database& database, const std::string& id) {
  Begun begun;
  ASSIGN_OR_RETURN(Statement row,
                   database.Prepare("SELECT seq, requester, requester_role FROM plans "
                                    "WHERE id = ? AND state = ?"));
  row.Bind(id, PlanState::kPlanning);
  ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return begun;
  begun.seq = row.Int(0);
  begun.requester = {row.Text(1), row.Text(2)};
  RETURN_IF_ERROR(database.Run("DELETE FROM plans WHERE seq = ?", *begun.seq));
  return begun;
}

absl::Status InsertPlan(Database& database, const Plan& p, const std::string& document,
                        int64_t mark, const Begun& begun) {
  return database.Run(
      "INSERT INTO plans (seq, requester, requester_role, id, state, etag, created, config_hash, "
      "state_id, activate, deactivate, "
      "add_membership, remove_membership, unchanged, out_of_scope, requests_used, read_requests, "
      "write_requests, estimated, document, document_sha256, begun) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      begun.seq, begun.requester.name, begun.requester.role, p.id, p.state, p.etag, p.create_time,
      p.config_hash, p.state_id, p.counts.activate, p.counts.deactivate, p.counts.add_membership,
      p.counts.remove_membership, p.counts.unchanged, p.counts.out_of_scope, p.requests_used,
      p.budget.read_requests, p.budget.write_requests,
      absl::ToInt64Nanoseconds(p.budget.estimated_duration), document, Sha256Hex(document), mark);
}

absl::StatusOr<int64_t> LoadPlanRow(Database& database, const std::string& id, Plan* p) {
  ASSIGN_OR_RETURN(
      Statement row,
      database.Prepare("SELECT seq, state, etag, created, config_hash, state_id, activate, "
                       "deactivate, add_membership, remove_membership, unchanged, out_of_scope, "
                       "requests_used, read_requests, write_requests, estimated "
                       "FROM plans WHERE id = ?"));
  row.Bind(id);
  ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return NoPlan(id);
  p->id = id;
  p->state = static_cast<PlanState>(row.Int(1));
  p->etag = row.Text(2);
  p->create_time = row.Time(3);
  p->config_hash = row.Text(4);
  p->state_id = row.Text(5);
  p->counts.activate = row.Int(6);
  p->counts.deactivate = row.Int(7);
  p->counts.add_membership = row.Int(8);
  p->counts.remove_membership = row.Int(9);
  p->counts.unchanged = row.Int(10);
  p->counts.out_of_scope = row.Int(11);
  p->requests_used = row.Int(12);
  p->budget.read_requests = row.Int(13);
  p->budget.write_requests = row.Int(14);
  p->budget.estimated_duration = absl::Nanoseconds(row.Int(15));
  return row.Int(0);
}

absl::StatusOr<std::string> OneText(Database& database, const char* sql, const std::string& id) {
  std::string text;
  RETURN_IF_ERROR(database.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement row, database.Prepare(sql));
    row.Bind(id);
    ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return NoPlan(id);
    text = row.Text(0);
    return absl::OkStatus();
  }));
  return text;
}

PlanSummary SummaryOf(const Statement& row) {
  PlanSummary plan;
  plan.place = row.Int(0);
  plan.id = row.Text(1);
  plan.state = static_cast<PlanState>(row.Int(2));
  plan.etag = row.Text(3);
  plan.create_time = row.Time(4);
  plan.counts = {row.Int(5), row.Int(6), row.Int(7), row.Int(8), row.Int(9), row.Int(10)};
  plan.requests_used = row.Int(11);
  plan.budget.read_requests = row.Int(12);
  plan.budget.write_requests = row.Int(13);
  plan.budget.estimated_duration = absl::Nanoseconds(row.Int(14));
  plan.requester = {row.Text(15), row.Text(16)};
  plan.config_hash = row.Text(17);
  plan.state_id = row.Text(18);
  return plan;
}

// `tail` begins with WHERE; `bind` gives its parameters.
absl::StatusOr<std::vector<PlanSummary>> Summaries(Database& database, absl::string_view tail,
                                                   absl::FunctionRef<void(Statement&)> bind) {
  std::vector<PlanSummary> result;
  RETURN_IF_ERROR(database.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(
        Statement rows,
        database.Prepare(absl::StrCat(
            "SELECT seq, id, state, etag, created, activate, deactivate, add_membership, "
            "remove_membership, unchanged, out_of_scope, requests_used, read_requests, "
            "write_requests, estimated, requester, requester_role, config_hash, state_id FROM "
            "plans ",
            tail)));
    bind(rows);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      result.push_back(SummaryOf(rows));
    }
  }));
  return result;
}

}  // namespace

absl::Status PlanStore::Save(const Plan& plan, const std::string& document,
                             std::optional<int64_t> begun, const Requester& requester) {
  return database_.Write([&]() -> absl::Status {
    if (!begun.has_value()) {
      ASSIGN_OR_RETURN(begun, HighestMark(database_));
    }
    ASSIGN_OR_RETURN(Begun was, TakeBegun(database_, plan.id));
    if (!was.seq.has_value()) was.requester = requester;
    RETURN_IF_ERROR(Annotate(InsertPlan(database_, plan, document, *begun, was),
                             absl::StrCat("saving plan ", plan.id)));
    RETURN_IF_ERROR(InsertPlanRows(database_, database_.last_row(), plan));
    return RecordReadings(database_, plan);
  });
}

absl::Status PlanStore::BeginPlanning(const std::string& id, const Requester& requester,
                                      absl::Time now) {
  Plan plan;
  plan.id = id;
  plan.state = PlanState::kPlanning;
  plan.create_time = now;
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t mark, HighestMark(database_));
    return Annotate(InsertPlan(database_, plan, "", mark, {std::nullopt, requester}),
                    absl::StrCat("beginning plan ", id));
  });
}

absl::StatusOr<std::vector<std::string>> PlanStore::StillPlanning() {
  std::vector<std::string> result;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement rows,
                     database_.Prepare("SELECT id FROM plans WHERE state = ? ORDER BY seq"));
    rows.Bind(PlanState::kPlanning);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      result.push_back(rows.Text(0));
    }
  }));
  return result;
}

absl::StatusOr<Plan> PlanStore::Load(const std::string& id) {
  Plan plan;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t row, LoadPlanRow(database_, id, &plan));
    return LoadPlanRows(database_, row, &plan);
  }));
  return plan;
}

absl::StatusOr<Plan> PlanStore::LoadWithoutChanges(const std::string& id) {
  Plan plan;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t row, LoadPlanRow(database_, id, &plan));
    return LoadPlanRowsWithoutChanges(database_, row, &plan);
  }));
  return plan;
}

absl::StatusOr<std::vector<Change>> PlanStore::LoadChanges(const std::string& id,
                                                           ChangeRange range) {
  std::vector<Change> changes;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto row, database_.Number("SELECT seq FROM plans WHERE id = ?", id));
    if (!row.has_value()) return NoPlan(id);
    ASSIGN_OR_RETURN(changes, LoadChangeRows(database_, *row, range.first, range.limit));
    return absl::OkStatus();
  }));
  return changes;
}

absl::StatusOr<PlanSummary> PlanStore::Summary(const std::string& id) {
  ASSIGN_OR_RETURN(const std::vector<PlanSummary> found,
                   Summaries(database_, "WHERE id = ?", [&](Statement& rows) { rows.Bind(id); }));
  if (found.empty()) return NoPlan(id);
  return found[0];
}

absl::StatusOr<std::string> PlanStore::LoadDocument(const std::string& id) {
  return OneText(database_, "SELECT document FROM plans WHERE id = ?", id);
}

absl::StatusOr<std::string> PlanStore::DocumentSha256(const std::string& id) {
  return OneText(database_, "SELECT document_sha256 FROM plans WHERE id = ?", id);
}

absl::StatusOr<std::vector<PlanSummary>> PlanStore::List(int64_t limit, int64_t before) {
  return Summaries(database_, "WHERE seq < ? ORDER BY seq DESC LIMIT ?",
                   [&](Statement& rows) { rows.Bind(before, limit); });
}

absl::StatusOr<std::optional<std::string>> PlanStore::Newest() {
  ASSIGN_OR_RETURN(const std::vector<PlanSummary> plans, List(1));
  if (plans.empty()) return std::optional<std::string>();
  return std::optional<std::string>(plans[0].id);
}

absl::Status PlanStore::ChangeState(const std::string& id, PlanState from, PlanState to) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto state,
                     database_.Number("SELECT state FROM plans WHERE id = ?", id));
    if (!state.has_value()) return NoPlan(id);
    if (*state != static_cast<int64_t>(from)) {
      return absl::FailedPreconditionError(
          absl::StrCat("plan ", id, " is ", PlanStateName(static_cast<PlanState>(*state)), ", not ",
                       PlanStateName(from), "; make a new plan"));
    }
    return database_.Run("UPDATE plans SET state = ? WHERE id = ?", to, id);
  });
}

absl::StatusOr<int64_t> PlanStore::DeleteUnused(absl::Time before) {
  int64_t deleted = 0;
  RETURN_IF_ERROR(database_.Write([&]() -> absl::Status {
    RETURN_IF_ERROR(
        database_.Run("DELETE FROM plans WHERE created < ? AND NOT EXISTS "
                      "(SELECT 1 FROM runs WHERE runs.plan = plans.seq)",
                      before));
    deleted = database_.changes();
    return absl::OkStatus();
  }));
  return deleted;
}

}  // namespace rollcall
