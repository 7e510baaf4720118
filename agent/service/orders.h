// Orders: what callers ask for, checked, in the daemon's own terms. Errors carry their reason. Pure
// but for the uploads that are looked up; any thread.
#ifndef AGENT_SERVICE_ORDERS_H_
#define AGENT_SERVICE_ORDERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "agent/daemon/plan_desk.h"
#include "agent/daemon/run_desk.h"
#include "agent/daemon/uploads.h"
#include "agent/runs/person_work.h"
#include "rollcall/v1/reconciler.pb.h"

namespace rollcall {

// Without the requester.
absl::StatusOr<PlanOrder> OrderOf(const v1::CreatePlanRequest& request, Uploads& uploads);
absl::StatusOr<ApplyOrder> OrderOf(const v1::ApplyPlanRequest& request);

// Of one person.
absl::StatusOr<PersonOrder> OrderOf(const v1::DeactivatePersonRequest& request);
absl::StatusOr<PersonOrder> OrderOf(const v1::ActivatePersonRequest& request);

// What somebody wrote for the record.
absl::Status CheckReason(const std::string& reason);

// INVALID_FIELD.
absl::Status InvalidField(absl::string_view what);

}  // namespace rollcall

#endif  // AGENT_SERVICE_ORDERS_H_
