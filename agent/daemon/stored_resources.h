// What the state holds as the messages of rollcall.v1 that the service answers with and the lists
// of the command line print. Pure functions, any thread.
#ifndef AGENT_DAEMON_STORED_RESOURCES_H_
#define AGENT_DAEMON_STORED_RESOURCES_H_

#include "agent/daemon/scheduler.h"
#include "agent/store/plan_store.h"
#include "agent/store/run_events.h"
#include "agent/store/run_store.h"
#include "rollcall/v1/reconciler.pb.h"

namespace rollcall {

// Without changes and findings.
v1::Plan ToResource(const PlanSummary& plan);
// Without outcomes.
v1::Run ToResource(const RunHead& run);
v1::RunEvent ToResource(const RunEvent& event);
v1::ScheduleStatus ToResource(const ScheduleStatus& status);

}  // namespace rollcall

#endif  // AGENT_DAEMON_STORED_RESOURCES_H_
