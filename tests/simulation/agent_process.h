// AgentProcess: one process of the agent in a simulated world, however it is driven: new objects on
// the state that is there. Ends before the next one begins. One thread at a time.
#ifndef TESTS_SIMULATION_AGENT_PROCESS_H_
#define TESTS_SIMULATION_AGENT_PROCESS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/store/store.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/sim_network.h"
#include "tests/simulation/sim_runtime.h"
#include "tests/simulation/sim_world.h"
#include "tests/simulation/witness.h"

namespace rollcall::simulation {

class AgentProcess {
 public:
  struct Parts {
    const SimWorld& world;
    SimRuntime& runtime;
    SimNetwork& network;
    Machine& machine;
    Witness& witness;
    EventLog& log;
    std::string state;  // the state file
    double rate = 20;   // requests a second
  };

  virtual ~AgentProcess() = default;

  // Opens the state and connects.
  virtual absl::Status Start() = 0;
  virtual Store& store() = 0;
  // Reads everything and makes a plan.
  virtual absl::StatusOr<Plan> MakePlan() = 0;
  // Applies it, or goes on with its interrupted run, until that has ended or was interrupted.
  virtual absl::StatusOr<RunRecord> Apply(const std::string& plan,
                                          const std::vector<Waiver>& waivers) = 0;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_AGENT_PROCESS_H_
