// The command line: parses arguments, runs one command and gives its exit code. Each command is one
// file that declares its options, its help with an example, and what it does.
#ifndef AGENT_CLI_COMMAND_LINE_H_
#define AGENT_CLI_COMMAND_LINE_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "agent/cli/console.h"
#include "agent/cli/session.h"
#include "agent/runs/exit_code.h"

namespace rollcall {

// What the commands share while arguments are parsed.
struct CommandLine {
  GlobalOptions global;
  Console& console;
  using Action = std::function<absl::StatusOr<ExitCode>()>;
  // Set by the command that was chosen, run after parsing.
  Action chosen;
  // The same through a running agent (`--server`); none: the command needs the local state.
  Action chosen_remote = nullptr;
};

// Never throws. Usage errors are 7, help and version 0.
ExitCode RunCommandLine(int argc, const char* const* argv, Console& console);

// One for each command; all are called by RunCommandLine.
void AddCheck(CLI::App& app, CommandLine& line);
void AddPlan(CLI::App& app, CommandLine& line);
void AddApply(CLI::App& app, CommandLine& line);
void AddShow(CLI::App& app, CommandLine& line);
void AddExplain(CLI::App& app, CommandLine& line);
void AddDeactivateAndActivate(CLI::App& app, CommandLine& line);
void AddLinks(CLI::App& app, CommandLine& line);
void AddHolds(CLI::App& app, CommandLine& line);
void AddAdopt(CLI::App& app, CommandLine& line);
void AddScimLinks(CLI::App& app, CommandLine& line);
void AddRunsAndPlans(CLI::App& app, CommandLine& line);
void AddServe(CLI::App& app, CommandLine& line);

// `--format` with the formats that a command has: "text", "json", and so on.
void AddFormat(CLI::App& command, Console& console, const std::vector<std::string>& formats);

// An empty value, such as that of a variable that is not set, must not count as one left out.
CLI::Validator NotEmpty();

// A value must not start with a dash by mistake, and takes one word: `--waive A --waive B`.
CLI::Option* AddRepeated(CLI::App& command, const std::string& name,
                         std::vector<std::string>& values, const std::string& help);

// Refuses (7) ids that the configuration does not have.
absl::Status CheckDirectoryIds(const Spec& spec, const std::vector<std::string>& ids);

}  // namespace rollcall

#endif  // AGENT_CLI_COMMAND_LINE_H_
