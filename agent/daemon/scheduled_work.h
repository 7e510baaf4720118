// What a start of a schedule does: makes a plan and, where the schedule applies and no guard
// blocks, applies it. Blocks; any thread. Errors are those of the desks.
#ifndef AGENT_DAEMON_SCHEDULED_WORK_H_
#define AGENT_DAEMON_SCHEDULED_WORK_H_

#include "absl/status/statusor.h"
#include "agent/daemon/plan_desk.h"
#include "agent/daemon/run_desk.h"
#include "agent/daemon/schedule.h"
#include "agent/daemon/timetable.h"
#include "agent/store/store.h"
#include "reconciler/base/call_context.h"

namespace rollcall {

struct Desks {
  Store& store;
  PlanDesk& plans;
  RunDesk& runs;
};

absl::StatusOr<WorkReport> DoScheduledWork(const Desks& desks, const Schedule& schedule,
                                           const CallContext& context);

}  // namespace rollcall

#endif  // AGENT_DAEMON_SCHEDULED_WORK_H_
