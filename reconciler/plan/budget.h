// Budget: what applying a plan and verifying it costs (rule M2). Pure.
//
//   writes  exact: for each activation and deactivation what the kind says (traits), and one
//   request
//           for each batch of members of one group and one action
//   reads   upper bound: before and after each of these, and one for each effect that is verified
//   time    requests of each directory at its own pace; directories work side by side, so the
//           slowest one decides. Waiting for propagation and for 429 is not in it.
#ifndef RECONCILER_PLAN_BUDGET_H_
#define RECONCILER_PLAN_BUDGET_H_

#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

// `changes` are those of the finished plan, in any order.
Budget ComputeBudget(const PlanInput& input, const std::vector<Change>& changes);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_BUDGET_H_
