// Errors on the wire: an absl::Status with its reason (agent/daemon/reasons.h) as a grpc::Status
// with the details that programs read, and back. Pure functions, any thread.
#ifndef AGENT_SERVICE_RPC_STATUS_H_
#define AGENT_SERVICE_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace rollcall {

// The canonical code is the reason's own, whatever the code of `status`; see errors.proto.
grpc::Status ToRpcStatus(const absl::Status& status);

// With the reason and the exit code that the details hold. `server` is named where nothing could
// be asked ("127.0.0.1:8441").
absl::Status FromRpcStatus(const grpc::Status& status, const std::string& server);

}  // namespace rollcall

#endif  // AGENT_SERVICE_RPC_STATUS_H_
