// `rollcall plans`, `runs` and `schedules` through a running agent.
#include "agent/cli/list_flags.h"
#include "agent/cli/remote_work.h"
#include "agent/render/from_resources.h"
#include "agent/render/list_documents.h"
#include "agent/render/plan_document.h"
#include "agent/render/run_document.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// The run, and the plan that its document needs.
absl::Status PrintRun(const std::string& id, bool all, RemoteSession& session, Console& console) {
  ASSIGN_OR_RETURN(const v1::Run run, session.agent().LoadRun(id, session.context()));
  ASSIGN_OR_RETURN(const v1::Plan plan, session.agent().LoadPlan(run.plan(), session.context()));
  console.Print(RunDocument(FromResource(run), FromResource(plan), session.view(all)), run);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ExitCode> ListPlansOnServer(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const auto session, RemoteSession::Open(line.global, line.console));
  ASSIGN_OR_RETURN(const v1::PlanList plans,
                   session->agent().ListPlans(flags.limit, session->context()));
  line.console.Print(PlansDocument(plans), plans);
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ShowPlanOnServer(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const auto session, RemoteSession::Open(line.global, line.console));
  ASSIGN_OR_RETURN(const v1::Plan plan, FindPlanOnServer(WithoutCollection(flags.name), *session));
  line.console.Print(PlanDocument(FromResource(plan), session->view(flags.all)), plan);
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ListRunsOnServer(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const auto session, RemoteSession::Open(line.global, line.console));
  ASSIGN_OR_RETURN(const v1::RunList runs,
                   session->agent().ListRuns(flags.limit, session->context()));
  line.console.Print(RunsDocument(runs), runs);
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ShowRunOnServer(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const auto session, RemoteSession::Open(line.global, line.console));
  RETURN_IF_ERROR(PrintRun(WithoutCollection(flags.name), flags.all, *session, line.console));
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> WatchRunOnServer(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const auto session, RemoteSession::Open(line.global, line.console));
  const std::string id = WithoutCollection(flags.name);
  ASSIGN_OR_RETURN(const v1::Run run, session->agent().LoadRun(id, session->context()));
  ASSIGN_OR_RETURN(const v1::Plan plan, session->agent().LoadPlan(run.plan(), session->context()));
  return FollowRun(id, plan, flags.all, OnStop::kLeave, *session, line.console);
}

absl::StatusOr<ExitCode> CancelRunOnServer(const ListFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const auto session, RemoteSession::Open(line.global, line.console));
  const std::string id = WithoutCollection(flags.name);
  RETURN_IF_ERROR(session->agent().CancelRun(id, flags.reason, session->context()).status());
  // What is in flight is finished first.
  RETURN_IF_ERROR(
      session->agent().WatchRun(id, [](const v1::RunEvent&) { return true; }, session->context()));
  RETURN_IF_ERROR(PrintRun(id, flags.all, *session, line.console));
  return ExitCode::kInStep;
}

absl::StatusOr<ExitCode> ListSchedulesOnServer(const ListFlags&, CommandLine& line) {
  ASSIGN_OR_RETURN(const auto session, RemoteSession::Open(line.global, line.console));
  ASSIGN_OR_RETURN(const v1::ListSchedulesResponse schedules,
                   session->agent().ListSchedules(session->context()));
  line.console.Print(SchedulesDocument(schedules), schedules);
  return ExitCode::kInStep;
}

}  // namespace rollcall
