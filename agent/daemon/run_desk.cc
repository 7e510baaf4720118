#include "agent/daemon/run_desk.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/render/wording.h"
#include "agent/runs/export_input.h"
#include "agent/runs/planning.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status CheckPlan(const PlanSummary& plan, const ApplyOrder& order) {
  const std::string name = absl::StrCat("plan ", plan.id);
  switch (plan.state) {
    case PlanState::kPlanning:
      return WithReason(v1::PLAN_NOT_READY,
                        absl::FailedPreconditionError(absl::StrCat(
                            name, " is still being made; ask again when it is READY")));
    case PlanState::kEmpty:
      return WithReason(v1::PLAN_NOT_READY, absl::FailedPreconditionError(
                                                absl::StrCat(name, " holds no changes to apply")));
    case PlanState::kFailed:
      return WithReason(v1::PLAN_NOT_READY,
                        absl::FailedPreconditionError(absl::StrCat(
                            name, " could not be made, as its finding says; make a new one")));
    default:
      break;
  }
  if (order.etag == plan.etag) return absl::OkStatus();
  return WithReason(
      v1::ETAG_MISMATCH,
      absl::FailedPreconditionError(
          absl::StrCat("the etag is not that of ", name,
                       order.etag.empty()
                           ? "; give the etag of the plan as it was read"
                           : "; read the plan again, and apply it if it is still what is wanted")));
}

}  // namespace

// What one run works with, for as long as it is at work.
struct RunDesk::Tools {
  std::shared_ptr<const LoadedConfig> config;
  std::unique_ptr<Wiring> wiring;  // null: for judging only
  NoProgress progress;
  std::optional<Applying> applying;
  Preparation ready;
  StartedRun started;
};

RunDesk::~RunDesk() {
  Close();
  std::map<std::string, AtWork> jobs;
  {
    MutexLock lock(mutex_);
    jobs.swap(jobs_);
  }
  jobs.clear();  // waits
}

void RunDesk::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
  for (const auto& [run, at_work] : jobs_) at_work.job->stop.Request();
}

int64_t RunDesk::active() const {
  MutexLock lock(mutex_);
  int64_t active = 0;
  for (const auto& [run, at_work] : jobs_) {
    if (!at_work.job->done) ++active;
  }
  return active;
}

std::shared_ptr<RunDesk::Tools> RunDesk::ConnectTools(const std::shared_ptr<Job>& job,
                                                      absl::Status& status) const {
  auto tools = std::make_shared<Tools>();
  tools->config = office_.config();
  Endpoints endpoints;
  if (job != nullptr) {
    absl::StatusOr<std::unique_ptr<Wiring>> wiring = office_.ConnectBy(*tools->config);
    status = wiring.status();
    if (!status.ok()) return nullptr;
    tools->wiring = *std::move(wiring);
    endpoints = tools->wiring->endpoints();
  }
  ExecutorOptions executor;
  executor.reread_after = tools->config->spec.reread_after;
  Wiring* const wiring = tools->wiring.get();
  if (job != nullptr && job->verify_full) {
    executor.full_verification = [this, tools = tools.get()](const CallContext& context) {
      return CountChangesNow(*tools, context);
    };
  }
  tools->applying.emplace(ApplyingPorts{
      .spec = tools->config->spec,
      .store = office_.store(),
      .runtime = office_.runtime(),
      .progress = tools->progress,
      .endpoints = std::move(endpoints),
      .executor = executor,
      .throttling =
          [wiring] { return wiring == nullptr ? ThrottlingByDirectory() : wiring->throttling(); },
      .command = "rollcall",
      .cancelled = [this, job]() -> std::optional<std::string> {
        if (job == nullptr) return std::nullopt;
        MutexLock lock(mutex_);
        if (job->cancelled.empty()) return std::nullopt;
        return job->cancelled;
      },
      .observer = office_.observer()});
  return tools;
}

absl::StatusOr<int64_t> RunDesk::CountChangesNow(const Tools& tools,
                                                 const CallContext& context) const {
  const ExportInput input{.config = *tools.config, .other_file = std::nullopt};
  ASSIGN_OR_RETURN(const Export exported, ReadConfiguredExport(input, office_.runtime(), context));
  Planning planning({.spec = tools.config->spec,
                     .store = office_.store(),
                     .runtime = office_.runtime(),
                     .readers = tools.wiring->readers(),
                     .export_source = SourceName(*tools.config)});
  return planning.CountChanges(exported, {}, context);
}

absl::StatusOr<Preparation> RunDesk::Prepare(Applying& applying, const ApplyOrder& order) const {
  const absl::StatusOr<PlanSummary> plan = office_.store().plans().Summary(order.plan);
  if (!plan.ok()) return WithReason(v1::NO_SUCH_RESOURCE, plan.status());
  RETURN_IF_ERROR(CheckPlan(*plan, order));
  absl::StatusOr<Preparation> ready = applying.Prepare(order.plan, order.waivers);
  if (ready.ok()) return ready;
  // What makes it stale may be a run that is at work still: programs are told so.
  const auto overtaking = office_.store().runs().Overtaking(order.plan);
  const bool busy = overtaking.ok() && overtaking->has_value() && !(*overtaking)->ended.has_value();
  return busy ? WithReason(v1::DIRECTORY_BUSY, ready.status()) : ready.status();
}

absl::Status RunDesk::Check(const ApplyOrder& order) const {
  absl::Status status;
  const std::shared_ptr<Tools> tools = ConnectTools(nullptr, status);
  RETURN_IF_ERROR(status);
  return Prepare(*tools->applying, order).status();
}

absl::StatusOr<std::string> RunDesk::Begin(const ApplyOrder& order) {
  Reap();
  RequestStore& requests = office_.store().requests();
  if (order.request_id.empty()) return BeginNew(order);
  auto before = requests.Remember(order.requester.name, order.request_id, order.digest, order.plan,
                                  office_.runtime().Now());
  if (!before.ok()) return WithReason(v1::REQUEST_ID_REUSED, before.status());
  if (before->has_value()) {
    // Asked before: the run that came of it. Where none did, because the process was killed in
    // between, it is begun now.
    ASSIGN_OR_RETURN(const auto run, office_.store().runs().LastOf(order.plan));
    if (run.has_value()) return *run;
  }
  absl::StatusOr<std::string> run = BeginNew(order);
  if (!run.ok()) requests.Forget(order.requester.name, order.request_id).IgnoreError();
  return run;
}

absl::StatusOr<std::string> RunDesk::BeginNew(const ApplyOrder& order) {
  {
    MutexLock lock(mutex_);
    if (closed_) {
      return WithReason(v1::SHUTTING_DOWN,
                        absl::UnavailableError("the service is shutting down; ask again later"));
    }
  }
  auto job = std::make_shared<Job>();
  job->verify_full = order.verify_full;
  absl::Status status;
  const std::shared_ptr<Tools> tools = ConnectTools(job, status);
  RETURN_IF_ERROR(status);
  ASSIGN_OR_RETURN(tools->ready, Prepare(*tools->applying, order));
  absl::StatusOr<StartedRun> started = tools->applying->Start(tools->ready, order.requester);
  if (!started.ok()) {
    // The lock, or the plan, was taken by somebody else.
    return WithReason(
        ExitCodeOf(started.status()) == ExitCode::kStale ? v1::PLAN_STALE : v1::DIRECTORY_BUSY,
        started.status());
  }
  tools->started = *std::move(started);
  return StartJob(tools, job);
}

std::string RunDesk::StartJob(const std::shared_ptr<Tools>& tools,
                              const std::shared_ptr<Job>& job) {
  const std::string run = tools->started.id;
  AtWork before;  // on the same run, which was interrupted; waited for without the lock
  {
    MutexLock lock(mutex_);
    before = std::exchange(jobs_[run], AtWork{job, nullptr});
    if (closed_) job->stop.Request();  // what was begun is interrupted at once, and resumed
  }
  std::unique_ptr<Runtime::Background> worker = office_.runtime().Start([this, tools, job] {
    // How it ended is in the state; where that failed, the next start finds it interrupted.
    tools->applying->Carry(tools->ready, tools->started, CallContext{&job->stop})
        .status()
        .IgnoreError();
    tools->started.lock.reset();
    {
      MutexLock lock(mutex_);
      job->done = true;
    }
    office_.runtime().Rouse();
  });
  MutexLock lock(mutex_);
  const auto mine = jobs_.find(run);
  if (mine != jobs_.end() && mine->second.job == job) mine->second.worker = std::move(worker);
  return run;
}

absl::StatusOr<RunRecord> RunDesk::ApplyNow(const ApplyOrder& order, const CallContext& context) {
  ASSIGN_OR_RETURN(const std::string run, BeginNew(order));
  std::shared_ptr<Job> job;
  {
    MutexLock lock(mutex_);
    const auto mine = jobs_.find(run);
    if (mine != jobs_.end()) job = mine->second.job;  // else it has ended already
  }
  while (job != nullptr) {
    {
      MutexLock lock(mutex_);
      if (job->done) break;
      if (context.stopped()) job->stop.Request();
    }
    office_.runtime().IdleUntil(office_.runtime().Now() + Runtime::kIdleLook, [this, &job] {
      MutexLock lock(mutex_);
      return job->done;
    });
  }
  return office_.store().runs().Load(run);
}

absl::Status RunDesk::Cancel(const std::string& run, const std::string& why) {
  const absl::StatusOr<RunHead> head = office_.store().runs().LoadHead(run);
  if (!head.ok()) return WithReason(v1::NO_SUCH_RESOURCE, head.status());
  if (HasEnded(head->run.state)) return absl::OkStatus();
  if (head->run.state == RunState::kInterrupted) {
    absl::Status status;
    const std::shared_ptr<Tools> judging = ConnectTools(nullptr, status);
    RETURN_IF_ERROR(status);
    if (judging->applying->CloseInterrupted(run, why, Applying::Closing::kRequested).ok()) {
      return absl::OkStatus();
    }
    // Somebody goes on with it in this moment.
  }
  {
    MutexLock lock(mutex_);
    const auto job = jobs_.find(run);
    if (job == jobs_.end() || job->second.job->done) {
      return WithReason(
          v1::RUN_ELSEWHERE,
          absl::FailedPreconditionError(absl::StrCat(
              "run ", run, " is ", RunStateName(head->run.state),
              ", and this service is not at work on it: stop it where it was begun, or apply a new "
              "plan, which closes it if nobody works on it")));
    }
    if (job->second.job->cancelled.empty()) job->second.job->cancelled = why;
  }
  // Told first, so that a watcher sees it before the end.
  const absl::Status told =
      office_.store().runs().SetState(run, RunState::kCancelling, office_.runtime().Now());
  MutexLock lock(mutex_);
  const auto job = jobs_.find(run);
  if (job != jobs_.end()) job->second.job->stop.Request();
  // It may have ended in between.
  return absl::IsFailedPrecondition(told) ? absl::OkStatus() : told;
}

absl::Status RunDesk::ResumeInterrupted() {
  RETURN_IF_ERROR(MarkInterruptedRuns(office_.store(), office_.runtime().Now()));
  ASSIGN_OR_RETURN(const std::vector<RunSummary> unfinished, office_.store().runs().Unfinished());
  for (const RunSummary& run : unfinished) {
    if (run.state == RunState::kInterrupted && !run.requester.name.empty()) {
      RETURN_IF_ERROR(Resume(run));
    }
  }
  return absl::OkStatus();
}

absl::Status RunDesk::Resume(const RunSummary& run) {
  auto job = std::make_shared<Job>();
  absl::Status status;
  const std::shared_ptr<Tools> tools = ConnectTools(job, status);
  RETURN_IF_ERROR(status);
  absl::StatusOr<Preparation> ready = tools->applying->Prepare(run.plan, {});
  absl::Status hopeless = ready.status();
  if (hopeless.ok()) {
    const absl::Duration age = office_.runtime().Now() - ready->plan.create_time;
    if (age > tools->config->spec.plan_max_age) {
      hopeless = absl::FailedPreconditionError(
          absl::StrCat("the plan was ", absl::FormatDuration(absl::Trunc(age, absl::Seconds(1))),
                       " old by then, and plan_max_age is ",
                       absl::FormatDuration(tools->config->spec.plan_max_age)));
    }
  }
  if (!hopeless.ok()) {
    return tools->applying->CloseInterrupted(
        run.id, absl::StrCat("Interrupted, and not resumed when the service started again: ",
                             std::string(hopeless.message()), ". What is open is for a new plan."));
  }
  tools->ready = *std::move(ready);
  absl::StatusOr<StartedRun> started = tools->applying->Start(tools->ready, {});
  // Somebody else was quicker.
  if (absl::IsFailedPrecondition(started.status())) return absl::OkStatus();
  RETURN_IF_ERROR(started.status());
  tools->started = *std::move(started);
  StartJob(tools, job);
  return absl::OkStatus();
}

void RunDesk::Reap() {
  std::vector<AtWork> done;  // waited for without the lock
  MutexLock lock(mutex_);
  for (auto at = jobs_.begin(); at != jobs_.end();) {
    if (at->second.job->done && at->second.worker != nullptr) {
      done.push_back(std::move(at->second));
      at = jobs_.erase(at);
    } else {
      ++at;
    }
  }
}

}  // namespace rollcall
