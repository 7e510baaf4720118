// `rollcall adopt`: a group that a pattern took in becomes ours to remove members from (rule G7).
#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct AdoptFlags {
  std::string group;
  std::string directory;
};

absl::StatusOr<ExitCode> RunAdopt(const AdoptFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  if (!flags.directory.empty()) {
    RETURN_IF_ERROR(CheckDirectoryIds(session->spec(), {flags.directory}));
  }
  std::set<std::string> directories;
  for (const GroupRule& rule : session->spec().groups) {
    const bool wanted = flags.directory.empty() || rule.directory == flags.directory;
    if (wanted && rule.IsPattern() && GlobMatches(rule.export_name, flags.group)) {
      directories.insert(rule.directory);
    }
  }
  if (directories.empty()) {
    return Refuse(ExitCode::kUsage,
                  absl::StrCat("no pattern under `groups:` takes in ", flags.group,
                               flags.directory.empty() ? "" : " in " + flags.directory,
                               "; groups that are named there need no adoption"));
  }
  for (const std::string& directory : directories) {
    RETURN_IF_ERROR(
        session->store().memory().Adopt(directory, Fold(flags.group), session->runtime().Now()));
    line.console.Note(absl::StrCat("Adopted ", flags.group, " in ", directory,
                                   ": from the next plan on its members are those of the export."));
  }
  return ExitCode::kInStep;
}

}  // namespace

void AddAdopt(CLI::App& app, CommandLine& line) {
  auto flags = std::make_shared<AdoptFlags>();
  CLI::App* command = app.add_subcommand(
      "adopt", "Takes over a group that a pattern found: until then members are only added");
  command->add_option("GROUP", flags->group, "The group's name")->required();
  command->add_option("--directory", flags->directory, "Only in this one")
      ->check(NotEmpty())
      ->type_name("ID");
  command->footer("Example:\n  rollcall adopt eng-platform");
  command->callback(
      [flags, &line] { line.chosen = [flags, &line] { return RunAdopt(*flags, line); }; });
}

}  // namespace rollcall
