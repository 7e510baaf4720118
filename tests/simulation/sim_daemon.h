// SimDaemon: a daemon in a simulated world: the real store, desks and scheduler on the simulated
// workers, directories as SimWiring connects them. Without gRPC: what a caller asks for is asked of
// the desks. One thread at a time.
#ifndef TESTS_SIMULATION_SIM_DAEMON_H_
#define TESTS_SIMULATION_SIM_DAEMON_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/config/load_config.h"
#include "agent/daemon/office.h"
#include "agent/daemon/plan_desk.h"
#include "agent/daemon/run_desk.h"
#include "agent/daemon/scheduler.h"
#include "agent/runs/work_observer.h"
#include "reconciler/ports/progress.h"
#include "tests/simulation/agent_process.h"

namespace rollcall::simulation {

class SimDaemon final : public AgentProcess, private WorkObserver {
 public:
  struct Way {
    std::vector<Schedule> schedules = {};
    // A plan was made and is in the state.
    std::function<void(const Plan&)> planned = nullptr;
  };

  SimDaemon(Parts parts, Way way) : parts_(std::move(parts)), way_(std::move(way)) {}
  ~SimDaemon() override;

  // Also closes what a process of before was planning, goes on with its runs and begins the
  // schedules.
  absl::Status Start() override;
  // Begins nothing more, interrupts what is at work and waits.
  void End();
  Store& store() override { return *store_; }
  PlanDesk& plans() { return *plans_; }
  RunDesk& runs() { return *runs_; }

  // The export of now, in the configured files.
  absl::Status WriteExport();

  absl::StatusOr<Plan> MakePlan() override;
  absl::StatusOr<RunRecord> Apply(const std::string& plan,
                                  const std::vector<Waiver>& waivers) override;

  // Who asks.
  static Requester Operator() { return {"operations", "operator"}; }

  // Whoever drives it waits, but not for one that is being stopped or dead.
  bool going() const { return !parts_.machine.dead() && !parts_.machine.stopped(); }
  void Idle(absl::Duration time);
  absl::Status WaitForPlan(const std::string& plan);
  void WaitForRuns();
  // The same in every folder.
  std::string Say(const absl::Status& status) const;

 private:
  std::shared_ptr<const LoadedConfig> MakeConfig() const;
  void CheckInterrupted();

  void PlanEnded(const Plan& plan, absl::Duration took) override;
  void RunEnded(const Plan& plan, const RunRecord& run) override;
  void Sent(absl::string_view, absl::string_view, absl::string_view) override {}
  void Throttled(absl::string_view, absl::Duration, bool, int) override {}

  const Parts parts_;
  const Way way_;
  NoProgress progress_;
  StopFlag stop_schedules_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<PlanDesk> plans_;
  std::unique_ptr<RunDesk> runs_;
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<Runtime::Background> scheduling_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_DAEMON_H_
