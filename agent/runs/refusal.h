// Refusals: errors that know their exit code (PRODUCT.md section 5), carried by absl::Status
// through layers that do not care. Pure functions, any thread.
#ifndef AGENT_RUNS_REFUSAL_H_
#define AGENT_RUNS_REFUSAL_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/runs/exit_code.h"

namespace rollcall {

// "what; cure" with its exit code. `message` says what is so and what to do.
absl::Status Refuse(ExitCode code, absl::string_view message);

// The same error, with this exit code unless it has one already. OK stays OK.
absl::Status WithExitCode(ExitCode code, absl::Status status);

// The finding of a plan that could not be made; `observed` is the exit code of why.
inline constexpr char kPlanningFailed[] = "planning_failed";

// kFailure where the error has none.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace rollcall

#endif  // AGENT_RUNS_REFUSAL_H_
