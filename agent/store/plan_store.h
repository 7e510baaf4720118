// PlanStore: the plans of a state file, whole, with the document that was shown. A plan is applied
// at most once: its state changes only along one path, atomically. Thread-safe. Errors are those of
// sqlite.h; NOT_FOUND names a plan that is not there.
//
// Saving and loading are one transaction each; 500,000 changes take seconds, not minutes.
#ifndef AGENT_STORE_PLAN_STORE_H_
#define AGENT_STORE_PLAN_STORE_H_

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/requester.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

struct PlanSummary {
  int64_t place = 0;  // grows from plan to plan
  std::string id;
  PlanState state = PlanState::kPlanning;
  std::string etag;
  absl::Time create_time;
  Counts counts;
  int64_t requests_used = 0;
  Budget budget;
  Requester requester;
  std::string config_hash;
  std::string state_id;
};

// A part of the changes of a plan: `limit` of them from the one at place `first`, from 0.
struct ChangeRange {
  int64_t first = 0;
  int64_t limit = 0;
};

class PlanStore {
 public:
  explicit PlanStore(Database& database) : database_(database) {}

  // `document` is the exact text that was printed or written. `begun`: RunStore::Mark of before the
  // directories were read; left out: that of now. ALREADY_EXISTS when the id is taken. Takes the
  // place of a plan of that id that is PLANNING, whose requester stays; else `requester` is it.
  absl::Status Save(const Plan& plan, const std::string& document,
                    std::optional<int64_t> begun = std::nullopt, const Requester& requester = {});

  // A plan that is being made, so that its id can be asked for.
  absl::Status BeginPlanning(const std::string& id, const Requester& requester, absl::Time now);
  // Oldest first.
  absl::StatusOr<std::vector<std::string>> StillPlanning();

  absl::StatusOr<Plan> Load(const std::string& id);
  // Without changes, but with findings, directories and budget.
  absl::StatusOr<Plan> LoadWithoutChanges(const std::string& id);
  // In the plan's order; fewer than the limit: there are no more.
  absl::StatusOr<std::vector<Change>> LoadChanges(const std::string& id, ChangeRange range);
  absl::StatusOr<PlanSummary> Summary(const std::string& id);
  absl::StatusOr<std::string> LoadDocument(const std::string& id);
  absl::StatusOr<std::string> DocumentSha256(const std::string& id);  // 64 hex digits

  // Newest first; those before the place `before`.
  absl::StatusOr<std::vector<PlanSummary>> List(
      int64_t limit, int64_t before = std::numeric_limits<int64_t>::max());
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
