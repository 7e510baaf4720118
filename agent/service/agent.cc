#include "agent/service/agent.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/config/spans.h"
#include "agent/daemon/scheduled_work.h"
#include "agent/runs/refusal.h"
#include "agent/runs/wiring.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr absl::Duration kUsualDrain = absl::Seconds(30);
constexpr absl::Duration kAnswering = absl::Seconds(5);       // for what is answered while it ends
constexpr absl::Duration kMostAfterDrain = absl::Minutes(1);  // requests in flight, and answers
constexpr absl::Duration kSchedulesRetry = absl::Seconds(30);
constexpr int64_t kUsualMaxUpload = int64_t{1} << 30;
constexpr int kHands = 4;
constexpr size_t kMostWaiting = 1000;
constexpr int kReaders = 2;
constexpr size_t kMostReadersWaiting = 8;
constexpr char kServiceName[] = "rollcall.v1.Reconciler";
constexpr char kSchedules[] = "the schedules";  // no directory's id holds a space

int64_t MaxUploadOf(const LoadedConfig& config) {
  const config::v1::Serve& serve = config.proto.serve();
  return serve.has_max_upload() ? serve.max_upload() : kUsualMaxUpload;
}

absl::Duration DrainOf(const LoadedConfig& config) {
  const config::v1::Serve& serve = config.proto.serve();
  return serve.has_drain() ? config::ToSpan(serve.drain()) : kUsualDrain;
}

Office::Connect Connector(Store& store, Runtime& runtime, RequestObserver& observer) {
  static NoProgress& kNoProgress = *new NoProgress;
  return [&store, &runtime, &observer](const LoadedConfig& config) {
    return Wiring::Connect(config, runtime, kNoProgress, &store.traits(), Patience::kUsual,
                           &observer);
  };
}

}  // namespace

Agent::Agent(std::shared_ptr<const LoadedConfig> config, std::unique_ptr<Store> store,
             Runtime& runtime, Log& log)
    : config_file_(config->file),
      runtime_(runtime),
      log_(log),
      store_(std::move(store)),
      observation_(*store_, runtime, log),
      office_(config, *store_, runtime, Connector(*store_, runtime, observation_.monitor()),
              &observation_.monitor()),
      access_(std::make_shared<const Access>(config->proto.serve())),
      plans_(office_),
      runs_(office_),
      people_(office_, runs_),
      uploads_(absl::StrCat(store_->file(), ".uploads"), MaxUploadOf(*config), runtime),
      watchers_(*store_, runtime),
      person_streams_(people_, runtime),
      hands_(kHands, kMostWaiting),
      readers_(kReaders, kMostReadersWaiting) {}

absl::StatusOr<std::unique_ptr<Agent>> Agent::Open(const std::string& config_file, Runtime& runtime,
                                                   Log& log) {
  absl::StatusOr<LoadedConfig> loaded = LoadConfig(config_file);
  if (!loaded.ok()) return WithExitCode(ExitCode::kUsage, loaded.status());
  auto config = std::make_shared<const LoadedConfig>(*std::move(loaded));
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store, Store::Open(config->StatePath()));
  std::unique_ptr<Agent> agent(new Agent(config, std::move(store), runtime, log));
  RETURN_IF_ERROR(agent->Start());
  return agent;
}

absl::Status Agent::Start() {
  const std::shared_ptr<const LoadedConfig> config = office_.config();
  RETURN_IF_ERROR(uploads_.Clear());
  RETURN_IF_ERROR(plans_.CloseLeftovers());
  ASSIGN_OR_RETURN(const std::vector<Schedule> schedules, SchedulesOf(config->proto));
  ASSIGN_OR_RETURN(scheduler_,
                   Scheduler::Open(runtime_, store_->schedules(), schedules,
                                   [this](const Schedule& schedule, const CallContext& context) {
                                     return DoScheduled(schedule, context);
                                   }));
  service_ = std::make_unique<ReconcilerService>(
      ServiceParts{office_, plans_, runs_, uploads_, watchers_, person_streams_, hands_, readers_,
                   [this] {
                     MutexLock lock(mutex_);
                     return access_;
                   },
                   [this] { return scheduler_->status(); }, stop_reading_});
  ASSIGN_OR_RETURN(listener_, Listener::Open(*config, *service_));
  RETURN_IF_ERROR(observation_.Start(
      *config, {[this] { return scheduler_->status(); }, [this] { return runs_.active(); }}));
  // After the addresses are ours, so that a second agent on them does nothing.
  RETURN_IF_ERROR(runs_.ResumeInterrupted());
  TakeSchedules();
  UpdateHealth();
  return absl::OkStatus();
}

Agent::~Agent() {
  stop_reading_.Request();
  stop_schedules_.Request();
  stop_scheduled_.Request();
  plans_.Close();
  people_.Close();
  people_.Stop();
  runs_.Close();
  watchers_.Close();
  person_streams_.Close();
  runtime_.Rouse();
  scheduling_.reset();
  observation_.Close();
  if (listener_ != nullptr) listener_->Close(absl::ZeroDuration());
}

void Agent::TakeSchedules() {
  if (scheduling_ != nullptr) return;
  absl::StatusOr<std::unique_ptr<RunLock>> lock =
      RunLock::Acquire(store_->file(), "another agent", {kSchedules});
  if (!lock.ok()) {
    log_.Warn("another agent runs the schedules of this state; this one waits for it");
    return;
  }
  schedules_lock_ = *std::move(lock);
  scheduling_ = runtime_.Start(
      [this] { scheduler_->Run(CallContext{&stop_schedules_}, CallContext{&stop_scheduled_}); });
}

absl::StatusOr<WorkReport> Agent::DoScheduled(const Schedule& schedule,
                                              const CallContext& context) {
  log_.Info("schedule starts", {{"schedule", schedule.name}});
  ASSIGN_OR_RETURN(WorkReport report, DoScheduledWork({*store_, plans_, runs_}, schedule, context));
  if (!report.run.empty()) {
    log_.Info("schedule ended",
              {{"schedule", schedule.name}, {"run", report.run}, {"plan", report.plan}});
  }
  return report;
}

absl::Status Agent::Reload() {
  absl::StatusOr<LoadedConfig> loaded = LoadConfig(config_file_);
  RETURN_IF_ERROR(loaded.status());
  const std::shared_ptr<const LoadedConfig> before = office_.config();
  auto config = std::make_shared<const LoadedConfig>(*std::move(loaded));
  const config::v1::Serve& serve = config->proto.serve();
  if (config->StatePath() != before->StatePath() ||
      serve.listen() != before->proto.serve().listen() ||
      serve.metrics() != before->proto.serve().metrics() ||
      serve.tls().SerializeAsString() != before->proto.serve().tls().SerializeAsString()) {
    return absl::FailedPreconditionError(
        absl::StrCat(config_file_,
                     ": `state`, `serve.listen`, `serve.metrics` and the names of `serve.tls` "
                     "take effect at the next start only"));
  }
  // Without callers whoever reaches it may do everything: an emptied list must not open a service
  // that was closed, wherever it listens. The next start judges that anew.
  if (serve.callers().empty() && !before->proto.serve().callers().empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(config_file_,
                     ": `serve.callers` is gone, which would let everybody do everything; if that "
                     "is meant, start again"));
  }
  ASSIGN_OR_RETURN(std::vector<Schedule> schedules, SchedulesOf(config->proto));
  office_.Replace(config);
  uploads_.set_max_size(MaxUploadOf(*config));
  scheduler_->Replace(std::move(schedules));
  auto access = std::make_shared<const Access>(serve);
  MutexLock lock(mutex_);
  access_ = std::move(access);
  return absl::OkStatus();
}

void Agent::UpdateHealth() {
  bool well = true;
  for (const ScheduleStatus& status : scheduler_->status()) {
    const std::string problem = HealthProblem(status);
    if (!problem.empty()) well = false;
  }
  listener_->SetHealth(kServiceName, true);
  listener_->SetHealth("schedules", well);
  const std::shared_ptr<const LoadedConfig> config = office_.config();
  observation_.ComeRound(*config, scheduling_ != nullptr, runs_.idle());
  std::set<std::string> gone = std::move(shown_directories_);
  shown_directories_.clear();
  for (const DirectorySpec& spec : config->spec.directories) {
    listener_->SetHealth(absl::StrCat("directories/", spec.id),
                         observation_.monitor().IsWell(spec.id));
    shown_directories_.insert(spec.id);
    gone.erase(spec.id);
  }
  for (const std::string& id : gone) listener_->SetHealth(absl::StrCat("directories/", id), false);
}

std::string Agent::StatusSentence() const {
  const std::vector<ScheduleStatus> schedules = scheduler_->status();
  std::string sentence =
      absl::StrCat("Listening on ", address(), "; schedules: ", schedules.size());
  if (config_refused_) {
    absl::StrAppend(&sentence, "; the changed configuration was refused, and the log says why");
  }
  for (const ScheduleStatus& status : schedules) {
    const std::string problem = HealthProblem(status);
    if (!problem.empty()) absl::StrAppend(&sentence, "; ", problem);
  }
  return sentence;
}

void Agent::ReloadOrSay(ServiceManager& manager) {
  manager.Reloading();
  const absl::Status status = Reload();
  if (status.ok()) {
    log_.Info("the configuration was read again", {{"file", config_file_}});
  } else {
    log_.Error("the configuration was read again and is not used; the old one stays",
               {{"error", std::string(status.message())}});
  }
  config_refused_ = !status.ok();
  observation_.monitor().Reloaded(status.ok());
  UpdateHealth();
  manager.Ready(StatusSentence());
}

void Agent::Run(const StopFlag& stop, const std::function<bool()>& reload,
                ServiceManager& manager) {
  manager.Ready(StatusSentence());
  absl::Time retry = runtime_.Now() + kSchedulesRetry;
  bool again = false;
  const auto woken = [&] {
    again = again || reload();
    return again || stop.requested() || observation_.monitor().wanted();
  };
  while (!stop.requested()) {
    runtime_.IdleUntil(std::min(retry, manager.next_beat()), woken);
    manager.Beat(runtime_.Now(), [this] { return hands_.Moves(); });
    if (again) {
      again = false;
      ReloadOrSay(manager);
    }
    if (observation_.monitor().wanted()) UpdateHealth();
    if (runtime_.Now() < retry) continue;
    retry = runtime_.Now() + kSchedulesRetry;
    TakeSchedules();
    UpdateHealth();
    manager.Status(StatusSentence());
  }
  Drain(manager);
}

void Agent::Drain(ServiceManager& manager) {
  const absl::Duration patience = DrainOf(*office_.config());
  manager.Stopping(patience + kMostAfterDrain);
  log_.Info("stopping: what is in flight may end", {{"drain", absl::FormatDuration(patience)}});
  listener_->SetHealth("", false);
  observation_.monitor().Stopping();
  stop_schedules_.Request();
  runtime_.Rouse();
  plans_.Close();
  people_.Close();
  const auto idle = [this] { return runs_.idle() && people_.idle(); };
  runtime_.IdleUntil(runtime_.Now() + patience, idle);
  people_.Stop();
  if (!runs_.idle()) log_.Warn("interrupting the runs at work; the next start goes on with them");
  stop_scheduled_.Request();
  stop_reading_.Request();
  runs_.Close();
  while (!idle()) runtime_.IdleUntil(runtime_.Now() + absl::Seconds(1), idle);
  // Watchers see the last events first.
  runtime_.IdleUntil(runtime_.Now() + 2 * Watchers::kLook, [] { return false; });
  watchers_.Close();
  person_streams_.Close();
  listener_->Close(kAnswering);
  scheduling_.reset();
  observation_.Close();
  log_.Info("stopped");
}

}  // namespace rollcall
