// Observation: what the agent shows of itself, tied together: metrics and health (Monitor), what
// the log says of them, and the retention, which is kept by the agent that makes the scheduled
// starts. One thread, the main loop's.
#ifndef AGENT_SERVICE_OBSERVATION_H_
#define AGENT_SERVICE_OBSERVATION_H_

#include <string>

#include "absl/status/status.h"
#include "agent/config/load_config.h"
#include "agent/daemon/housekeeping.h"
#include "agent/metrics/monitor.h"
#include "agent/service/log.h"
#include "agent/store/store.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Observation {
 public:
  Observation(Store& store, Runtime& runtime, Log& log);

  Monitor& monitor() { return monitor_; }

  // Where the pages are, with the port that the system chose; "": they are not served.
  const std::string& address() const { return address_; }

  // Serves the pages where `serve.metrics` says so. Exit code 7 (refusal.h) where that cannot be.
  absl::Status Start(const LoadedConfig& config, Monitor::Sources sources);

  // At least every half minute, and when the monitor wants it. `holds_schedules`: this agent makes
  // the scheduled starts of the state. `idle`: no run is at work, so that old plans may be deleted.
  void ComeRound(const LoadedConfig& config, bool holds_schedules, bool idle);

  // Ends the pages, and what is being deleted.
  void Close();

 private:
  void Tell(const Monitor::News& news);
  void TellCleaned(const absl::StatusOr<StateSize>& size, const Deletions& deleted);

  Log& log_;
  std::string address_;
  Monitor monitor_;
  Housekeeping housekeeping_;  // tells the monitor
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_OBSERVATION_H_
