#include "agent/daemon/plan_desk.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/render/json.h"
#include "agent/runs/applying.h"
#include "agent/runs/plan_resource.h"
#include "agent/runs/planning.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// The pseudo-directory under whose name a plan that is being made is locked; no directory's id may
// hold a space.
std::vector<std::string> LockNameOf(const std::string& plan) {
  return {absl::StrCat("plan ", plan)};
}

absl::Status Closed() {
  return WithReason(v1::SHUTTING_DOWN,
                    absl::UnavailableError("the service is shutting down; ask again later"));
}

ExportInput InputOf(const PlanOrder& order, const LoadedConfig& config) {
  ExportInput input{.config = config, .other_file = std::nullopt};
  input.handed_in = order.export_files;
  return input;
}

}  // namespace

PlanDesk::~PlanDesk() {
  Close();
  std::map<std::string, Job> jobs;
  {
    MutexLock lock(mutex_);
    jobs.swap(jobs_);
  }
  // The workers find their jobs gone, which is all right; each is waited for here.
  jobs.clear();
}

void PlanDesk::Close() { stop_.Request(); }

absl::Status PlanDesk::Check(const PlanOrder& order) const {
  RETURN_IF_ERROR(CheckForm(order));
  return order.obstacle;
}

absl::Status PlanDesk::CheckForm(const PlanOrder& order) const {
  const std::shared_ptr<const LoadedConfig> config = office_.config();
  for (const std::string& id : order.directories) {
    if (config->spec.FindDirectory(id) != nullptr) continue;
    return WithReason(
        v1::NO_SUCH_RESOURCE,
        absl::NotFoundError(absl::StrCat(
            "directories/", id, " is not configured; ListDirectories names those that are")));
  }
  if (order.as_configured_source && !order.export_files.has_value()) {
    return WithReason(
        v1::INVALID_FIELD,
        absl::InvalidArgumentError("as_configured_source is for an uploaded export; leave it out"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> PlanDesk::Begin(const PlanOrder& order) {
  RETURN_IF_ERROR(CheckForm(order));
  Reap();
  std::string id = NewId('p', office_.runtime());
  if (!order.request_id.empty()) {
    auto before = office_.store().requests().Remember(order.requester.name, order.request_id,
                                                      order.digest, id, office_.runtime().Now());
    if (!before.ok()) return WithReason(v1::REQUEST_ID_REUSED, before.status());
    if (before->has_value()) {
      if (office_.store().plans().Summary(**before).ok()) return **before;
      id = **before;  // killed before the plan was begun
    }
  }
  auto job = std::make_shared<PlanOrder>(order);
  absl::Status begun = [&]() -> absl::Status {
    RETURN_IF_ERROR(order.obstacle);
    MutexLock lock(mutex_);
    if (stop_.requested()) return Closed();
    if (jobs_.size() >= kMostAtOnce) {
      return WithReason(v1::LIMIT_EXCEEDED,
                        absl::ResourceExhaustedError(
                            absl::StrCat(jobs_.size(),
                                         " plans are being made, which is the limit; ask again "
                                         "when one of them is done")));
    }
    ASSIGN_OR_RETURN(jobs_[id].lock, RunLock::Acquire(office_.store().file(), id, LockNameOf(id)));
    return absl::OkStatus();
  }();
  if (begun.ok()) {
    begun = office_.store().plans().BeginPlanning(id, order.requester, office_.runtime().Now());
  }
  if (!begun.ok()) {
    if (!order.request_id.empty()) {
      office_.store().requests().Forget(order.requester.name, order.request_id).IgnoreError();
    }
    MutexLock lock(mutex_);
    jobs_.erase(id);
    return begun;
  }
  std::unique_ptr<Runtime::Background> worker = office_.runtime().Start([this, id, job] {
    Make(id, *job, CallContext{&stop_}).IgnoreError();  // told by the plan
    MutexLock lock(mutex_);
    const auto mine = jobs_.find(id);
    if (mine != jobs_.end()) mine->second.done = true;
  });
  MutexLock lock(mutex_);
  const auto mine = jobs_.find(id);
  if (mine != jobs_.end()) mine->second.worker = std::move(worker);
  return id;
}

absl::StatusOr<std::string> PlanDesk::MakeNow(const PlanOrder& order, const CallContext& context) {
  RETURN_IF_ERROR(Check(order));
  const std::string id = NewId('p', office_.runtime());
  ASSIGN_OR_RETURN(const std::unique_ptr<RunLock> lock,
                   RunLock::Acquire(office_.store().file(), id, LockNameOf(id)));
  RETURN_IF_ERROR(
      office_.store().plans().BeginPlanning(id, order.requester, office_.runtime().Now()));
  RETURN_IF_ERROR(Make(id, order, context));
  return id;
}

absl::Status PlanDesk::Make(const std::string& id, const PlanOrder& order,
                            const CallContext& context) {
  const absl::Time begin = office_.runtime().Now();
  const absl::Status made = TryMake(id, order, context);
  if (made.ok()) return made;
  if (office_.observer() != nullptr) {
    Plan plan;
    plan.state = PlanState::kFailed;
    office_.observer()->PlanEnded(plan, office_.runtime().Now() - begin);
  }
  // Somebody may be waiting for what becomes of it: a disk that is full for a while must not leave
  // it PLANNING until the service starts again.
  absl::Status saved = SaveFailed(id, made);
  for (int i = 0; i < kMostSaves && !saved.ok() && !absl::IsAlreadyExists(saved); ++i) {
    const absl::Time next = office_.runtime().Now() + kSaveRetry;
    if (!office_.runtime().SleepUntil(next, context).ok()) break;
    saved = SaveFailed(id, made);
  }
  return saved.ok() ? made : saved;
}

absl::Status PlanDesk::TryMake(const std::string& id, const PlanOrder& order,
                               const CallContext& context) {
  const std::shared_ptr<const LoadedConfig> config = office_.config();
  Store& store = office_.store();
  Runtime& runtime = office_.runtime();
  RETURN_IF_ERROR(MarkInterruptedRuns(store, runtime.Now()));
  absl::StatusOr<Export> exported = ReadConfiguredExport(InputOf(order, *config), runtime, context);
  if (order.release) order.release();
  RETURN_IF_ERROR(exported.status());
  ASSIGN_OR_RETURN(const std::unique_ptr<Wiring> wiring, office_.ConnectBy(*config));
  Planning planning({.spec = config->spec,
                     .store = store,
                     .runtime = runtime,
                     .readers = wiring->readers(),
                     .export_source = SourceName(*config),
                     .observer = office_.observer()});
  PlanRequest request;
  request.directories = order.directories;
  request.plan_id = id;
  request.requester = order.requester;
  if (order.export_files.has_value() && !order.as_configured_source) {
    request.origin = ExportOrigin::kOther;
  }
  return planning.Make(*exported, request, context).status();
}

absl::Status PlanDesk::SaveFailed(const std::string& id, const absl::Status& why) {
  Plan plan;
  plan.id = id;
  plan.state = PlanState::kFailed;
  plan.create_time = office_.runtime().Now();
  plan.state_id = office_.store().state_id();
  Finding& finding = plan.findings.emplace_back();
  finding.name = kPlanningFailed;
  finding.severity = Severity::kBlocking;
  finding.observed = static_cast<int>(ExitCodeOf(why));
  finding.message = std::string(why.message());
  finding.cure = "Correct what the message names, and ask for a new plan.";
  ASSIGN_OR_RETURN(const PlanSummary begun, office_.store().plans().Summary(id));
  return office_.store().plans().Save(plan, ToJson(ToResource(plan, begun.requester)));
}

absl::StatusOr<Explanation> PlanDesk::Explain(const std::string& person,
                                              const CallContext& context) {
  if (stop_.requested()) return Closed();
  const std::shared_ptr<const LoadedConfig> config = office_.config();
  ExportInput input{.config = *config, .other_file = std::nullopt, .keep_all_attributes = true};
  ASSIGN_OR_RETURN(const Export exported, ReadConfiguredExport(input, office_.runtime(), context));
  ASSIGN_OR_RETURN(const std::unique_ptr<Wiring> wiring, office_.ConnectBy(*config));
  Planning planning({.spec = config->spec,
                     .store = office_.store(),
                     .runtime = office_.runtime(),
                     .readers = wiring->readers(),
                     .export_source = SourceName(*config)});
  return planning.Explain(exported, person, context);
}

absl::Status PlanDesk::CloseLeftovers() {
  ASSIGN_OR_RETURN(const std::vector<std::string> left, office_.store().plans().StillPlanning());
  for (const std::string& id : left) {
    const absl::StatusOr<std::unique_ptr<RunLock>> lock =
        RunLock::Acquire(office_.store().file(), id, LockNameOf(id));
    if (!lock.ok()) continue;  // somebody is at it
    RETURN_IF_ERROR(
        SaveFailed(id, absl::AbortedError("the service ended while the plan was being made")));
  }
  return absl::OkStatus();
}

void PlanDesk::Reap() {
  std::vector<Job> done;
  MutexLock lock(mutex_);
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    if (job->second.done && job->second.worker != nullptr) {
      done.push_back(std::move(job->second));
      job = jobs_.erase(job);
    } else {
      ++job;
    }
  }
}

}  // namespace rollcall
