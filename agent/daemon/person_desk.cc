#include "agent/daemon/person_desk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "agent/runs/applying.h"
#include "agent/runs/export_input.h"
#include "agent/runs/planning.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

PersonDesk::~PersonDesk() {
  Close();
  Stop();
  std::list<std::shared_ptr<Job>> jobs;
  {
    MutexLock lock(mutex_);
    jobs.swap(jobs_);
  }
  // Waits; the jobs outlive their workers.
  for (const std::shared_ptr<Job>& job : jobs) job->worker.reset();
}

void PersonDesk::Close() {
  MutexLock lock(mutex_);
  closed_ = true;
}

void PersonDesk::Stop() {
  stop_.Request();
  office_.runtime().Rouse();
}

bool PersonDesk::idle() const {
  MutexLock lock(mutex_);
  return std::all_of(jobs_.begin(), jobs_.end(),
                     [](const std::shared_ptr<Job>& job) { return job->done; });
}

absl::Status PersonDesk::Begin(const PersonOrder& order, const Requester& requester,
                               std::shared_ptr<Listener> listener) {
  Reap();
  auto job = std::make_shared<Job>();
  {
    MutexLock lock(mutex_);
    if (closed_) {
      return WithReason(v1::SHUTTING_DOWN,
                        absl::UnavailableError("the service is shutting down; ask again later"));
    }
    if (jobs_.size() >= kMostAtOnce) {
      return WithReason(v1::LIMIT_EXCEEDED,
                        absl::ResourceExhaustedError(absl::StrCat(
                            jobs_.size(),
                            " people are being seen to, which is the limit; ask again when one of "
                            "them is done")));
    }
    jobs_.push_back(job);
  }
  std::unique_ptr<Runtime::Background> worker =
      office_.runtime().Start([this, job = job.get(), order, requester, listener] {
        listener->Ended(Do(order, requester, *listener));
        {
          MutexLock lock(mutex_);
          job->done = true;
        }
        office_.runtime().Rouse();
      });
  MutexLock lock(mutex_);
  job->worker = std::move(worker);
  return absl::OkStatus();
}

absl::StatusOr<PersonReport> PersonDesk::Do(const PersonOrder& order, const Requester& requester,
                                            PersonTeller& teller) {
  const std::shared_ptr<const LoadedConfig> config = office_.config();
  const CallContext context{&stop_};
  ASSIGN_OR_RETURN(const std::unique_ptr<Wiring> wiring, office_.ConnectBy(*config));
  Planning planning({.spec = config->spec,
                     .store = office_.store(),
                     .runtime = office_.runtime(),
                     .readers = wiring->readers(),
                     .export_source = SourceName(*config),
                     .observer = office_.observer()});
  const ExportInput input{.config = *config, .other_file = std::nullopt};
  PersonWork work(
      {.store = office_.store(),
       .runtime = office_.runtime(),
       .planning = planning,
       .readers = wiring->readers(),
       .read_export = [&] { return ReadConfiguredExport(input, office_.runtime(), context); },
       .apply = [&](const Plan& plan) { return Apply(plan, requester); },
       .command = "rollcall",
       .requester = requester});
  return work.Do(order, teller, context);
}

absl::StatusOr<std::optional<RunRecord>> PersonDesk::Apply(const Plan& plan,
                                                           const Requester& requester) {
  if (plan.state == PlanState::kEmpty) {
    // That there is nothing to do may be what a run that is at work there has just changed.
    ASSIGN_OR_RETURN(const auto overtaking, office_.store().runs().Overtaking(plan.id));
    if (!overtaking.has_value()) return std::optional<RunRecord>();
    return WithReason(v1::DIRECTORY_BUSY,
                      absl::FailedPreconditionError(absl::StrCat(
                          "run ", overtaking->run, " is changing ", overtaking->directory)));
  }
  ApplyOrder order;
  order.plan = plan.id;
  order.etag = plan.etag;
  order.requester = requester;
  ASSIGN_OR_RETURN(RunRecord run, runs_.ApplyNow(order, CallContext{&stop_}));
  return std::optional<RunRecord>(std::move(run));
}

void PersonDesk::Reap() {
  std::list<std::shared_ptr<Job>> done;  // waited for without the lock
  MutexLock lock(mutex_);
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    if ((*job)->done && (*job)->worker != nullptr) {
      done.push_back(*job);
      job = jobs_.erase(job);
    } else {
      ++job;
    }
  }
}

}  // namespace rollcall
