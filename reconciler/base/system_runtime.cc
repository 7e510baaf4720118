#include "reconciler/base/system_runtime.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/time/clock.h"

namespace rollcall {
namespace {

class BackgroundThread final : public Runtime::Background {
 public:
  explicit BackgroundThread(std::function<void()> task) : thread_(std::move(task)) {}
  ~BackgroundThread() override { thread_.join(); }

 private:
  std::thread thread_;
};

}  // namespace

SystemRuntime::SystemRuntime() : random_(std::random_device{}()) {}

absl::Time SystemRuntime::Now() { return absl::Now(); }

absl::Status SystemRuntime::SleepUntil(absl::Time when, const CallContext& context) {
  if (when > context.deadline) return absl::DeadlineExceededError("the time for this call is over");
  while (true) {
    if (context.stopped()) return absl::CancelledError("the run is being stopped");
    absl::Duration left = when - absl::Now();
    if (left <= absl::ZeroDuration()) return absl::OkStatus();
    absl::SleepFor(std::min(left, absl::Milliseconds(50)));
  }
}

uint64_t SystemRuntime::Random() {
  MutexLock lock(mutex_);
  return random_();
}

void SystemRuntime::RunAll(std::vector<std::function<void()>> tasks) {
  if (tasks.empty()) return;
  std::vector<std::thread> threads;
  for (size_t i = 1; i < tasks.size(); ++i) threads.emplace_back(std::move(tasks[i]));
  tasks.front()();
  for (std::thread& thread : threads) thread.join();
}

std::unique_ptr<Runtime::Background> SystemRuntime::Start(std::function<void()> task) {
  return std::make_unique<BackgroundThread>(std::move(task));
}

void SystemRuntime::IdleUntil(absl::Time when, const std::function<bool()>& woken) {
  absl::Time last = absl::InfinitePast();
  for (absl::Time now = absl::Now(); last <= now && now < when && !woken(); now = absl::Now()) {
    absl::SleepFor(std::min(when - now, kIdleLook));
    last = now;
  }
}

}  // namespace rollcall
