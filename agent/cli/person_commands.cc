// `rollcall deactivate` and `rollcall activate`: one person, in every directory, now; here or
// through a running agent.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "agent/cli/command_line.h"
#include "agent/cli/remote_session.h"
#include "agent/cli/until.h"
#include "agent/render/person_document.h"
#include "agent/render/resources.h"
#include "agent/runs/person_work.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct Flags {
  Hold::Kind kind = Hold::Kind::kDeactivated;
  std::string person;
  std::string reason;
  std::string until;
  bool no_export = false;
};

class ConsoleTeller final : public PersonTeller {
 public:
  ConsoleTeller(Console& console, ProgressDisplay& progress)
      : console_(console), progress_(progress) {}
  void Note(absl::string_view sentence) override {
    progress_.Clear();
    console_.Note(sentence);
  }
  void Warn(absl::string_view sentence) override {
    progress_.Clear();
    console_.Warn(sentence);
  }

 private:
  Console& console_;
  ProgressDisplay& progress_;
};

absl::StatusOr<PersonOrder> OrderOf(const Flags& flags, absl::Time now) {
  PersonOrder order{.kind = flags.kind,
                    .person = flags.person,
                    .reason = flags.reason,
                    .until = std::nullopt,
                    .without_export = flags.no_export};
  if (!flags.until.empty()) {
    ASSIGN_OR_RETURN(order.until, ParseUntil(flags.until, now));
  }
  return order;
}

ExitCode Show(const PersonReport& report, const v1::PersonReport& resource, const ViewOptions& view,
              Console& console) {
  // As JSON what programs know: the run, or the plan where nothing was to be done.
  const google::protobuf::Message* message = &resource.plan();
  if (resource.has_run()) message = &resource.run();
  console.Print(PersonDocument(report, view), *message);
  for (const std::string& warning : report.warnings) console.Warn(warning);
  for (const std::string& note : report.notes) console.Note(note);
  return static_cast<ExitCode>(report.exit_code);
}

absl::StatusOr<std::optional<RunRecord>> Apply(const Plan& plan, Session& session) {
  Applying applying = session.applying(nullptr);
  ASSIGN_OR_RETURN(const Preparation ready, applying.Prepare(plan.id, {}));
  if (ready.nothing_to_do()) return std::optional<RunRecord>();
  ASSIGN_OR_RETURN(RunRecord run, applying.Execute(ready, session.context()));
  return std::optional<RunRecord>(std::move(run));
}

absl::StatusOr<ExitCode> RunHere(const Flags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kStateAndDirectories));
  ASSIGN_OR_RETURN(const PersonOrder order, OrderOf(flags, session->runtime().Now()));
  Planning planning = session->planning();
  PersonWork work(
      {.store = session->store(),
       .runtime = session->runtime(),
       .planning = planning,
       .readers = session->wiring().readers(),
       .read_export = [&] { return session->ReadExport(std::nullopt, Session::Keep::kNeeded); },
       .apply = [&](const Plan& plan) { return Apply(plan, *session); },
       .command = session->command(),
       .requester = {}});
  ConsoleTeller teller(line.console, session->progress());
  const absl::StatusOr<PersonReport> report = work.Do(order, teller, session->context());
  session->progress().Clear();
  RETURN_IF_ERROR(report.status());
  return Show(*report, ToResource(*report), session->view(true), line.console);
}

absl::StatusOr<v1::PersonReport> AskServer(const PersonOrder& order, RemoteSession& session,
                                           Console& console) {
  const auto tell = [&console](const std::string& sentence) { console.Note(sentence); };
  if (order.kind == Hold::Kind::kActivated) {
    v1::ActivatePersonRequest request;
    request.set_person(order.person);
    request.set_reason(order.reason);
    if (order.until.has_value()) SetTimestamp(*order.until, request.mutable_end_time());
    return session.agent().ActivatePerson(request, tell, session.context());
  }
  v1::DeactivatePersonRequest request;
  request.set_person(order.person);
  request.set_reason(order.reason);
  if (order.until.has_value()) SetTimestamp(*order.until, request.mutable_end_time());
  request.set_without_export(order.without_export);
  return session.agent().DeactivatePerson(request, tell, session.context());
}

absl::StatusOr<ExitCode> RunOnServer(const Flags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RemoteSession> session,
                   RemoteSession::Open(line.global, line.console));
  ASSIGN_OR_RETURN(const PersonOrder order, OrderOf(flags, session->runtime().Now()));
  const absl::StatusOr<v1::PersonReport> report = AskServer(order, *session, line.console);
  if (absl::IsCancelled(report.status()) && session->context().stopped()) {
    return WithExitCode(ExitCode::kPartial,
                        absl::CancelledError("stopped waiting; the agent goes on with what it was "
                                             "asked for. The same command shows how it ended"));
  }
  RETURN_IF_ERROR(report.status());
  return Show(FromResource(*report), *report, session->view(true), line.console);
}

CLI::App* Declare(CLI::App& app, CommandLine& line, const std::shared_ptr<Flags>& flags,
                  const std::string& name, const std::string& help) {
  CLI::App* command = app.add_subcommand(name, help);
  command
      ->add_option("EMAIL", flags->person,
                   "The person: e-mail, user name, stable id, or an account's id")
      ->required();
  command->add_option("--reason", flags->reason, "Why; kept with the hold")
      ->required()
      ->type_name("TEXT");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->callback([flags, &line] {
    line.chosen = [flags, &line] { return RunHere(*flags, line); };
    line.chosen_remote = [flags, &line] { return RunOnServer(*flags, line); };
  });
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
      ->check(NotEmpty())
      ->type_name("TIME");
  deactivate->add_flag("--no-export", out->no_export,
                       "For an emergency without the identity provider: goes by recorded links "
                       "alone; recorded as such");
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
