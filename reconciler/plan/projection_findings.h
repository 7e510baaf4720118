// What a projection wants a person to know: accounts that stay as they are by policy, and why.
// Internal to projection.
#ifndef RECONCILER_PLAN_PROJECTION_FINDINGS_H_
#define RECONCILER_PLAN_PROJECTION_FINDINGS_H_

#include <vector>

#include "reconciler/plan/holds.h"
#include "reconciler/plan/projection.h"

namespace rollcall {

std::vector<Finding> ProjectionFindings(const ProjectionInput& input, const Projection& projection,
                                        const HoldIndex& holds);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_PROJECTION_FINDINGS_H_
