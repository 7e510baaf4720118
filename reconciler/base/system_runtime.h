// The Runtime of a real process: the system's clock, std::thread workers, a random device.
#ifndef RECONCILER_BASE_SYSTEM_RUNTIME_H_
#define RECONCILER_BASE_SYSTEM_RUNTIME_H_

#include <atomic>
#include <cstdint>
#include <random>

#include "reconciler/base/mutex.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class SystemRuntime final : public Runtime {
 public:
  SystemRuntime();
  absl::Time Now() override;
  absl::Status SleepUntil(absl::Time when, const CallContext& context) override;
  uint64_t Random() override;
  void RunAll(std::vector<std::function<void()>> tasks) override;
  std::unique_ptr<Background> Start(std::function<void()> task) override;
  // One wake-up a second.
  void IdleUntil(absl::Time when, const std::function<bool()>& woken) override;
  void Rouse() override;

 private:
  std::atomic<uint32_t> roused_{0};  // how often
  Mutex mutex_;
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // RECONCILER_BASE_SYSTEM_RUNTIME_H_
