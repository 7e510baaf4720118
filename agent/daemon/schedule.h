// Schedule: what the daemon starts by itself, when, and in which zone. A value.
#ifndef AGENT_DAEMON_SCHEDULE_H_
#define AGENT_DAEMON_SCHEDULE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/config/cron.h"
#include "rollcall/config/v1/config.pb.h"

namespace rollcall {

enum class ScheduleAction : uint8_t { kPlan, kApply };

struct Schedule {
  std::string name;
  ScheduleAction action;
  std::string cron_text;  // as configured: "0 2 * * *"
  config::Cron cron;
  std::string zone_name;  // "UTC" where none is configured
  absl::TimeZone zone;
  absl::Duration jitter;  // shorter than the shortest wait between two starts

  // What decides when it is due: a change of it makes it due at other times.
  std::string Definition() const { return cron_text + " " + zone_name; }
};

// Those of a configuration that has been checked, in its order. INVALID_ARGUMENT where an
// expression or a zone is wrong after all.
absl::StatusOr<std::vector<Schedule>> SchedulesOf(const config::v1::Config& config);

}  // namespace rollcall

#endif  // AGENT_DAEMON_SCHEDULE_H_
