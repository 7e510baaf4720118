// `rollcall show`.
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/cli/plan_file.h"
#include "agent/cli/show_plan.h"
#include "agent/render/plan_document.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "agent/runs/plan_resource.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct ShowFlags {
  std::string what;
  std::string person;
  bool all = false;
};

absl::StatusOr<ExitCode> ShowRun(const ShowFlags& flags, Session& session, Console& console) {
  absl::StatusOr<RunRecord> run = session.store().runs().Load(flags.what);
  if (absl::IsNotFound(run.status())) {
    return Refuse(ExitCode::kUsage, absl::StrCat("the state file knows no run ", flags.what,
                                                 "; `rollcall runs list` shows the runs"));
  }
  RETURN_IF_ERROR(run.status());
  ASSIGN_OR_RETURN(Plan plan, session.store().plans().Load(run->plan));
  if (!flags.person.empty()) plan = OnlyPerson(plan, flags.person);
  console.Print(RunDocument(*run, plan, session.view(flags.all)), ToResource(*run, plan));
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> RunShow(const ShowFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  if (IsId('r', flags.what)) return ShowRun(flags, *session, line.console);
  return ShowPlan(flags.what, flags.person, flags.all, *session, line.console);
}

}  // namespace

absl::StatusOr<ExitCode> ShowPlan(const std::string& what, const std::string& person, bool all,
                                  Session& session, Console& console) {
  ASSIGN_OR_RETURN(const std::string id, FindPlan(what, session.store()));
  absl::StatusOr<Plan> plan = session.store().plans().Load(id);
  if (absl::IsNotFound(plan.status())) {
    return Refuse(ExitCode::kUsage, absl::StrCat("the state file knows no plan ", id,
                                                 "; `rollcall plans list` shows the plans"));
  }
  RETURN_IF_ERROR(plan.status());
  const bool waits = IsWaiting(*plan);
  const PlanState saved = plan->state;
  if (waits) {
    const absl::Status fresh = session.judging().CheckFresh(*plan);
    if (!fresh.ok()) {
      console.Warn(fresh.message());
      plan->state = PlanState::kStale;
    }
  }
  if (person.empty() && console.format() == Format::kJson && waits && plan->state == saved) {
    ASSIGN_OR_RETURN(const std::string document, session.store().plans().LoadDocument(id));
    console.PrintRaw(document);
    return ExitCode::kInStep;
  }
  if (!person.empty()) {
    const size_t total = plan->changes.size();
    *plan = OnlyPerson(*plan, person);
    console.Note(absl::StrCat("Only what concerns ", person, ": ", plan->changes.size(), " of ",
                              total, " changes."));
  }
  ASSIGN_OR_RETURN(const PlanSummary summary, session.store().plans().Summary(id));
  console.Print(PlanDocument(*plan, session.view(all)), ToResource(*plan, summary.requester));
  return ExitCode::kInStep;
}

void AddShow(CLI::App& app, CommandLine& line) {
  auto flags = std::make_shared<ShowFlags>();
  CLI::App* command = app.add_subcommand("show", "Shows a saved plan, stale ones too, or a run");
  command->add_option("PLAN|RUN", flags->what, "A plan's file or id, or a run's id")->required();
  command->add_option("--person", flags->person, "Only what concerns this person")
      ->check(NotEmpty())
      ->type_name("EMAIL");
  command->add_flag("--all", flags->all, "Show everything, not the first 50 of each");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->footer("Example:\n  rollcall show plan.json --person ada@example.com");
  command->callback(
      [flags, &line] { line.chosen = [flags, &line] { return RunShow(*flags, line); }; });
}

}  // namespace rollcall
