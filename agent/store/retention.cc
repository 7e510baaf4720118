#include "agent/store/retention.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/plan.h"

namespace rollcall {
namespace {

// The rows of a plan that may go. ?1: made before, or ended before, at the least; ?2: older than
// the rule; ?3: how many stay; ?4, ?5: states of plans that are at work; ?6: at most so many.
//
// A MAX beside other columns gives those of its row (SQLite's documentation, "bare columns").
constexpr char kMayGo[] = R"sql(
WITH
  written AS (SELECT r.seq, MAX(r.mark) FROM touched AS t JOIN runs AS r ON r.seq = t.run
              GROUP BY t.directory),
  latest AS (SELECT r.seq, MAX(r.mark) FROM runs AS r
             JOIN plan_directories AS d ON d.plan = r.plan GROUP BY d.directory),
  pinned_runs AS (
    SELECT seq FROM written UNION SELECT seq FROM latest
    UNION SELECT MAX(seq) FROM runs
    UNION SELECT seq FROM runs WHERE mark = (SELECT MAX(mark) FROM runs)
    UNION SELECT runs.seq FROM runs JOIN schedules ON schedules.last_run = runs.id),
  pinned AS (
    SELECT plan FROM runs WHERE seq IN pinned_runs
    UNION SELECT MAX(seq) FROM plans
    UNION SELECT plans.seq FROM plans JOIN schedules ON schedules.last_plan = plans.id
    UNION SELECT plans.seq FROM plans JOIN directory_status ON directory_status.plan = plans.id)
SELECT p.seq, p.activate + p.deactivate + p.add_membership + p.remove_membership FROM plans AS p
WHERE p.created < ?1
  AND (p.created < ?2
       OR p.created <= (SELECT created FROM plans ORDER BY created DESC LIMIT 1 OFFSET ?3))
  AND p.state NOT IN (?4, ?5)
  AND p.seq NOT IN pinned
  AND NOT EXISTS (SELECT 1 FROM runs AS r
                  WHERE r.plan = p.seq AND (r.ended IS NULL OR r.ended >= ?1))
ORDER BY p.created LIMIT ?6
)sql";

// A table of which each plan, or run, has rows; `key`: what tells them apart.
struct Part {
  const char* table;
  const char* key;
};
constexpr Part kPartsOfRuns[] = {{"run_events", "number"},      {"journal", "change"},
                                 {"applied", "change, effect"}, {"touched", "directory"},
                                 {"run_waivers", "position"},   {"run_throttling", "directory"}};
constexpr Part kPartsOfPlans[] = {
    {"plan_subjects", "finding, position"}, {"plan_findings", "position"},
    {"plan_effects", "change, position"},   {"plan_reroutes", "change"},
    {"plan_changes", "position"},           {"plan_covers", "position"},
    {"plan_snapshots", "directory"},        {"plan_directories", "position"}};

std::string DeletionFrom(const Part& part, const char* owner) {
  return absl::StrCat("DELETE FROM ", part.table, " WHERE ", owner, " = ?1 AND (", part.key,
                      ") IN (SELECT ", part.key, " FROM ", part.table, " WHERE ", owner,
                      " = ?1 LIMIT ?2)");
}

absl::StatusOr<std::vector<int64_t>> MayGo(Database& database, const RetentionRule& rule,
                                           absl::Time now) {
  const absl::Time least = now - Retention::kLeastAge;
  ASSIGN_OR_RETURN(Statement rows, database.Prepare(kMayGo));
  rows.Bind(least, std::min(least, now - rule.age), rule.plans, PlanState::kPlanning,
            PlanState::kApplying, Retention::kMostAtOnce);
  std::vector<int64_t> plans;
  int64_t changes = 0;
  while (changes < Retention::kMostChangesAtOnce) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    plans.push_back(rows.Int(0));
    changes += rows.Int(1);
  }
  return plans;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Retention>> Retention::Open(const std::string& file) {
  ASSIGN_OR_RETURN(std::unique_ptr<Database> database, Database::Open(file));
  // Rows outlive their plan or run here until their turn has come. Their numbers are not given to
  // another one meanwhile: the newest plan and run stay.
  RETURN_IF_ERROR(database->Script("PRAGMA foreign_keys = OFF"));
  return std::unique_ptr<Retention>(new Retention(std::move(database)));
}

absl::StatusOr<Deletions> Retention::TakeOut(const RetentionRule& rule, absl::Time now) {
  Deletions taken;
  RETURN_IF_ERROR(database_->Write([&]() -> absl::Status {
    RETURN_IF_ERROR(
        database_->Run("DELETE FROM requests WHERE time < ?", now - std::max(rule.age, kLeastAge)));
    ASSIGN_OR_RETURN(const std::vector<int64_t> plans, MayGo(*database_, rule, now));
    for (const int64_t plan : plans) {
      RETURN_IF_ERROR(
          database_->Run("INSERT INTO taken_out SELECT 1, seq FROM runs WHERE plan = ?", plan));
      RETURN_IF_ERROR(database_->Run("DELETE FROM runs WHERE plan = ?", plan));
      taken.runs += database_->changes();
      RETURN_IF_ERROR(database_->Run("INSERT INTO taken_out VALUES (0, ?)", plan));
      RETURN_IF_ERROR(database_->Run(
          "DELETE FROM proposed_people WHERE plan = (SELECT id FROM plans WHERE seq = ?)", plan));
      RETURN_IF_ERROR(database_->Run(
          "DELETE FROM proposed_exports WHERE plan = (SELECT id FROM plans WHERE seq = ?)", plan));
      RETURN_IF_ERROR(database_->Run("DELETE FROM plans WHERE seq = ?", plan));
      ++taken.plans;
    }
    return absl::OkStatus();
  }));
  return taken;
}

absl::StatusOr<bool> Retention::DeleteSlice() {
  bool any = false;
  RETURN_IF_ERROR(database_->Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement next,
                     database_->Prepare("SELECT is_run, seq FROM taken_out LIMIT 1"));
    next.Bind();
    ASSIGN_OR_RETURN(any, next.Next());
    if (!any) return absl::OkStatus();
    const bool is_run = next.Int(0) != 0;
    const int64_t seq = next.Int(1);
    ASSIGN_OR_RETURN(const bool done, DeleteRowsOf(is_run, seq));
    if (!done) return absl::OkStatus();
    return database_->Run("DELETE FROM taken_out WHERE is_run = ? AND seq = ?", is_run, seq);
  }));
  return any;
}

// True: nothing is left.
absl::StatusOr<bool> Retention::DeleteRowsOf(bool is_run, int64_t seq) {
  const std::vector<Part> parts =
      is_run ? std::vector<Part>(std::begin(kPartsOfRuns), std::end(kPartsOfRuns))
             : std::vector<Part>(std::begin(kPartsOfPlans), std::end(kPartsOfPlans));
  int64_t left = kSlice;
  for (const Part& part : parts) {
    RETURN_IF_ERROR(database_->Run(DeletionFrom(part, is_run ? "run" : "plan"), seq, left));
    left -= database_->changes();
    if (left == 0) return false;
  }
  return true;
}

absl::StatusOr<StateSize> Retention::Measure() {
  StateSize size;
  RETURN_IF_ERROR(database_->Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto plans, database_->Number("SELECT count(*) FROM plans"));
    ASSIGN_OR_RETURN(const auto runs, database_->Number("SELECT count(*) FROM runs"));
    ASSIGN_OR_RETURN(const auto pages, database_->Number("PRAGMA page_count"));
    ASSIGN_OR_RETURN(const auto page, database_->Number("PRAGMA page_size"));
    size = {plans.value_or(0), runs.value_or(0), pages.value_or(0) * page.value_or(0)};
    return absl::OkStatus();
  }));
  return size;
}

}  // namespace rollcall
