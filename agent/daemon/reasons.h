// Reasons: errors that know why the service refuses, for programs (errors.proto), carried by
// absl::Status through layers that do not care. Pure functions, any thread.
#ifndef AGENT_DAEMON_REASONS_H_
#define AGENT_DAEMON_REASONS_H_

#include "absl/status/status.h"
#include "rollcall/v1/errors.pb.h"

namespace rollcall {

// The same error, with this reason unless it has one already. OK stays OK.
absl::Status WithReason(v1::ErrorReason reason, absl::Status status);

// Where the error has none: what its exit code (refusal.h) and its code say.
v1::ErrorReason ReasonOf(const absl::Status& status);

}  // namespace rollcall

#endif  // AGENT_DAEMON_REASONS_H_
