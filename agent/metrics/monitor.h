// Monitor: what a daemon shows of itself: metrics and health, and the pages for them on a port of
// their own. Told of all work as a WorkObserver; reads from the state only when the main loop says
// so (Look), so that nobody who asks for a page waits for a run.
//
//   Monitor monitor(store, runtime, "0.1.0");
//   ASSIGN_OR_RETURN(const std::string address, monitor.Listen("127.0.0.1:9464", sources));
//   for (const Monitor::News& news : monitor.Look(directories)) …  // every half minute, or
//   wanted()
//
// Thread-safe, but for Listen, Look and Close, which the main loop's thread calls.
#ifndef AGENT_METRICS_MONITOR_H_
#define AGENT_METRICS_MONITOR_H_

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/daemon/scheduler.h"
#include "agent/metrics/metrics.h"
#include "agent/metrics/page_server.h"
#include "agent/metrics/situation.h"
#include "agent/runs/work_observer.h"
#include "agent/store/store.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Monitor final : public WorkObserver {
 public:
  // Asked for every page; must not block.
  struct Sources {
    std::function<std::vector<ScheduleStatus>()> schedules;
    std::function<int64_t()> runs_active;
  };
  // Something that was well and is not any more, or the other way round.
  struct News {
    std::string directory;  // "": the state file
    bool well = false;
    std::string problem;  // a sentence, where it is not
  };

  Monitor(Store& store, Runtime& runtime, std::string version);

  // Serves /metrics, /healthz and /readyz. The address with the port that the system chose.
  absl::StatusOr<std::string> Listen(const std::string& address, Sources sources);

  // The main loop comes round: reads what the state knows of these directories, as they are
  // configured now. What has changed since the last look; at the first one, what is not well.
  std::vector<News> Look(const std::vector<std::string>& directories);
  // Is there something new to look for? Made true from any thread, which rouses the runtime.
  bool wanted() const { return wanted_.load(std::memory_order_acquire); }
  // By the last look; also of one that is not known.
  bool IsWell(const std::string& directory) const;

  void HoldsSchedules(bool holds);
  void Reloaded(bool successful);
  void Stopping();
  void Cleaned(const StateSize& size);
  void Deleted(const Deletions& deletions) { metrics_.Deleted(deletions); }
  // Serves no more pages.
  void Close() { server_.reset(); }

  void Sent(absl::string_view directory, absl::string_view endpoint,
            absl::string_view result) override {
    metrics_.Sent(directory, endpoint, result);
  }
  void Throttled(absl::string_view directory, absl::Duration duration, bool begins,
                 int http_status) override {
    metrics_.Throttled(directory, duration, begins, http_status);
  }
  void PlanEnded(const Plan& plan, absl::Duration took) override;
  void RunEnded(const Plan& plan, const RunRecord& run) override;

 private:
  Situation Now() const;
  void Want();

  Store& store_;
  Runtime& runtime_;
  Metrics metrics_;
  Sources sources_;
  std::atomic<bool> wanted_{false};
  mutable Mutex mutex_;
  Situation situation_ ABSL_GUARDED_BY(mutex_);  // but for what the sources say
  std::unique_ptr<PageServer> server_;           // goes first
};

}  // namespace rollcall

#endif  // AGENT_METRICS_MONITOR_H_
