// SimProcess: one process of the agent in a simulated world: new objects on the state that is
// there. The real store, client layers, directories, planning and applying; only what the
// simulation replaces is handed in. Ends before the next one begins. One thread (its workers are
// the runtime's).
#ifndef TESTS_SIMULATION_SIM_PROCESS_H_
#define TESTS_SIMULATION_SIM_PROCESS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/runs/applying.h"
#include "agent/runs/planning.h"
#include "agent/store/store.h"
#include "clients/http/stack.h"
#include "reconciler/ports/progress.h"
#include "tests/simulation/machine.h"
#include "tests/simulation/sim_network.h"
#include "tests/simulation/sim_runtime.h"
#include "tests/simulation/sim_world.h"
#include "tests/simulation/witness.h"

namespace rollcall::simulation {

class SimProcess {
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

  explicit SimProcess(Parts parts) : parts_(std::move(parts)) {}
  ~SimProcess();

  // Opens the state and connects.
  absl::Status Start();
  Store& store() { return *store_; }

  // Reads everything and makes a plan.
  absl::StatusOr<Plan> MakePlan();
  // Applies it, or goes on with its interrupted run.
  absl::StatusOr<RunRecord> Apply(const std::string& plan, const std::vector<Waiver>& waivers);

 private:
  struct Connection {
    std::unique_ptr<HttpStack> http;
    std::unique_ptr<DirectoryReader> reader;
    DirectoryWriter* writer = nullptr;
  };
  absl::Status Connect();
  template <typename Directory, typename Options>
  absl::Status ConnectOne(const std::string& id, const char* base, const AuthOptions& auth,
                          Options options);
  Applying MakeApplying();

  const Parts parts_;
  NoProgress progress_;
  std::unique_ptr<Store> store_;
  std::map<std::string, Connection> connections_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_PROCESS_H_
