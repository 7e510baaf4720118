// DaemonLife: what happens around the daemons of a simulated world: operators ask for plans, apply
// and cancel; schedules start; viewers watch, through every restart. All its chances come from dice
// of its own. Outlives the processes. One thread at a time.
#ifndef TESTS_SIMULATION_DAEMON_LIFE_H_
#define TESTS_SIMULATION_DAEMON_LIFE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "agent/daemon/schedule.h"
#include "tests/simulation/chronicle.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/event_log.h"
#include "tests/simulation/sim_daemon.h"
#include "tests/simulation/viewer.h"

namespace rollcall::simulation {

class DaemonLife {
 public:
  struct Parts {
    SimRuntime& runtime;
    Witness& witness;
    EventLog& log;
    // The identity provider's people may change.
    std::function<void(Dice&)> change_export;
  };
  DaemonLife(Dice dice, Parts parts);

  const std::vector<Schedule>& schedules() const { return schedules_; }
  const Chronicle& chronicle() const { return chronicle_; }

  // From its start to its end.
  absl::Status Live(SimDaemon& daemon);
  // All trouble is over, and so are all runs.
  void CheckEnd(Store& store);

 private:
  void DrawSchedules();
  absl::Status Act(SimDaemon& daemon);
  absl::StatusOr<std::string> PlanSomething(SimDaemon& daemon);
  absl::StatusOr<std::string> ApplyIt(SimDaemon& daemon, const std::string& plan);
  void Cancel(SimDaemon& daemon, const std::string& run);

  Dice dice_;
  const Parts parts_;
  Chronicle chronicle_;
  std::vector<std::unique_ptr<Viewer>> viewers_;
  std::vector<Schedule> schedules_;
  int64_t requests_ = 0;  // ids of requests
  bool ending_ = false;   // somebody ends the daemon while it is at work
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_DAEMON_LIFE_H_
