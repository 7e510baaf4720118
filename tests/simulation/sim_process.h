// SimProcess: a command of the agent in a simulated world. The real store, client layers,
// directories, planning and applying; only what the simulation replaces is handed in. One thread
// (its workers are the runtime's).
#ifndef TESTS_SIMULATION_SIM_PROCESS_H_
#define TESTS_SIMULATION_SIM_PROCESS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/runs/applying.h"
#include "agent/runs/planning.h"
#include "agent/runs/wiring.h"
#include "reconciler/ports/progress.h"
#include "tests/simulation/agent_process.h"

namespace rollcall::simulation {

class SimProcess final : public AgentProcess {
 public:
  explicit SimProcess(Parts parts) : parts_(std::move(parts)) {}
  ~SimProcess() override;

  absl::Status Start() override;
  Store& store() override { return *store_; }
  absl::StatusOr<Plan> MakePlan() override;
  absl::StatusOr<RunRecord> Apply(const std::string& plan,
                                  const std::vector<Waiver>& waivers) override;

 private:
  Applying MakeApplying();

  const Parts parts_;
  NoProgress progress_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Wiring> wiring_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_PROCESS_H_
