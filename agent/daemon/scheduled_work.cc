#include "agent/daemon/scheduled_work.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// What a schedule says of a plan that it does not apply.
WorkReport Unapplied(const PlanSummary& plan) {
  WorkReport report;
  report.plan = plan.id;
  report.message = absl::StrCat("plan ", plan.id, " is ", PlanStateName(plan.state));
  if (plan.state == PlanState::kBlocked) report.result = ScheduleResult::kBlocked;
  return report;
}

}  // namespace

absl::StatusOr<WorkReport> DoScheduledWork(const Desks& desks, const Schedule& schedule,
                                           const CallContext& context) {
  PlanOrder order;
  order.requester = {schedule.name, "schedule"};
  ASSIGN_OR_RETURN(const std::string id, desks.plans.MakeNow(order, context));
  ASSIGN_OR_RETURN(const PlanSummary plan, desks.store.plans().Summary(id));
  if (schedule.action == ScheduleAction::kPlan || plan.state != PlanState::kReady) {
    return Unapplied(plan);
  }
  ApplyOrder apply;
  apply.plan = id;
  apply.etag = plan.etag;
  apply.requester = order.requester;
  ASSIGN_OR_RETURN(const RunRecord run, desks.runs.ApplyNow(apply, context));
  WorkReport report;
  report.plan = id;
  report.run = run.id;
  report.message = absl::StrCat("run ", run.id, " ", RunStateName(run.state));
  if (run.state == RunState::kFailed) report.result = ScheduleResult::kFailed;
  return report;
}

}  // namespace rollcall
