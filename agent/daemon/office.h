// Office: what the parts of the daemon work with: the configuration as it is now, the state, time
// and workers. Thread-safe. Everything in it outlives those who work with it.
#ifndef AGENT_DAEMON_OFFICE_H_
#define AGENT_DAEMON_OFFICE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/config/load_config.h"
#include "agent/runs/wiring.h"
#include "agent/runs/work_observer.h"
#include "agent/store/store.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Office {
 public:
  // How a piece of work gets its directories: connections of its own, since what a reader learns
  // while it reads belongs to one piece of work.
  using Connect = std::function<absl::StatusOr<std::unique_ptr<Wiring>>(const LoadedConfig&)>;

  // `observer`, null for none, is told of all work.
  Office(std::shared_ptr<const LoadedConfig> config, Store& store, Runtime& runtime,
         Connect connect, WorkObserver* observer = nullptr)
      : store_(store),
        runtime_(runtime),
        connect_(std::move(connect)),
        observer_(observer),
        config_(std::move(config)) {}

  // A piece of work keeps the one that it began with.
  std::shared_ptr<const LoadedConfig> config() const {
    MutexLock lock(mutex_);
    return config_;
  }
  void Replace(std::shared_ptr<const LoadedConfig> config) {
    MutexLock lock(mutex_);
    config_ = std::move(config);
  }

  absl::StatusOr<std::unique_ptr<Wiring>> ConnectBy(const LoadedConfig& config) const {
    return connect_(config);
  }
  Store& store() const { return store_; }
  Runtime& runtime() const { return runtime_; }
  WorkObserver* observer() const { return observer_; }

 private:
  Store& store_;
  Runtime& runtime_;
  const Connect connect_;
  WorkObserver* const observer_;
  mutable Mutex mutex_;
  std::shared_ptr<const LoadedConfig> config_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // AGENT_DAEMON_OFFICE_H_
