// What `rollcall plan` and `rollcall apply` were asked for, on the local state or through a running
// agent. Values.
#ifndef AGENT_CLI_PLAN_FLAGS_H_
#define AGENT_CLI_PLAN_FLAGS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/cli/command_line.h"
#include "agent/runs/exit_code.h"
#include "reconciler/apply/outcome.h"

namespace rollcall {

struct PlanFlags {
  std::string exported;
  std::vector<std::string> directories;
  std::string out;
  bool all = false;
};

struct ApplyFlags {
  std::string plan;
  bool plan_now = false;
  std::vector<std::string> waive;
  std::vector<std::string> reasons;
  bool yes = false;
  bool all = false;
  std::string verify = "touched";

  std::vector<Waiver> Waivers() const;  // each guard with its reason
};

// `plan` and `apply` through the agent of line.global.server: the same output and exit codes.
absl::StatusOr<ExitCode> PlanOnServer(const PlanFlags& flags, CommandLine& line);
absl::StatusOr<ExitCode> ApplyOnServer(const ApplyFlags& flags, CommandLine& line);

// True: the plan is in the file `out`, or none was asked for. Else the plan is not lost, and why it
// is not there has been said.
bool WriteOut(const std::string& out, const std::string& id, const std::string& document,
              Console& console);

// Asks, on the terminal, whether the plan is to be applied; shown first, so that nobody agrees to
// what he has not seen. Exit code 7: there is no terminal.
absl::StatusOr<bool> Agreed(const Plan& plan, const ViewOptions& view, Console& console);
// What somebody who did not agree is told.
ExitCode Declined(const Plan& plan, Console& console);

}  // namespace rollcall

#endif  // AGENT_CLI_PLAN_FLAGS_H_
