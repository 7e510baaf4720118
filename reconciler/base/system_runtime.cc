#include "reconciler/base/system_runtime.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
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

// Until `word` is no longer `seen`, or for `time`. Nothing of the standard library waits with a
// time limit for what a signal handler may do.
void Nap(std::atomic<uint32_t>& word, uint32_t seen, absl::Duration time) {
  static_assert(sizeof(word) == sizeof(uint32_t));
  const timespec limit = absl::ToTimespec(time);
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, seen, &limit, nullptr, 0);
}

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
  while (true) {
    const uint32_t seen = roused_.load();  // before looking, or a call in between would be missed
    const absl::Time now = absl::Now();
    if (now < last || now >= when || woken()) return;
    Nap(roused_, seen, std::min(when - now, kIdleLook));
    last = now;
  }
}

void SystemRuntime::Rouse() {
  roused_.fetch_add(1);
  const int before = errno;  // a signal handler must not change it
  syscall(SYS_futex, &roused_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
  errno = before;
}

}  // namespace rollcall
