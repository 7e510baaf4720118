// The ways that changes may take if they are refused while they are applied (rule R5,
// Change::reroute): judged here as if they were taken, since nothing judges them later. A way that
// would touch Rollcall's own account or protected ones, that `apply: false` or `allow` forbids, or
// that the directory refused lately is taken out of its change; all of them are, where a change
// guard would then block what it lets pass without them. The changes themselves stay. Pure.
#ifndef RECONCILER_PLAN_GUARDS_REROUTES_H_
#define RECONCILER_PLAN_GUARDS_REROUTES_H_

#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

void DropUnsafeReroutes(const PlanInput& input, const Draft& draft, std::vector<Change>& changes);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_REROUTES_H_
