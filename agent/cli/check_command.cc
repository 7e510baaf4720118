// `rollcall check`.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/cli/command_line.h"
#include "agent/render/check_document.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

void CheckDirectories(Session& session, CheckResults& results) {
  const std::map<std::string, DirectoryReader*> readers = session.wiring().readers();
  for (const DirectorySpec& spec : session.spec().directories) {
    results.directories.emplace_back(spec, DirectoryCheck());
  }
  std::vector<std::function<void()>> tasks;
  for (auto& [spec, check] : results.directories) {
    DirectoryReader* reader = readers.at(spec.id);
    DirectoryCheck* out = &check;
    tasks.emplace_back([reader, out, &session] { *out = reader->Check(session.context()); });
  }
  session.runtime().RunAll(std::move(tasks));
}

// Who is whose is in the state file; nothing is saved there.
absl::StatusOr<ExitCode> RunCheck(bool accounts, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console,
                                 accounts ? Session::Scope::kStateAndDirectories
                                          : Session::Scope::kDirectoriesOnly));
  CheckResults results;
  results.configuration = session->config().file;
  results.warnings = ConfigWarnings(session->config().proto);
  for (std::string& warning : AllSecretWarnings(session->config())) {
    results.warnings.push_back(std::move(warning));
  }
  for (std::string& warning : StateFileWarnings(session->config().StatePath())) {
    results.warnings.push_back(std::move(warning));
  }
  CheckDirectories(*session, results);
  const absl::StatusOr<Export> exported = session->ReadExport(std::nullopt, Session::Keep::kNeeded);
  if (exported.ok()) {
    results.exported = Summarize(*exported);
  } else {
    results.exported.fault = std::string(exported.status().message());
  }
  if (accounts && exported.ok()) {
    ASSIGN_OR_RETURN(Planning::Accounts odd,
                     session->planning().FindOddAccounts(*exported, session->context()));
    results.accounts = CheckedAccounts{std::move(odd.report), std::move(odd.unreadable)};
  }
  session->progress().Clear();
  line.console.Print(CheckDocument(results, session->view(false)), ToResource(results));
  ExitFacts facts;
  facts.unreadable =
      !exported.ok() || (results.accounts.has_value() && !results.accounts->unreadable.empty());
  facts.failure = results.faults() > 0;
  return Decide(facts);
}

}  // namespace

void AddCheck(CLI::App& app, CommandLine& line) {
  auto accounts = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand(
      "check",
      "Reads the configuration and the export, signs in to every directory and says what Rollcall "
      "may do there; writes nothing");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->add_flag("--accounts", *accounts,
                    "Also reads all directories and tells of accounts that are half-gone or not as "
                    "they should be, person by person (makes the state file where there is none)");
  command->footer("Example:\n  rollcall --config rollcall.yaml check\n  rollcall check --accounts");
  command->callback(
      [accounts, &line] { line.chosen = [accounts, &line] { return RunCheck(*accounts, line); }; });
}

}  // namespace rollcall
