#include "agent/daemon/schedule.h"

#include "agent/config/spans.h"
#include "agent/config/time_zone.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<std::vector<Schedule>> SchedulesOf(const config::v1::Config& config) {
  std::vector<Schedule> schedules;
  for (const config::v1::Schedule& from : config.schedules()) {
    ASSIGN_OR_RETURN(config::Cron cron, config::Cron::Parse(from.cron()));
    ASSIGN_OR_RETURN(absl::TimeZone zone, config::LoadZone(from.time_zone()));
    const bool applies = from.action() == config::v1::Schedule::ACTION_APPLY;
    schedules.push_back({from.name(), applies ? ScheduleAction::kApply : ScheduleAction::kPlan,
                         from.cron(), cron, zone.name(), zone, config::ToSpan(from.jitter())});
  }
  return schedules;
}

}  // namespace rollcall
