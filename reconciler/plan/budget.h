// Budget: what applying a plan and verifying it costs (rule M2). Pure.
//
//   writes  exact: for each activation and deactivation what probing says, else what the kind says
//           (traits), and one request for each batch of members of one group and one action. A
//           change that is re-routed while it is applied (rule R5) costs one write more, or one a
//           batch: nobody knows before, so it is not in the number
//   reads   upper bound: before and after each of these; for each effect that is verified, those
//           of one look (at a group once for all effects in it); and those of the records through
//           which changes may be re-routed
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
