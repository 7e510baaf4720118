#include "tests/simulation/daemon_life.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/render/plan_document.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::simulation {
namespace {

constexpr int64_t kMostViewers = 4;
constexpr int64_t kMostActs = 4;  // of one process
constexpr int64_t kEnds = 250;    // of a run: somebody ends the daemon in its middle, in thousand
constexpr absl::Duration kDrain = absl::Seconds(30);

}  // namespace

DaemonLife::DaemonLife(Dice dice, Parts parts)
    : dice_(dice), parts_(std::move(parts)), chronicle_(parts_.witness) {
  const int64_t viewers = dice_.Between(1, kMostViewers);
  for (int64_t i = 0; i < viewers; ++i) {
    viewers_.push_back(std::make_unique<Viewer>(absl::StrCat("viewer ", i), dice_.Split(),
                                                parts_.runtime, chronicle_));
  }
  DrawSchedules();
}

void DaemonLife::DrawSchedules() {
  constexpr const char* kTimes[] = {"*/3 * * * *", "*/7 * * * *", "13 * * * *"};
  const int64_t count = dice_.Chance(500) ? 0 : dice_.Between(1, 2);
  for (int64_t i = 0; i < count; ++i) {
    const char* times = kTimes[dice_.Below(3)];
    const auto action = dice_.Chance(700) ? ScheduleAction::kApply : ScheduleAction::kPlan;
    schedules_.push_back({absl::StrCat("schedule-", i), action, times, *config::Cron::Parse(times),
                          "UTC", absl::UTCTimeZone(), absl::Seconds(dice_.Between(0, 90))});
  }
}

absl::Status DaemonLife::Live(SimDaemon& daemon) {
  RETURN_IF_ERROR(daemon.Start());
  bool leaving = false;
  ending_ = false;
  std::vector<std::unique_ptr<Runtime::Background>> watching;
  for (const std::unique_ptr<Viewer>& viewer : viewers_) {
    watching.push_back(parts_.runtime.Start(
        [&daemon, &leaving, viewer = viewer.get()] { viewer->Watch(daemon.store(), leaving); }));
  }
  absl::Status status;
  const int64_t acts = dice_.Between(1, kMostActs);
  for (int64_t i = 0; i < acts && daemon.going() && !ending_; ++i) {
    status = Act(daemon);
    if (!status.ok()) parts_.log.Add(absl::StrCat("refused: ", daemon.Say(status)));
  }
  if (daemon.going() && !ending_ && dice_.Chance(300))
    daemon.Idle(absl::Minutes(dice_.Between(1, 20)));
  if (!ending_ && dice_.Chance(600)) {
    daemon.WaitForRuns();
  } else if (!ending_ && dice_.Chance(500)) {
    daemon.Idle(kDrain);
  }
  parts_.log.Add("the daemon is told to end");
  daemon.End();
  leaving = true;
  watching.clear();
  return status;
}

absl::Status DaemonLife::Act(SimDaemon& daemon) {
  daemon.Idle(absl::Seconds(dice_.Between(0, 90)));
  if (dice_.Chance(700)) {
    parts_.change_export(dice_);
    RETURN_IF_ERROR(daemon.WriteExport());
  }
  ASSIGN_OR_RETURN(const std::string plan, PlanSomething(daemon));
  ASSIGN_OR_RETURN(const std::string run, ApplyIt(daemon, plan));
  parts_.log.Add(absl::StrCat("run ", run, " of plan ", plan, " begins"));
  if (dice_.Chance(200)) Cancel(daemon, run);
  if (dice_.Chance(kEnds)) {
    daemon.Idle(absl::Milliseconds(dice_.Between(0, 20'000)));
    ending_ = true;
    return absl::OkStatus();
  }
  // Else the next one asks while it is at work.
  if (dice_.Chance(700)) daemon.WaitForRuns();
  return absl::OkStatus();
}

absl::StatusOr<std::string> DaemonLife::PlanSomething(SimDaemon& daemon) {
  PlanOrder order;
  order.requester = SimDaemon::Operator();
  if (dice_.Chance(150)) {
    constexpr const char* kOnes[] = {kScim, kCrowd, kCloud};
    order.directories = {kOnes[dice_.Below(3)]};
  }
  if (dice_.Chance(300)) {
    order.request_id = absl::StrCat("plan-", ++requests_);
    order.digest = order.request_id;
  }
  ASSIGN_OR_RETURN(const std::string plan, daemon.plans().Begin(order));
  if (!order.request_id.empty()) {
    const absl::StatusOr<std::string> again = daemon.plans().Begin(order);
    if (again.ok() && *again != plan) {
      parts_.witness.Fail(absl::StrCat("one request made two plans: ", plan, " and ", *again));
    }
  }
  if (dice_.Chance(900)) RETURN_IF_ERROR(daemon.WaitForPlan(plan));
  return plan;
}

absl::StatusOr<std::string> DaemonLife::ApplyIt(SimDaemon& daemon, const std::string& plan) {
  ApplyOrder order;
  order.plan = plan;
  order.requester = SimDaemon::Operator();
  ASSIGN_OR_RETURN(const PlanSummary summary, daemon.store().plans().Summary(plan));
  order.etag = dice_.Chance(30) ? "another" : summary.etag;
  if (dice_.Chance(600)) {
    ASSIGN_OR_RETURN(const Plan whole, daemon.store().plans().Load(plan));
    for (const std::string& guard : BlockingGuards(whole)) {
      order.waivers.push_back({guard, "simulated"});
    }
  }
  order.verify_full = dice_.Chance(100);
  if (dice_.Chance(300)) {
    order.request_id = absl::StrCat("apply-", ++requests_);
    order.digest = order.request_id;
  }
  ASSIGN_OR_RETURN(const std::string run, daemon.runs().Begin(order));
  // Refused, or the same run: asked again under one id, or it was interrupted and goes on.
  const absl::StatusOr<std::string> again = daemon.runs().Begin(order);
  if (again.ok() && *again != run) {
    parts_.witness.Fail(absl::StrCat("plan ", plan, " was begun twice: ", run, " and ", *again));
  }
  return run;
}

void DaemonLife::Cancel(SimDaemon& daemon, const std::string& run) {
  daemon.Idle(absl::Milliseconds(dice_.Between(0, 10'000)));
  if (!daemon.going()) return;
  const absl::Status status = daemon.runs().Cancel(run, "The simulation asked for it.");
  parts_.log.Add(absl::StrCat("run ", run, " is cancelled: ", daemon.Say(status)));
}

void DaemonLife::CheckEnd(Store& store) {
  for (const std::unique_ptr<Viewer>& viewer : viewers_) viewer->CatchUp(store);
  chronicle_.CheckEnd(store);
}

}  // namespace rollcall::simulation
