// The rows of one plan: how its changes, effects, findings and directories lie in the tables. Used
// by PlanStore within its transactions.
#ifndef AGENT_STORE_PLAN_ROWS_H_
#define AGENT_STORE_PLAN_ROWS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

// `plan_row` is plans.seq.
absl::Status InsertPlanRows(Database& database, int64_t plan_row, const Plan& plan);
absl::Status LoadPlanRows(Database& database, int64_t plan_row, Plan* plan);
absl::Status LoadPlanRowsWithoutChanges(Database& database, int64_t plan_row, Plan* plan);
// At most `limit` changes from place `first` on, from 0.
absl::StatusOr<std::vector<Change>> LoadChangeRows(Database& database, int64_t plan_row,
                                                   int64_t first, int64_t limit);

}  // namespace rollcall

#endif  // AGENT_STORE_PLAN_ROWS_H_
