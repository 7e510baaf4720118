// `rollcall explain`.
#include <memory>
#include <string>

#include "agent/cli/command_line.h"
#include "agent/cli/remote_session.h"
#include "agent/render/explanation_document.h"
#include "agent/render/from_resources.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

ExitCode Show(const Explanation& explanation, const v1::Explanation& resource,
              const ViewOptions& view, Console& console) {
  console.Print(ExplanationDocument(explanation, view), resource);
  ExitFacts facts;
  for (const ExplainedDirectory& directory : explanation.directories) {
    if (!directory.unreadable.empty()) facts.unreadable = true;
  }
  facts.failure = !explanation.known;
  return Decide(facts);
}

absl::StatusOr<ExitCode> ExplainOnServer(const std::string& person, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RemoteSession> session,
                   RemoteSession::Open(line.global, line.console));
  ASSIGN_OR_RETURN(const v1::Explanation explanation,
                   session->agent().ExplainPerson(person, session->context()));
  return Show(FromResource(explanation), explanation, session->view(true), line.console);
}

absl::StatusOr<ExitCode> RunExplain(const std::string& person, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  ASSIGN_OR_RETURN(const Export exported, session->ReadExport(std::nullopt, Session::Keep::kAll));
  ASSIGN_OR_RETURN(const Explanation explanation,
                   session->planning().Explain(exported, person, session->context()));
  session->progress().Clear();
  return Show(explanation, ToResource(explanation), session->view(true), line.console);
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
  command->callback([person, &line] {
    line.chosen = [person, &line] { return RunExplain(*person, line); };
    line.chosen_remote = [person, &line] { return ExplainOnServer(*person, line); };
  });
}

}  // namespace rollcall
