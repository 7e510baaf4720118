#include "agent/runs/refusal.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

constexpr char kPayload[] = "rollcall/exit-code";

}  // namespace

absl::Status Refuse(ExitCode code, absl::string_view message) {
  return WithExitCode(code, absl::FailedPreconditionError(message));
}

absl::Status WithExitCode(ExitCode code, absl::Status status) {
  if (status.ok() || status.GetPayload(kPayload).has_value()) return status;
  status.SetPayload(kPayload, absl::Cord(absl::StrCat(static_cast<int>(code))));
  return status;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return ExitCode::kInStep;
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  int code = 0;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &code)) {
    return ExitCode::kFailure;
  }
  return static_cast<ExitCode>(code);
}

}  // namespace rollcall
