// A plan as scenario files expect it: the state, then the findings, then the changes, one a line.
//
//   state BLOCKED
//   BLOCKING first_run dir 1 against 0: p2
//   INFO missing dir: p3
//   DEACTIVATE dir/a2 p2 by A1
//   ADD_MEMBERSHIP dir/a1 eng p1 by G1, effect cloud/c1 ADD_MEMBERSHIP, routed from cloud
//
// Findings show observed and limit only where they block. Nobody is "-".
#ifndef TESTS_SUPPORT_PLAN_TEXT_H_
#define TESTS_SUPPORT_PLAN_TEXT_H_

#include <string>

#include "reconciler/plan/plan.h"

namespace rollcall {

std::string PlanText(const Plan& plan);

}  // namespace rollcall

#endif  // TESTS_SUPPORT_PLAN_TEXT_H_
