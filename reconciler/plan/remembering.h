// What a plan wants remembered when it is saved: links with their proof (rule L3), accounts that
// are active again (rule A2), whether the export counts as accepted (rule A3). Pure. Internal to
// the planner.
#ifndef RECONCILER_PLAN_REMEMBERING_H_
#define RECONCILER_PLAN_REMEMBERING_H_

#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

// `findings`: those of the finished plan.
ToRemember WhatToRemember(const PlanInput& input, const Draft& draft,
                          const std::vector<Finding>& findings);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_REMEMBERING_H_
