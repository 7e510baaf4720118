// What several commands do through a running agent. One thread.
#ifndef AGENT_CLI_REMOTE_WORK_H_
#define AGENT_CLI_REMOTE_WORK_H_

#include <string>

#include "absl/status/statusor.h"
#include "agent/cli/remote_session.h"
#include "agent/runs/exit_code.h"
#include "rollcall/v1/reconciler.pb.h"

namespace rollcall {

// Has a plan made and waits for it; with its changes. One that cannot be made is an error, with the
// exit code that making it here would have had.
absl::StatusOr<v1::Plan> MakePlanOnServer(const v1::CreatePlanRequest& request,
                                          RemoteSession& session, Console& console);

// The plan, with its changes, that an id or the path of a plan file means. Exit codes as FindPlan's
// (plan_file.h): a file counts only where it holds what the agent's state holds.
absl::StatusOr<v1::Plan> FindPlanOnServer(const std::string& argument, RemoteSession& session);

// What Ctrl-C means while a run is followed.
enum class OnStop : uint8_t { kLeave, kCancelRun };

// Shows how far the run is until it has ended; then prints it, and gives the exit code of `apply`.
absl::StatusOr<ExitCode> FollowRun(const std::string& run, const v1::Plan& plan, bool all,
                                   OnStop on_stop, RemoteSession& session, Console& console);

// Plans and runs may be called as the service names them, `plans/p-…`; files stay as they are.
std::string WithoutCollection(const std::string& name);

}  // namespace rollcall

#endif  // AGENT_CLI_REMOTE_WORK_H_
