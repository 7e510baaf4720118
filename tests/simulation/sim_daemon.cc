#include "tests/simulation/sim_daemon.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "agent/daemon/scheduled_work.h"
#include "reconciler/base/status_macros.h"
#include "tests/simulation/sim_wiring.h"

namespace rollcall::simulation {
namespace {

constexpr absl::Duration kLongestIdle = absl::Minutes(1);
constexpr int kMostIdles = 200;  // until a plan is made, or the runs have ended

std::string FolderOf(const std::string& state) { return absl::StrCat(state, ".export"); }

}  // namespace

SimDaemon::~SimDaemon() {
  End();
  parts_.witness.Close();
}

std::shared_ptr<const LoadedConfig> SimDaemon::MakeConfig() const {
  auto config = std::make_shared<LoadedConfig>();
  config->spec = parts_.world.spec();
  const std::string folder = FolderOf(parts_.state);
  config::v1::Export& exported = *config->proto.mutable_export_();
  exported.mutable_people()->set_path(absl::StrCat(folder, "/people.json"));
  exported.mutable_groups()->set_path(absl::StrCat(folder, "/groups.json"));
  exported.set_format(config::v1::Export::FORMAT_SCIM);
  return config;
}

absl::Status SimDaemon::WriteExport() {
  return parts_.world.idp().WriteExport(FolderOf(parts_.state), parts_.runtime.WallTime());
}

absl::Status SimDaemon::Start() {
  parts_.witness.BeginReading();
  ASSIGN_OR_RETURN(store_, Store::Open(parts_.state));
  parts_.witness.Follow(*store_);
  RETURN_IF_ERROR(WriteExport());
  WorkObserver* const observer = this;
  office_ = std::make_unique<Office>(
      MakeConfig(), *store_, parts_.runtime,
      [this](const LoadedConfig&) {
        return SimWiring::Connect({parts_.world, parts_.runtime, parts_.network, progress_,
                                   &store_->traits(), parts_.rate});
      },
      observer);
  plans_ = std::make_unique<PlanDesk>(*office_);
  runs_ = std::make_unique<RunDesk>(*office_);
  RETURN_IF_ERROR(plans_->CloseLeftovers());
  ASSIGN_OR_RETURN(
      scheduler_,
      Scheduler::Open(parts_.runtime, store_->schedules(), way_.schedules,
                      [this](const Schedule& schedule, const CallContext& context) {
                        parts_.log.Add(absl::StrCat("schedule ", schedule.name, " starts"));
                        return DoScheduledWork({*store_, *plans_, *runs_}, schedule, context);
                      }));
  RETURN_IF_ERROR(runs_->ResumeInterrupted());
  if (way_.schedules.empty()) return absl::OkStatus();
  scheduling_ = parts_.runtime.Start(
      [this] { scheduler_->Run(CallContext{&stop_schedules_}, CallContext{&stop_schedules_}); });
  return absl::OkStatus();
}

void SimDaemon::End() {
  stop_schedules_.Request();
  if (plans_ != nullptr) plans_->Close();
  if (runs_ != nullptr) runs_->Close();
  scheduling_.reset();
  scheduler_.reset();
  const bool worked = runs_ != nullptr;
  plans_.reset();
  runs_.reset();
  if (worked && !parts_.machine.dead()) CheckInterrupted();
}

void SimDaemon::CheckInterrupted() {
  const absl::StatusOr<std::vector<RunSummary>> runs = store_->runs().Unfinished();
  if (!runs.ok()) return;
  for (const RunSummary& summary : *runs) {
    if (summary.state != RunState::kInterrupted) continue;
    const absl::StatusOr<RunRecord> run = store_->runs().Load(summary.id);
    const absl::StatusOr<Plan> plan = store_->plans().Load(summary.plan);
    if (run.ok() && plan.ok()) parts_.witness.CheckOutcomes(*plan, *run);
  }
}

void SimDaemon::PlanEnded(const Plan& plan, absl::Duration /*took*/) {
  parts_.log.Add(absl::StrCat("plan ", plan.id, " is ", PlanStateName(plan.state), " with ",
                              plan.changes.size(), " changes"));
  if (plan.state != PlanState::kFailed && way_.planned != nullptr) way_.planned(plan);
}

// The run has its directories still: nobody else has changed anything there.
void SimDaemon::RunEnded(const Plan& plan, const RunRecord& run) {
  parts_.log.Add(absl::StrCat("run ", run.id, " has ended ", RunStateName(run.state)));
  parts_.witness.CheckOutcomes(plan, run);
}

void SimDaemon::Idle(absl::Duration time) {
  parts_.runtime.IdleUntil(parts_.runtime.WallTime() + time, [this] { return !going(); });
}

absl::Status SimDaemon::WaitForPlan(const std::string& plan) {
  absl::Duration wait = absl::Milliseconds(200);
  for (int i = 0; i < kMostIdles; ++i) {
    ASSIGN_OR_RETURN(const PlanSummary summary, store_->plans().Summary(plan));
    if (summary.state != PlanState::kPlanning) return absl::OkStatus();
    if (!going()) return absl::CancelledError("the daemon is being stopped");
    Idle(wait);
    wait = std::min(2 * wait, kLongestIdle);
  }
  return absl::DeadlineExceededError(absl::StrCat("plan ", plan, " is still being made"));
}

void SimDaemon::WaitForRuns() {
  absl::Duration wait = absl::Milliseconds(200);
  for (int i = 0; i < kMostIdles && going() && !runs_->idle(); ++i) {
    Idle(wait);
    wait = std::min(2 * wait, kLongestIdle);
  }
}

std::string SimDaemon::Say(const absl::Status& status) const {
  return absl::StrReplaceAll(Shown(status), {{parts_.state, "STATE"}});
}

absl::StatusOr<Plan> SimDaemon::MakePlan() {
  PlanOrder order;
  order.requester = Operator();
  ASSIGN_OR_RETURN(const std::string id, plans_->Begin(order));
  RETURN_IF_ERROR(WaitForPlan(id));
  ASSIGN_OR_RETURN(Plan plan, store_->plans().Load(id));
  if (plan.state != PlanState::kFailed) return plan;
  return absl::UnavailableError(absl::StrCat(
      "the plan could not be made: ", plan.findings.empty() ? "" : plan.findings.front().message));
}

absl::StatusOr<RunRecord> SimDaemon::Apply(const std::string& plan,
                                           const std::vector<Waiver>& waivers) {
  ApplyOrder order;
  order.plan = plan;
  ASSIGN_OR_RETURN(const PlanSummary summary, store_->plans().Summary(plan));
  order.etag = summary.etag;
  order.waivers = waivers;
  order.requester = Operator();
  ASSIGN_OR_RETURN(const std::string run, runs_->Begin(order));
  WaitForRuns();
  return store_->runs().Load(run);
}

}  // namespace rollcall::simulation
