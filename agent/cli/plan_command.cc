// `rollcall plan`.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/cli/plan_file.h"
#include "agent/cli/plan_flags.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

void PrintPlan(const Planned& planned, const ViewOptions& view, Console& console) {
  if (console.format() == Format::kJson) {
    console.PrintRaw(planned.document);
  } else {
    console.Print(PlanDocument(planned.plan, view), ToResource(planned.plan));
  }
}

absl::StatusOr<ExitCode> RunPlan(const PlanFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  RETURN_IF_ERROR(CheckDirectoryIds(session->spec(), flags.directories));
  if (!flags.out.empty()) {
    RETURN_IF_ERROR(WithExitCode(ExitCode::kUsage, CheckPlanFile(flags.out)));
  }
  RETURN_IF_ERROR(MarkInterruptedRuns(session->store(), session->runtime().Now()));
  PlanRequest request;
  request.directories = flags.directories;
  std::optional<std::string> other;
  if (!flags.exported.empty()) {
    other = flags.exported;
    request.origin = ExportOrigin::kOther;
  }
  ASSIGN_OR_RETURN(const Export exported, session->ReadExport(other, Session::Keep::kNeeded));
  ASSIGN_OR_RETURN(const Planned planned,
                   session->planning().Make(exported, request, session->context()));
  session->progress().Clear();
  PrintPlan(planned, session->view(flags.all), line.console);
  ExitFacts facts = FactsOfPlan(planned.plan);
  facts.failure = !WriteOut(flags.out, planned.plan.id, planned.document, line.console);
  return Decide(facts);
}

}  // namespace

bool WriteOut(const std::string& out, const std::string& id, const std::string& document,
              Console& console) {
  if (out.empty()) return true;
  const absl::Status written = WritePlanFile(out, document);
  if (written.ok()) return true;
  console.Error(Annotate(written, absl::StrCat("plan ", id,
                                               " is stored in the state and can be applied by its "
                                               "id, but not in the file")));
  return false;
}

void AddPlan(CLI::App& app, CommandLine& line) {
  auto flags = std::make_shared<PlanFlags>();
  CLI::App* command = app.add_subcommand(
      "plan", "Reads the export and the directories and shows what would change; changes nothing");
  command
      ->add_option("--export", flags->exported,
                   "Plan for this export instead; it never becomes what later ones are compared "
                   "with")
      ->check(NotEmpty())
      ->type_name("FILE");
  AddRepeated(*command, "--directory", flags->directories,
              "Only this one, with what it provisions or is provisioned by; may be repeated")
      ->type_name("ID");
  command->add_option("--out", flags->out, "Also write the plan as JSON to this file (mode 0600)")
      ->check(NotEmpty())
      ->type_name("FILE");
  command->add_flag("--all", flags->all, "Show every change and finding, not the first 50 of each");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->footer(
      "Example:\n  rollcall plan --out plan.json\n\nExit codes: 0 in step, 2 changes or findings "
      "are pending, 3 a guard blocks, 6 something\ncould not be read, 7 usage.");
  command->callback([flags, &line] {
    line.chosen = [flags, &line] { return RunPlan(*flags, line); };
    line.chosen_remote = [flags, &line] { return PlanOnServer(*flags, line); };
  });
}

}  // namespace rollcall
