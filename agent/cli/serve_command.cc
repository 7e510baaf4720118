// `rollcall serve`: not in this build yet.
#include "agent/cli/command_line.h"
#include "agent/runs/refusal.h"

namespace rollcall {

void AddServe(CLI::App& app, CommandLine& line) {
  CLI::App* command =
      app.add_subcommand("serve", "The daemon: gRPC, schedules, metrics; not in this build yet");
  command->footer("Example:\n  rollcall serve");
  command->callback([&line] {
    line.chosen = []() -> absl::StatusOr<ExitCode> {
      return Refuse(ExitCode::kUsage,
                    "`serve` is not in this build yet; until it is, call `rollcall plan` and "
                    "`rollcall apply --plan-now --yes` from a timer");
    };
  });
}

}  // namespace rollcall
