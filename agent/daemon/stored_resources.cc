#include "agent/daemon/stored_resources.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "agent/render/resources.h"
#include "agent/render/wording.h"

namespace rollcall {
namespace {

std::string Named(absl::string_view collection, const std::string& id) {
  return id.empty() ? std::string() : absl::StrCat(collection, "/", id);
}

}  // namespace

v1::Plan ToResource(const PlanSummary& plan) {
  v1::Plan result;
  result.set_id(plan.id);
  result.set_state(ToResource(plan.state));
  result.set_etag(plan.etag);
  SetTimestamp(plan.create_time, result.mutable_create_time());
  SetCounts(plan.counts, result.mutable_counts());
  result.set_requests_used(ToCount(plan.requests_used));
  SetBudget(plan.budget, result.mutable_budget());
  result.set_requester(plan.requester.name);
  result.set_requester_role(plan.requester.role);
  return result;
}

v1::Run ToResource(const RunHead& run) {
  v1::Run result = ToResource(run.run);
  result.mutable_progress()->set_done(ToCount(run.settled));
  result.mutable_progress()->set_total(ToCount(run.changes));
  result.set_requester(run.requester.name);
  result.set_requester_role(run.requester.role);
  return result;
}

v1::RunEvent ToResource(const RunEvent& event) {
  v1::RunEvent result;
  result.set_number(event.number);
  SetTimestamp(event.time, result.mutable_time());
  if (event.state.has_value()) {
    result.set_state(ToResource(*event.state));
  } else {
    *result.mutable_outcome() = ToResource(*event.outcome, event.through);
  }
  return result;
}

v1::ScheduleStatus ToResource(const ScheduleStatus& status) {
  v1::ScheduleStatus result;
  const ScheduleRecord& record = status.record;
  result.set_name(absl::StrCat("schedules/", status.schedule.name));
  result.set_cron(status.schedule.cron_text);
  result.set_time_zone(status.schedule.zone_name);
  result.set_action(status.schedule.action == ScheduleAction::kApply ? v1::ScheduleStatus::APPLY
                                                                     : v1::ScheduleStatus::PLAN);
  if (record.running.has_value()) {
    SetTimestamp(record.running->started, result.mutable_last_start_time());
  } else if (record.last.has_value()) {
    SetTimestamp(record.last->started, result.mutable_last_start_time());
    SetTimestamp(record.last->ended, result.mutable_last_end_time());
  }
  if (record.last.has_value()) {
    result.set_last_result(record.last->message);
    result.set_last_plan(Named("plans", record.last->plan));
    result.set_last_run(Named("runs", record.last->run));
  }
  if (record.planned.next_start.has_value()) {
    SetTimestamp(*record.planned.next_start, result.mutable_next_start_time());
  }
  if (record.planned.skipped_due.has_value()) {
    result.set_last_skip(
        absl::StrCat(Stamp(*record.planned.skipped_due), ": ", record.planned.skip_reason));
  }
  result.set_failures(ToCount(record.failures));
  if (record.backing_off_until.has_value()) {
    SetTimestamp(*record.backing_off_until, result.mutable_backing_off_until());
  }
  return result;
}

}  // namespace rollcall
