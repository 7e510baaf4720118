// PlanStore: the plans of a state file, whole, with the document that was shown. A plan is applied
// at most once: its state changes only along one path, atomically. Thread-safe. Errors are those of
// sqlite.h; NOT_FOUND names a plan that is not there.
//
// Saving and loading are one transaction each; 500,000 changes take seconds, not minutes.
#ifndef AGENT_STORE_PLAN_STORE_H_
#define AGENT_STORE_PLAN_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

struct PlanSummary {
  std::string id;
  PlanState state = PlanState::kPlanning;
  std::string etag;
  absl::Time create_time;
  Counts counts;
};

class PlanStore {
 public:
  explicit PlanStore(Database& database) : database_(database) {}

  // `document` is the exact text that was printed or written. `begun`: RunStore::Mark of before the
  // directories were read; left out: that of now. ALREADY_EXISTS when the id is taken.
  absl::Status Save(const Plan& plan, const std::string& document,
                    std::optional<int64_t> begun = std::nullopt);

  absl::StatusOr<Plan> Load(const std::string& id);
  absl::StatusOr<std::string> LoadDocument(const std::string& id);
  absl::StatusOr<std::string> DocumentSha256(const std::string& id);  // 64 hex digits

  // Newest first.
  absl::StatusOr<std::vector<PlanSummary>> List(int64_t limit);
  absl::StatusOr<std::optional<std::string>> Newest();

  // Moves the plan from `from` to `to`. FAILED_PRECONDITION names the state that it is in when
  // that is another one. READY or BLOCKED to APPLYING, and APPLYING to APPLIED, are RunStore's.
  absl::Status ChangeState(const std::string& id, PlanState from, PlanState to);

  // Deletes plans that were made before `before` and that no run has used. Returns how many.
  absl::StatusOr<int64_t> DeleteUnused(absl::Time before);

 private:
  Database& database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_PLAN_STORE_H_
