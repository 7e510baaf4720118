#include "agent/store/plan_store.h"

#include "absl/strings/str_cat.h"
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

absl::Status InsertPlan(Database& database, const Plan& p, const std::string& document,
                        int64_t begun) {
  return database.Run(
      "INSERT INTO plans (id, state, etag, created, config_hash, state_id, activate, deactivate, "
      "add_membership, remove_membership, unchanged, out_of_scope, requests_used, read_requests, "
      "write_requests, estimated, document, document_sha256, begun) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      p.id, p.state, p.etag, p.create_time, p.config_hash, p.state_id, p.counts.activate,
      p.counts.deactivate, p.counts.add_membership, p.counts.remove_membership, p.counts.unchanged,
      p.counts.out_of_scope, p.requests_used, p.budget.read_requests, p.budget.write_requests,
      absl::ToInt64Nanoseconds(p.budget.estimated_duration), document, Sha256Hex(document), begun);
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

}  // namespace

absl::Status PlanStore::Save(const Plan& plan, const std::string& document,
                             std::optional<int64_t> begun) {
  return database_.Write([&]() -> absl::Status {
    if (!begun.has_value()) {
      ASSIGN_OR_RETURN(begun, HighestMark(database_));
    }
    RETURN_IF_ERROR(Annotate(InsertPlan(database_, plan, document, *begun),
                             absl::StrCat("saving plan ", plan.id)));
    return InsertPlanRows(database_, database_.last_row(), plan);
  });
}

absl::StatusOr<Plan> PlanStore::Load(const std::string& id) {
  Plan plan;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t row, LoadPlanRow(database_, id, &plan));
    return LoadPlanRows(database_, row, &plan);
  }));
  return plan;
}

absl::StatusOr<std::string> PlanStore::LoadDocument(const std::string& id) {
  return OneText(database_, "SELECT document FROM plans WHERE id = ?", id);
}

absl::StatusOr<std::string> PlanStore::DocumentSha256(const std::string& id) {
  return OneText(database_, "SELECT document_sha256 FROM plans WHERE id = ?", id);
}

absl::StatusOr<std::vector<PlanSummary>> PlanStore::List(int64_t limit) {
  std::vector<PlanSummary> result;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(
        Statement rows,
        database_.Prepare("SELECT id, state, etag, created, activate, deactivate, add_membership, "
                          "remove_membership, unchanged, out_of_scope FROM plans "
                          "ORDER BY seq DESC LIMIT ?"));
    rows.Bind(limit);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      PlanSummary& plan = result.emplace_back();
      plan.id = rows.Text(0);
      plan.state = static_cast<PlanState>(rows.Int(1));
      plan.etag = rows.Text(2);
      plan.create_time = rows.Time(3);
      plan.counts = {rows.Int(4), rows.Int(5), rows.Int(6), rows.Int(7), rows.Int(8), rows.Int(9)};
    }
  }));
  return result;
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
