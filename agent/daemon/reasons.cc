#include "agent/daemon/reasons.h"

#include "absl/strings/cord.h"
#include "agent/runs/refusal.h"

namespace rollcall {
namespace {

constexpr char kPayload[] = "rollcall/reason";

v1::ErrorReason ByCode(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kNotFound:
      return v1::NO_SUCH_RESOURCE;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return v1::INVALID_FIELD;
    case absl::StatusCode::kResourceExhausted:
      return v1::LIMIT_EXCEEDED;
    default:
      return v1::INTERNAL_FAILURE;
  }
}

}  // namespace

absl::Status WithReason(v1::ErrorReason reason, absl::Status status) {
  if (!status.ok() && !status.GetPayload(kPayload).has_value()) {
    status.SetPayload(kPayload, absl::Cord(v1::ErrorReason_Name(reason)));
  }
  return status;
}

v1::ErrorReason ReasonOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  v1::ErrorReason reason = v1::ERROR_REASON_UNSPECIFIED;
  if (payload.has_value() && v1::ErrorReason_Parse(std::string(*payload), &reason)) return reason;
  switch (ExitCodeOf(status)) {
    case ExitCode::kStale:
      return v1::PLAN_STALE;
    case ExitCode::kGuardBlocks:
      return v1::GUARD_BLOCKS;
    case ExitCode::kUnreadable:
      return v1::UNREADABLE;
    case ExitCode::kUsage:
      return v1::INVALID_FIELD;
    default:
      return ByCode(status.code());
  }
}

}  // namespace rollcall
