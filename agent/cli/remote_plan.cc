// `rollcall plan` and `rollcall apply` through a running agent.
#include "absl/strings/str_cat.h"
#include "agent/cli/plan_file.h"
#include "agent/cli/plan_flags.h"
#include "agent/cli/remote_work.h"
#include "agent/render/from_resources.h"
#include "agent/render/json.h"
#include "agent/render/plan_document.h"
#include "agent/runs/applying.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

void PrintPlan(const v1::Plan& plan, const ViewOptions& view, Console& console) {
  console.Print(PlanDocument(FromResource(plan), view), plan);
}

v1::ApplyPlanRequest RequestFor(const v1::Plan& plan, const ApplyFlags& flags) {
  v1::ApplyPlanRequest request;
  request.set_name(absl::StrCat("plans/", plan.id()));
  request.set_etag(plan.etag());
  for (const Waiver& waiver : flags.Waivers()) {
    v1::Waiver* added = request.add_waivers();
    added->set_guard(waiver.guard);
    added->set_reason(waiver.reason);
  }
  request.set_verify_full(flags.verify == "full");
  return request;
}

absl::StatusOr<ExitCode> ApplyLoaded(const v1::Plan& loaded, const ApplyFlags& flags,
                                     RemoteSession& session, Console& console) {
  const Plan plan = FromResource(loaded);
  if (loaded.state() == v1::Plan::EMPTY) {
    PrintPlan(loaded, session.view(flags.all), console);
    return Decide(FactsOfApply(plan, 0));
  }
  v1::ApplyPlanRequest request = RequestFor(loaded, flags);
  // What speaks against it is said before anybody is asked.
  request.set_validate_only(true);
  const absl::Status possible = session.agent().ApplyPlan(request, session.context()).status();
  if (ExitCodeOf(possible) == ExitCode::kGuardBlocks) {
    // The same sentence, with the command that asks the agent.
    RETURN_IF_ERROR(CheckGuards(plan, flags.Waivers(), session.command()));
  }
  RETURN_IF_ERROR(possible);
  request.set_validate_only(false);
  for (const std::string& warning : IdleWaivers(plan, flags.Waivers())) console.Warn(warning);
  const bool goes_on = loaded.state() == v1::Plan::APPLYING;
  if (!flags.yes && !goes_on) {
    ASSIGN_OR_RETURN(const bool agreed, Agreed(plan, session.view(flags.all), console));
    if (!agreed) return Declined(plan, console);
  }
  ASSIGN_OR_RETURN(const v1::Run run, session.agent().ApplyPlan(request, session.context()));
  if (goes_on) console.Note(absl::StrCat("Going on with the interrupted run ", run.id(), "."));
  return FollowRun(run.id(), loaded, flags.all, OnStop::kCancelRun, session, console);
}

}  // namespace

absl::StatusOr<ExitCode> PlanOnServer(const PlanFlags& flags, CommandLine& line) {
  if (!flags.out.empty()) {
    RETURN_IF_ERROR(WithExitCode(ExitCode::kUsage, CheckPlanFile(flags.out)));
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<RemoteSession> session,
                   RemoteSession::Open(line.global, line.console));
  v1::CreatePlanRequest request;
  for (const std::string& id : flags.directories) {
    request.add_directories(absl::StrCat("directories/", id));
  }
  if (!flags.exported.empty()) {
    ASSIGN_OR_RETURN(const v1::UploadedExport uploaded,
                     session->agent().UploadExport(flags.exported, session->context()));
    request.set_people(uploaded.name());
  }
  ASSIGN_OR_RETURN(const v1::Plan plan, MakePlanOnServer(request, *session, line.console));
  PrintPlan(plan, session->view(flags.all), line.console);
  ExitFacts facts = FactsOfPlan(FromResource(plan));
  facts.failure = !WriteOut(flags.out, plan.id(), ToJson(plan), line.console);
  return Decide(facts);
}

absl::StatusOr<ExitCode> ApplyOnServer(const ApplyFlags& flags, CommandLine& line) {
  ASSIGN_OR_RETURN(const std::unique_ptr<RemoteSession> session,
                   RemoteSession::Open(line.global, line.console));
  if (!flags.plan_now) {
    ASSIGN_OR_RETURN(const v1::Plan plan, FindPlanOnServer(flags.plan, *session));
    return ApplyLoaded(plan, flags, *session, line.console);
  }
  ASSIGN_OR_RETURN(const v1::Plan plan, MakePlanOnServer({}, *session, line.console));
  if (plan.state() == v1::Plan::BLOCKED) {
    PrintPlan(plan, session->view(flags.all), line.console);
    return Decide(FactsOfPlan(FromResource(plan)));
  }
  return ApplyLoaded(plan, flags, *session, line.console);
}

}  // namespace rollcall
