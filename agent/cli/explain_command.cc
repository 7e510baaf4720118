// `rollcall explain`.
#include <memory>
#include <string>

#include "agent/cli/command_line.h"
#include "agent/render/explanation_document.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::StatusOr<ExitCode> RunExplain(const std::string& person, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  ASSIGN_OR_RETURN(const Export exported, session->ReadExport(std::nullopt, Session::Keep::kAll));
  ASSIGN_OR_RETURN(const Explanation explanation,
                   session->planning().Explain(exported, person, session->context()));
  session->progress().Clear();
  line.console.Print(ExplanationDocument(explanation, session->view(true)),
                     ToResource(explanation));
  ExitFacts facts;
  for (const ExplainedDirectory& directory : explanation.directories) {
    if (!directory.unreadable.empty()) facts.unreadable = true;
  }
  facts.failure = !explanation.known;
  return Decide(facts);
}

}  // namespace

void AddExplain(CLI::App& app, CommandLine& line) {
  auto person = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("explain",
                         "Everything about one person: the export's row, accounts, links and their "
                         "proof, entitlement, "
                         "holds, and what a plan would do and why; changes nothing");
  command->add_option("EMAIL", *person, "E-mail, user name or stable id")->required();
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->footer("Example:\n  rollcall explain ada@example.com");
  command->callback(
      [person, &line] { line.chosen = [person, &line] { return RunExplain(*person, line); }; });
}

}  // namespace rollcall
