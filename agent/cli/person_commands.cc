// `rollcall deactivate` and `rollcall activate`: one person, in every directory, now. The hold is
// recorded before anything is done, so that no later plan undoes it, even if applying fails.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/cli/person_lookup.h"
#include "agent/cli/refusal.h"
#include "agent/cli/until.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "agent/render/wording.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct Flags {
  Hold::Kind kind = Hold::Kind::kDeactivated;
  std::string email;
  std::string reason;
  std::string until;
};

bool IsOf(const Hold& hold, const Hold& person) {
  return person.person.empty() ? FoldedEquals(hold.email, person.email)
                               : hold.person == person.person;
}

// Records the hold unless the same one is in force already. Never piles up when repeated.
absl::Status RecordHold(const Hold& hold, Session& session, Console& console) {
  const absl::Time now = session.runtime().Now();
  ASSIGN_OR_RETURN(const std::vector<Hold> in_force, session.store().holds().InForce(now));
  for (const Hold& other : in_force) {
    if (!IsOf(other, hold)) continue;
    if (other.kind != hold.kind && hold.kind == Hold::Kind::kActivated) {
      return Refuse(ExitCode::kFailure,
                    absl::StrCat("hold ", other.id, " keeps ", hold.email, " out (", other.reason,
                                 "), and what keeps out wins; end it first: ", session.command(),
                                 " holds end ", other.id));
    }
    if (other.kind == hold.kind && other.until == hold.until) {
      console.Note(absl::StrCat("Hold ", other.id, " says so already."));
      return absl::OkStatus();
    }
  }
  ASSIGN_OR_RETURN(const int64_t id, session.store().holds().Add(hold));
  console.Note(absl::StrCat(
      "Recorded hold ", id, ": ", hold.email,
      hold.kind == Hold::Kind::kDeactivated ? " stays out" : " stays in",
      hold.until.has_value() ? absl::StrCat(" until ", Stamp(*hold.until)) : " until it is ended",
      ". To end it: ", session.command(), " holds end ", id));
  return absl::OkStatus();
}

absl::StatusOr<Hold> MakeHold(const Flags& flags, Session& session) {
  Hold hold;
  hold.kind = flags.kind;
  hold.email = flags.email;
  hold.reason = flags.reason;
  hold.created = session.runtime().Now();
  if (flags.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Refuse(ExitCode::kUsage, "--reason needs a text that says why");
  }
  if (!flags.until.empty()) {
    ASSIGN_OR_RETURN(hold.until, ParseUntil(flags.until, hold.created));
  }
  return hold;
}

absl::StatusOr<ExitCode> Apply(const Plan& plan, Session& session, Console& console) {
  Applying applying = session.applying(nullptr);
  ASSIGN_OR_RETURN(const Preparation ready, applying.Prepare(plan.id, {}));
  if (ready.nothing_to_do()) {
    console.Print(PlanDocument(plan, session.view(true)), ToResource(plan));
    return Decide(FactsOfApply(plan, 0));
  }
  ASSIGN_OR_RETURN(const RunRecord run, applying.Execute(ready, session.context()));
  session.progress().Clear();
  console.Print(RunDocument(run, ready.plan, session.view(true)), ToResource(run, ready.plan));
  return Decide(FactsOfApply(ready.plan, RunExitCode(run)));
}

absl::StatusOr<ExitCode> Run(const Flags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  ASSIGN_OR_RETURN(Hold hold, MakeHold(flags, *session));
  const absl::StatusOr<Export> exported = session->ReadExport(std::nullopt, Session::Keep::kNeeded);
  PlanRequest request;
  request.only_person = flags.email;
  if (exported.ok()) {
    ASSIGN_OR_RETURN(const std::optional<PersonIndex> person, FindPerson(*exported, flags.email));
    if (person.has_value()) {
      hold.person = std::string(exported->people[*person].id);
      request.only_person = hold.person;
    } else {
      line.console.Warn(absl::StrCat("the export does not know ", flags.email,
                                     "; accounts of that name or e-mail are meant"));
    }
  }
  RETURN_IF_ERROR(RecordHold(hold, *session, line.console));
  RETURN_IF_ERROR(exported.status());
  RETURN_IF_ERROR(MarkInterruptedRuns(session->store()));
  ASSIGN_OR_RETURN(const Planned planned,
                   session->planning().Make(*exported, request, session->context()));
  session->progress().Clear();
  if (planned.plan.state == PlanState::kBlocked) {
    line.console.Print(PlanDocument(planned.plan, session->view(true)), ToResource(planned.plan));
    return Decide(FactsOfPlan(planned.plan));
  }
  return Apply(planned.plan, *session, line.console);
}

CLI::App* Declare(CLI::App& app, CommandLine& line, const std::shared_ptr<Flags>& flags,
                  const std::string& name, const std::string& help) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("EMAIL", flags->email, "The person: e-mail, user name or stable id")
      ->required();
  command->add_option("--reason", flags->reason, "Why; kept with the hold")
      ->required()
      ->type_name("TEXT");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->callback([flags, &line] { line.chosen = [flags, &line] { return Run(*flags, line); }; });
  return command;
}

}  // namespace

void AddDeactivateAndActivate(CLI::App& app, CommandLine& line) {
  auto out = std::make_shared<Flags>();
  CLI::App* deactivate =
      Declare(app, line, out, "deactivate",
              "Deactivates one person in every directory, now, and holds it against the export");
  deactivate
      ->add_option("--until", out->until, "When the hold ends; default: when it is ended by hand")
      ->type_name("TIME");
  deactivate->footer(
      "Example:\n  rollcall deactivate ada@example.com --reason \"ticket 17: laptop stolen\"");
  auto in = std::make_shared<Flags>();
  in->kind = Hold::Kind::kActivated;
  CLI::App* activate = Declare(app, line, in, "activate",
                               "Activates one person in every directory, now, for some time");
  activate->add_option("--until", in->until, "When the exception ends")
      ->required()
      ->type_name("TIME");
  activate->footer(
      "Example:\n  rollcall activate ada@example.com --until 7d --reason \"ticket 18: handover\"");
}

}  // namespace rollcall
