// A plan as programs see it, with who asked for it: what is stored, printed and answered must be
// the same. Pure, any thread.
#ifndef AGENT_RUNS_PLAN_RESOURCE_H_
#define AGENT_RUNS_PLAN_RESOURCE_H_

#include "agent/store/requester.h"
#include "reconciler/plan/plan.h"
#include "rollcall/v1/resources.pb.h"

namespace rollcall {

v1::Plan ToResource(const Plan& plan, const Requester& requester);

}  // namespace rollcall

#endif  // AGENT_RUNS_PLAN_RESOURCE_H_
