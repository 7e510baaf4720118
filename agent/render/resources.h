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
// `through`: the directory that it was re-routed to; empty: it was not.
v1::Outcome ToResource(const Outcome& outcome, const std::string& through);
v1::Plan::State ToResource(PlanState state);
v1::Run::State ToResource(RunState state);
// Everything but progress and outcomes.
v1::Run ToResource(const RunRecord& run);
void SetCounts(const Counts& counts, v1::Counts* out);
void SetBudget(const Budget& budget, v1::Budget* out);

int32_t ToCount(int64_t number);
void SetTimestamp(absl::Time time, google::protobuf::Timestamp* out);

}  // namespace rollcall

#endif  // AGENT_RENDER_RESOURCES_H_
