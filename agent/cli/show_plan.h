// Shows a saved plan of the local state, for `rollcall show` and `rollcall plans show`. One thread.
#ifndef AGENT_CLI_SHOW_PLAN_H_
#define AGENT_CLI_SHOW_PLAN_H_

#include <string>

#include "absl/status/statusor.h"
#include "agent/cli/console.h"
#include "agent/cli/session.h"
#include "agent/runs/exit_code.h"

namespace rollcall {

// `what`: a plan's id or file; `person`: only what concerns them, empty: everything; `all`: every
// row. Exit codes as FindPlan's (plan_file.h).
absl::StatusOr<ExitCode> ShowPlan(const std::string& what, const std::string& person, bool all,
                                  Session& session, Console& console);

}  // namespace rollcall

#endif  // AGENT_CLI_SHOW_PLAN_H_
