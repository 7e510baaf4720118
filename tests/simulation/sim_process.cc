#include "tests/simulation/sim_process.h"

#include <utility>

#include "reconciler/base/status_macros.h"
#include "tests/simulation/sim_wiring.h"

namespace rollcall::simulation {

SimProcess::~SimProcess() { parts_.witness.Close(); }

absl::Status SimProcess::Start() {
  parts_.witness.BeginReading();
  ASSIGN_OR_RETURN(store_, Store::Open(parts_.state));
  ASSIGN_OR_RETURN(wiring_, SimWiring::Connect({parts_.world, parts_.runtime, parts_.network,
                                                progress_, &store_->traits(), parts_.rate}));
  return absl::OkStatus();
}

absl::StatusOr<Plan> SimProcess::MakePlan() {
  parts_.witness.BeginReading();
  RETURN_IF_ERROR(MarkInterruptedRuns(*store_, parts_.runtime.Now()));
  ASSIGN_OR_RETURN(const Export exported, parts_.world.idp().MakeExport(parts_.runtime.Now()));
  Planning planning({.spec = parts_.world.spec(),
                     .store = *store_,
                     .runtime = parts_.runtime,
                     .readers = wiring_->readers(),
                     .export_source = "people"});
  ASSIGN_OR_RETURN(Planned planned, planning.Make(exported, {}, parts_.machine.context()));
  return std::move(planned.plan);
}

Applying SimProcess::MakeApplying() {
  ExecutorOptions executor;
  executor.reread_after = parts_.world.spec().reread_after;
  return Applying({.spec = parts_.world.spec(),
                   .store = *store_,
                   .runtime = parts_.runtime,
                   .progress = progress_,
                   .endpoints = wiring_->endpoints(),
                   .executor = executor,
                   .throttling = nullptr});
}

absl::StatusOr<RunRecord> SimProcess::Apply(const std::string& plan,
                                            const std::vector<Waiver>& waivers) {
  Applying applying = MakeApplying();
  ASSIGN_OR_RETURN(const Preparation ready, applying.Prepare(plan, waivers));
  if (ready.nothing_to_do()) {
    RunRecord nothing;
    nothing.state = RunState::kSucceeded;
    return nothing;
  }
  parts_.witness.BeginApplying(ready.plan, *store_, !ready.waivers.empty());
  absl::StatusOr<RunRecord> run = applying.Execute(ready, parts_.machine.context());
  parts_.witness.BeginReading();
  return run;
}

}  // namespace rollcall::simulation
