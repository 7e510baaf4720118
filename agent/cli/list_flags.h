// What `rollcall plans`, `runs` and `schedules` were asked for, on the local state or through a
// running agent. Values.
#ifndef AGENT_CLI_LIST_FLAGS_H_
#define AGENT_CLI_LIST_FLAGS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "agent/cli/command_line.h"
#include "agent/runs/exit_code.h"

namespace rollcall {

struct ListFlags {
  int64_t limit = 20;
  std::string name;    // of a plan or a run, its id
  std::string reason;  // to cancel it
  bool all = false;
};

using ListAction = absl::StatusOr<ExitCode> (*)(const ListFlags&, CommandLine&);

// On the state of line.global.config.
absl::StatusOr<ExitCode> ListPlansHere(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ShowPlanHere(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ListRunsHere(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ShowRunHere(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> WatchRunHere(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> CancelRunHere(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ListSchedulesHere(const ListFlags& flags, CommandLine& line);

// Through the agent of line.global.server: the same output and exit codes.
absl::StatusOr<ExitCode> ListPlansOnServer(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ShowPlanOnServer(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ListRunsOnServer(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ShowRunOnServer(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> WatchRunOnServer(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> CancelRunOnServer(const ListFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ListSchedulesOnServer(const ListFlags& flags, CommandLine& line);

}  // namespace rollcall

#endif  // AGENT_CLI_LIST_FLAGS_H_
