// Situation: how things stand with the daemon at one moment, as metrics and health tell it. A
// value, made without asking the state file, so that nobody who looks waits for a run.
#ifndef AGENT_METRICS_SITUATION_H_
#define AGENT_METRICS_SITUATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "agent/daemon/scheduler.h"
#include "agent/store/directory_store.h"
#include "agent/store/retention.h"

namespace rollcall {

struct Situation {
  // As the state knew them a moment ago: the configured ones, and "" for what concerns all.
  std::vector<DirectoryStatus> directories;
  std::vector<ScheduleStatus> schedules;
  bool schedules_held = false;  // by this agent
  int64_t runs_active = 0;
  bool reload_successful = true;
  absl::Time now;
  absl::Time configured;  // when the configuration in use was read
  // Why the state file does not answer; "": it does.
  std::string state_trouble;
  std::optional<StateSize> size;  // as the retention counted last
  absl::Time moved;               // when the main loop last came round
  bool stopping = false;
};

}  // namespace rollcall

#endif  // AGENT_METRICS_SITUATION_H_
