#include "agent/cli/command_line.h"

#include <exception>
#include <iostream>
#include <sstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/version.h"

namespace rollcall {
namespace {

void AddAll(CLI::App& app, CommandLine& line) {
  AddCheck(app, line);
  AddPlan(app, line);
  AddApply(app, line);
  AddShow(app, line);
  AddExplain(app, line);
  AddDeactivateAndActivate(app, line);
  AddLinks(app, line);
  AddHolds(app, line);
  AddAdopt(app, line);
  AddScimLinks(app, line);
  AddRunsAndPlans(app, line);
  AddServe(app, line);
}

void AddServerOptions(CLI::App& app, ServerOptions& server) {
  constexpr char kGroup[] = "A running agent, in place of the local state";
  const auto add = [&app, &kGroup](const char* name, std::string& value, const char* help,
                                   const char* type) {
    return app.add_option(name, value, help)->type_name(type)->check(NotEmpty())->group(kGroup);
  };
  add("--server", server.address, "Ask the agent that `rollcall serve` runs there", "ADDRESS");
  add("--server-ca", server.ca, "Who may have signed its certificate (PEM)", "FILE");
  add("--client-cert", server.certificate, "This caller's certificate (PEM)", "FILE");
  add("--client-key", server.key, "Its key (PEM)", "FILE");
  add("--token-file", server.token_file, "Holds this caller's bearer token", "FILE");
}

// CLI11 says only that a command is missing, not what stands in its place.
std::string UnknownWord(const CLI::App& app) {
  const CLI::App* chosen = &app;
  std::string path;
  while (!chosen->get_subcommands().empty()) {
    chosen = chosen->get_subcommands().front();
    absl::StrAppend(&path, chosen->get_name(), " ");
  }
  const std::vector<std::string> words = app.remaining(true);
  if (chosen->get_require_subcommand_min() == 0 || words.empty()) return "";
  return absl::StrCat("there is no ", absl::StartsWith(words[0], "-") ? "option" : "command", " \"",
                      path, words[0], "\"");
}

// Help and version are "errors" of CLI11 that end well; everything else is usage.
ExitCode ParseFailed(const CLI::App& app, const CLI::ParseError& error, Console& console) {
  std::ostringstream out;
  std::ostringstream err;
  if (app.exit(error, out, err) == 0) {
    console.PrintRaw(out.str());
    return ExitCode::kInStep;
  }
  const std::string unknown = UnknownWord(app);
  console.Note(absl::StrCat("rollcall: ", unknown.empty() ? error.what() : unknown,
                            "\n`rollcall --help` lists the commands, `rollcall COMMAND --help` "
                            "says how to use one."));
  return ExitCode::kUsage;
}

// A running agent is asked by every option that says how; the address says which.
absl::StatusOr<ExitCode> RunChosen(const CommandLine& line) {
  const ServerOptions& server = line.global.server;
  if (server.address.empty()) {
    if (server == ServerOptions()) return line.chosen();
    return Refuse(ExitCode::kUsage,
                  "--server-ca, --client-cert, --client-key and --token-file say how to ask a "
                  "running agent; name it with --server ADDRESS");
  }
  if (line.chosen_remote) return line.chosen_remote();
  return Refuse(ExitCode::kUsage,
                "this command works on the local configuration and state only; run it, without "
                "--server, where the agent runs");
}

ExitCode Run(const CommandLine& line) {
  const absl::StatusOr<ExitCode> code = RunChosen(line);
  if (code.ok()) return *code;
  line.console.Error(code.status());
  return ExitCodeOf(code.status());
}

}  // namespace

ExitCode RunCommandLine(int argc, const char* const* argv, Console& console) {
  CLI::App app(
      "Keeps directories in step with an identity provider: plans the smallest set of "
      "changes, applies it safely, and proves that it held.",
      "rollcall");
  CommandLine line{.global = {}, .console = console, .chosen = nullptr, .chosen_remote = nullptr};
  if (argc > 0 && absl::StrContains(argv[0], "/")) line.global.program = argv[0];
  app.set_version_flag("--version", absl::StrCat("rollcall ", kRollcallVersion));
  app.add_option("--config", line.global.config, "The configuration")
      ->type_name("FILE")
      ->check(NotEmpty())
      ->capture_default_str();
  AddServerOptions(app, line.global.server);
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Example:\n  rollcall check && rollcall plan\n\nExit codes: 0 in step, 1 failure, 2 changes "
      "are pending, 3 a guard blocks,\n4 applied in part, 5 the plan is stale, 6 something could "
      "not be read, 7 usage.");
  AddAll(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return ParseFailed(app, error, console);
  }
  try {
    return Run(line);
  } catch (const std::exception& error) {  // out of memory, at most
    console.Error(absl::InternalError(error.what()));
    return ExitCode::kFailure;
  }
}

void AddFormat(CLI::App& command, Console& console, const std::vector<std::string>& formats) {
  command
      .add_option_function<std::string>(
          "--format",
          [&console](const std::string& format) {
            console.set_format(format == "json"       ? Format::kJson
                               : format == "markdown" ? Format::kMarkdown
                               : format == "html"     ? Format::kHtml
                                                      : Format::kText);
          },
          absl::StrCat("How to print: ", absl::StrJoin(formats, ", ")))
      ->check(CLI::IsMember(formats))
      ->type_name("FORMAT")
      ->default_str("text");
}

CLI::Validator NotEmpty() {
  return CLI::Validator(
      [](const std::string& value) {
        return std::string(value.empty() ? "is empty; leave it out, or name something" : "");
      },
      "", "NOT_EMPTY");
}

CLI::Option* AddRepeated(CLI::App& command, const std::string& name,
                         std::vector<std::string>& values, const std::string& help) {
  return command.add_option(name, values, help)
      ->allow_extra_args(false)
      ->expected(1)
      ->check(NotEmpty())
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

absl::Status CheckDirectoryIds(const Spec& spec, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (spec.FindDirectory(id) != nullptr) continue;
    std::vector<std::string> known;
    for (const DirectorySpec& directory : spec.directories) known.push_back(directory.id);
    return Refuse(ExitCode::kUsage, absl::StrCat("the configuration has no directory ", id,
                                                 "; it has: ", absl::StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

}  // namespace rollcall
