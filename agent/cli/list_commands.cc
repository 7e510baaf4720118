// `rollcall plans` and `rollcall runs`, on the local state.
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/cli/command_line.h"
#include "agent/cli/plan_file.h"
#include "agent/render/list_documents.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct ListFlags {
  int64_t limit = 20;
  std::string run;
  std::string server;
  bool all = false;
};

absl::Status OnlyLocal(const ListFlags& flags) {
  if (flags.server.empty()) return absl::OkStatus();
  return Refuse(ExitCode::kUsage,
                "--server is not in this build yet; without it the local state is read");
}

// As `show` says it. `plan` holds what the list shows; a plan that is too old is not loaded for it.
absl::StatusOr<bool> IsStale(const Plan& plan, Session& session) {
  if (!IsWaiting(plan)) return false;
  if (session.runtime().Now() - plan.create_time > session.spec().plan_max_age) return true;
  ASSIGN_OR_RETURN(const Plan whole, session.store().plans().Load(plan.id));
  return !session.judging().CheckFresh(whole).ok();
}

absl::StatusOr<ExitCode> ListPlans(const ListFlags& flags, CommandLine& line) {
  RETURN_IF_ERROR(OnlyLocal(flags));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  ASSIGN_OR_RETURN(const std::vector<PlanSummary> summaries,
                   session->store().plans().List(flags.limit));
  std::vector<Plan> plans;
  for (const PlanSummary& summary : summaries) {
    Plan& plan = plans.emplace_back();
    plan.id = summary.id;
    plan.state = summary.state;
    plan.etag = summary.etag;
    plan.create_time = summary.create_time;
    plan.counts = summary.counts;
    ASSIGN_OR_RETURN(const bool stale, IsStale(plan, *session));
    if (stale) plan.state = PlanState::kStale;
  }
  line.console.Print(PlansDocument(plans), ToResource(plans));
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ListRuns(const ListFlags& flags, CommandLine& line) {
  RETURN_IF_ERROR(OnlyLocal(flags));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  ASSIGN_OR_RETURN(const std::vector<RunSummary> summaries,
                   session->store().runs().List(flags.limit));
  std::vector<ListedRun> runs;
  for (const RunSummary& summary : summaries) {
    ASSIGN_OR_RETURN(RunRecord run, session->store().runs().Load(summary.id));
    runs.push_back({std::move(run), summary.changes});
  }
  line.console.Print(RunsDocument(runs), ToResource(runs));
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ShowRun(const ListFlags& flags, CommandLine& line) {
  RETURN_IF_ERROR(OnlyLocal(flags));
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session,
                   Session::Open(line.global, line.console, Session::Scope::kState));
  const absl::StatusOr<RunRecord> run = session->store().runs().Load(flags.run);
  if (absl::IsNotFound(run.status())) {
    return Refuse(ExitCode::kUsage, absl::StrCat("the state file knows no run ", flags.run,
                                                 "; `rollcall runs list` shows the runs"));
  }
  RETURN_IF_ERROR(run.status());
  ASSIGN_OR_RETURN(const Plan plan, session->store().plans().Load(run->plan));
  line.console.Print(RunDocument(*run, plan, session->view(flags.all)), ToResource(*run, plan));
  return ExitCode::kInStep;
}

using ListAction = absl::StatusOr<ExitCode> (*)(const ListFlags&, CommandLine&);

CLI::App* Declare(CLI::App& parent, CommandLine& line, const std::shared_ptr<ListFlags>& flags,
                  const std::string& name, const std::string& help, ListAction action) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("--server", flags->server, "Ask a running agent; not in this build yet")
      ->check(NotEmpty())
      ->type_name("ADDRESS");
  AddFormat(*command, line.console, {"text", "json", "markdown", "html"});
  command->callback(
      [flags, action, &line] { line.chosen = [=, &line] { return action(*flags, line); }; });
  return command;
}

constexpr int64_t kMaxListed = 1'000'000;

void AddLimit(CLI::App& command, ListFlags& flags) {
  command.add_option("--limit", flags.limit, "How many")
      ->check(CLI::Range(int64_t{1}, kMaxListed))
      ->capture_default_str();
}

absl::StatusOr<ExitCode> NotYet(const ListFlags&, CommandLine&) {
  return Refuse(
      ExitCode::kUsage,
      "this needs a running agent, which is not in this build yet; Ctrl-C stops an apply, "
      "and `rollcall runs list` shows where it stands");
}

}  // namespace

void AddRunsAndPlans(CLI::App& app, CommandLine& line) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* runs = app.add_subcommand("runs", "What was applied");
  runs->require_subcommand(1);
  runs->footer("Example:\n  rollcall runs list");
  CLI::App* list = Declare(*runs, line, flags, "list", "The newest runs, newest first", ListRuns);
  AddLimit(*list, *flags);
  list->footer("Example:\n  rollcall runs list --limit 5");
  CLI::App* show = Declare(*runs, line, flags, "show", "One run with its outcomes", ShowRun);
  show->add_option("RUN", flags->run, "Its id")->required();
  show->add_flag("--all", flags->all, "Show every outcome, not the first 50 of each");
  show->footer("Example:\n  rollcall runs show r-0123456789abcdef");
  for (const char* name : {"watch", "cancel"}) {
    CLI::App* later =
        Declare(*runs, line, flags, name, "Needs a running agent; not in this build yet", NotYet);
    later->add_option("RUN", flags->run, "Its id");
    later->footer(absl::StrCat("Example:\n  rollcall runs ", name, " r-0123456789abcdef"));
  }
  CLI::App* plans = app.add_subcommand("plans", "What was planned");
  plans->require_subcommand(1);
  plans->footer("Example:\n  rollcall plans list");
  CLI::App* plan_list =
      Declare(*plans, line, flags, "list", "The newest plans, newest first", ListPlans);
  AddLimit(*plan_list, *flags);
  plan_list->footer("Example:\n  rollcall plans list --limit 5");
}

}  // namespace rollcall
