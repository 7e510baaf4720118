// Agent: `rollcall serve`: the service, the schedules, and what keeps them going, on one
// configuration and one state. Owns everything. One thread runs it.
//
//   ASSIGN_OR_RETURN(const std::unique_ptr<Agent> agent, Agent::Open(options, runtime));
//   agent->Run(stop, reload);  // until it is stopped
//
// Errors of Open carry their exit code (refusal.h).
#ifndef AGENT_SERVICE_AGENT_H_
#define AGENT_SERVICE_AGENT_H_

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/daemon/office.h"
#include "agent/daemon/person_desk.h"
#include "agent/daemon/plan_desk.h"
#include "agent/daemon/run_desk.h"
#include "agent/daemon/scheduler.h"
#include "agent/daemon/uploads.h"
#include "agent/service/access.h"
#include "agent/service/hands.h"
#include "agent/service/listener.h"
#include "agent/service/log.h"
#include "agent/service/observation.h"
#include "agent/service/person_streams.h"
#include "agent/service/reconciler_service.h"
#include "agent/service/service_manager.h"
#include "agent/service/watchers.h"
#include "agent/store/run_lock.h"
#include "agent/store/store.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Agent {
 public:
  // `config_file` is read again on a reload. The log and the runtime outlive the agent.
  static absl::StatusOr<std::unique_ptr<Agent>> Open(const std::string& config_file,
                                                     Runtime& runtime, Log& log);
  ~Agent();
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  const std::string& address() const { return listener_->address(); }
  // Of the metrics and the health pages; "": there are none.
  const std::string& metrics_address() const { return observation_.address(); }

  // Until `stop`; what is in flight then has the configured time, and is interrupted after it.
  // `reload`: true once for each time that the configuration is to be read again. The manager is
  // told all along how it goes.
  void Run(const StopFlag& stop, const std::function<bool()>& reload, ServiceManager& manager);

  // Reads the configuration again. One with errors, another state or another address changes
  // nothing, and is logged.
  absl::Status Reload();

 private:
  Agent(std::shared_ptr<const LoadedConfig> config, std::unique_ptr<Store> store, Runtime& runtime,
        Log& log);
  absl::Status Start();
  absl::StatusOr<WorkReport> DoScheduled(const Schedule& schedule, const CallContext& context);
  void TakeSchedules();
  void UpdateHealth();
  void ReloadOrSay(ServiceManager& manager);
  std::string StatusSentence() const;  // for `systemctl status`
  void Drain(ServiceManager& manager);

  const std::string config_file_;
  Runtime& runtime_;
  Log& log_;
  std::unique_ptr<Store> store_;
  Observation observation_;
  Office office_;
  bool config_refused_ = false;  // the last time that it was read
  StopFlag stop_reading_;        // what callers wait for
  StopFlag stop_schedules_;      // no more starts
  StopFlag stop_scheduled_;      // what they started
  mutable Mutex mutex_;
  std::shared_ptr<const Access> access_ ABSL_GUARDED_BY(mutex_);
  PlanDesk plans_;
  RunDesk runs_;
  PersonDesk people_;
  Uploads uploads_;
  Watchers watchers_;
  PersonStreams person_streams_;
  Hands hands_;
  Hands readers_;
  std::unique_ptr<RunLock> schedules_lock_;
  std::unique_ptr<Scheduler> scheduler_;
  std::unique_ptr<Runtime::Background> scheduling_;
  std::set<std::string> shown_directories_;  // in the health service
  std::unique_ptr<ReconcilerService> service_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_AGENT_H_
