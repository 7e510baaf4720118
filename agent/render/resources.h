// Domain values -> the public messages of rollcall.v1. Counts become int32: what is larger stays at
// the largest. Pure functions, any thread.
#ifndef AGENT_RENDER_RESOURCES_H_
#define AGENT_RENDER_RESOURCES_H_

#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"
#include "rollcall/v1/resources.pb.h"

namespace rollcall {

v1::Plan ToResource(const Plan& plan);

// Outcomes in the plan's order; `plan` is the one that the run applies.
v1::Run ToResource(const RunRecord& run, const Plan& plan);

v1::Finding ToResource(const Finding& finding);
v1::Change ToResource(const Change& change);

int32_t ToCount(int64_t number);
void SetTimestamp(absl::Time time, google::protobuf::Timestamp* out);

}  // namespace rollcall

#endif  // AGENT_RENDER_RESOURCES_H_
