// `rollcall plans`, `runs` and `schedules` on the local state.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/cli/list_flags.h"
#include "agent/cli/remote_work.h"
#include "agent/cli/session.h"
#include "agent/cli/show_plan.h"
#include "agent/daemon/schedule.h"
#include "agent/daemon/stored_resources.h"
#include "agent/render/list_documents.h"
#include "agent/render/resources.h"
#include "agent/render/run_document.h"
#include "agent/render/wording.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr absl::Duration kLook = absl::Milliseconds(500);

absl::StatusOr<std::unique_ptr<Session>> OpenState(CommandLine& line) {
  return Session::Open(line.global, line.console, Session::Scope::kState);
}

absl::StatusOr<RunHead> HeadOf(const std::string& run, Session& session) {
  absl::StatusOr<RunHead> head = session.store().runs().LoadHead(run);
  if (!absl::IsNotFound(head.status())) return head;
  return Refuse(ExitCode::kUsage, absl::StrCat("the state file knows no run ", run,
                                               "; `rollcall runs list` shows the runs"));
}

// Prints the run; the exit code is that of `apply`.
absl::StatusOr<ExitCode> PrintRun(const std::string& id, const ListFlags& flags, Session& session,
                                  Console& console) {
  ASSIGN_OR_RETURN(const RunRecord run, session.store().runs().Load(id));
  ASSIGN_OR_RETURN(const Plan plan, session.store().plans().Load(run.plan));
  v1::Run resource = ToResource(run, plan);
  ASSIGN_OR_RETURN(const RunHead head, session.store().runs().LoadHead(id));
  resource.set_requester(head.requester.name);
  resource.set_requester_role(head.requester.role);
  console.Print(RunDocument(run, plan, session.view(flags.all)), resource);
  return Decide(FactsOfApply(plan, RunExitCode(run)));
}

bool IsAtWork(RunState state) { return !HasEnded(state) && state != RunState::kInterrupted; }

}  // namespace

absl::StatusOr<ExitCode> ListPlansHere(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, OpenState(line));
  ASSIGN_OR_RETURN(const std::vector<PlanSummary> plans,
                   session->store().plans().List(flags.limit));
  v1::PlanList list;
  for (const PlanSummary& plan : plans) {
    v1::Plan* const added = list.add_plans();
    *added = ToResource(plan);
    ASSIGN_OR_RETURN(const bool stale,
                     LooksStale(plan, session->spec(), session->store(), session->runtime().Now()));
    if (stale) added->set_state(v1::Plan::STALE);
  }
  line.console.Print(PlansDocument(list), list);
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ShowPlanHere(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, OpenState(line));
  return ShowPlan(WithoutCollection(flags.name), "", flags.all, *session, line.console);
}

absl::StatusOr<ExitCode> ListRunsHere(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, OpenState(line));
  ASSIGN_OR_RETURN(const std::vector<RunSummary> runs, session->store().runs().List(flags.limit));
  v1::RunList list;
  for (const RunSummary& run : runs) {
    ASSIGN_OR_RETURN(const RunHead head, session->store().runs().LoadHead(run.id));
    *list.add_runs() = ToResource(head);
  }
  line.console.Print(RunsDocument(list), list);
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ShowRunHere(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, OpenState(line));
  const std::string id = WithoutCollection(flags.name);
  RETURN_IF_ERROR(HeadOf(id, *session).status());
  RETURN_IF_ERROR(PrintRun(id, flags, *session, line.console).status());
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> WatchRunHere(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, OpenState(line));
  const std::string id = WithoutCollection(flags.name);
  while (true) {
    // One whose process is gone stands still for ever: it is told as interrupted.
    RETURN_IF_ERROR(MarkInterruptedRuns(session->store(), session->runtime().Now()));
    ASSIGN_OR_RETURN(const RunHead head, HeadOf(id, *session));
    if (!IsAtWork(head.run.state)) break;
    const Stage stage =
        head.run.state == RunState::kVerifying ? Stage::kVerifying : Stage::kApplying;
    session->progress().Advance("all directories", stage, head.settled, head.changes);
    const absl::Status slept =
        session->runtime().SleepUntil(session->runtime().Now() + kLook, session->context());
    if (!slept.ok()) {
      session->progress().Clear();
      return WithExitCode(
          ExitCode::kPartial,
          absl::CancelledError(absl::StrCat("stopped watching; run ", id,
                                            " goes on: ", session->command(), " runs watch ", id)));
    }
  }
  session->progress().Clear();
  return PrintRun(id, flags, *session, line.console);
}

absl::StatusOr<ExitCode> CancelRunHere(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, OpenState(line));
  const std::string id = WithoutCollection(flags.name);
  RETURN_IF_ERROR(MarkInterruptedRuns(session->store(), session->runtime().Now()));
  ASSIGN_OR_RETURN(const RunHead head, HeadOf(id, *session));
  if (IsAtWork(head.run.state)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "run ", id, " is ", RunStateName(head.run.state), " in another process; stop it there: ",
        head.requester.name.empty()
            ? "with Ctrl-C"
            : absl::StrCat("`rollcall runs cancel ", id,
                           " --server ADDRESS` asks the agent that applies it")));
  }
  if (!HasEnded(head.run.state)) {
    RETURN_IF_ERROR(session->judging().CloseInterrupted(
        id,
        absl::StrCat("Cancelled on the command line", flags.reason.empty() ? "" : ": ",
                     flags.reason, ". What is open is for a new plan."),
        Applying::Closing::kRequested));
  }
  RETURN_IF_ERROR(PrintRun(id, flags, *session, line.console).status());
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ListSchedulesHere(const ListFlags&, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, OpenState(line));
  ASSIGN_OR_RETURN(const std::vector<Schedule> schedules, SchedulesOf(session->config().proto));
  ASSIGN_OR_RETURN(const std::vector<ScheduleRecord> records, session->store().schedules().List());
  std::map<std::string, ScheduleRecord> known;
  for (const ScheduleRecord& record : records) known[record.name] = record;
  std::map<std::string, v1::ScheduleStatus> by_name;  // as the agent lists them
  for (const Schedule& schedule : schedules) {
    by_name[schedule.name] = ToResource(ScheduleStatus{schedule, known[schedule.name], ""});
  }
  v1::ListSchedulesResponse list;
  for (const auto& [name, status] : by_name) *list.add_schedules() = status;
  line.console.Print(SchedulesDocument(list), list);
  return ExitCode::kInStep;
}

}  // namespace rollcall
