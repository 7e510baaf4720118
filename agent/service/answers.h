// Answers: what the state holds as the messages that the service answers with. Pure functions, any
// thread.
#ifndef AGENT_SERVICE_ANSWERS_H_
#define AGENT_SERVICE_ANSWERS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/daemon/scheduler.h"
#include "agent/store/plan_store.h"
#include "agent/store/run_events.h"
#include "agent/store/run_store.h"
#include "rollcall/v1/reconciler.pb.h"

namespace rollcall {

v1::Plan ToResource(const PlanSummary& plan);
v1::Run ToResource(const RunHead& run);
v1::RunEvent ToResource(const RunEvent& event);
v1::ScheduleStatus ToResource(const ScheduleStatus& status);

// The id in a name such as "plans/p-0123456789abcdef". INVALID_FIELD names `field` and says what
// is expected.
absl::StatusOr<std::string> IdOf(absl::string_view name, absl::string_view collection,
                                 absl::string_view field);

}  // namespace rollcall

#endif  // AGENT_SERVICE_ANSWERS_H_
