#include "tests/support/fake_runtime.h"

#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"

namespace rollcall {

FakeRuntime::FakeRuntime(uint64_t seed)
    : now_(absl::FromCivil(absl::CivilDay(2026, 1, 1), absl::UTCTimeZone())), random_(seed) {}

absl::Time FakeRuntime::Now() {
  MutexLock lock(mutex_);
  return now_;
}

absl::Status FakeRuntime::SleepUntil(absl::Time when, const CallContext& context) {
  MutexLock lock(mutex_);
  if (when > context.deadline) return absl::DeadlineExceededError("the time for this call is over");
  if (context.stopped()) return absl::CancelledError("the run is being stopped");
  if (when <= now_) return absl::OkStatus();
  const bool stops = stop_ != nullptr && stop_at_ <= when;
  const bool wakes = stops && context.stop == stop_;
  const absl::Time until = wakes ? std::max(now_, stop_at_) : when;
  slept_ += until - now_;
  ++sleeps_;
  now_ = until;
  if (stops) stop_->Request();
  if (wakes) return absl::CancelledError("the run is being stopped");
  return absl::OkStatus();
}

uint64_t FakeRuntime::Random() {
  MutexLock lock(mutex_);
  return random_();
}

void FakeRuntime::RunAll(std::vector<std::function<void()>> tasks) {
  for (std::function<void()>& task : tasks) std::move(task)();
}

void FakeRuntime::Advance(absl::Duration duration) {
  MutexLock lock(mutex_);
  now_ += duration;
  if (stop_ != nullptr && stop_at_ <= now_) stop_->Request();
}

void FakeRuntime::StopAt(absl::Time when, StopFlag* flag) {
  MutexLock lock(mutex_);
  stop_at_ = when;
  stop_ = flag;
}

absl::Duration FakeRuntime::slept() {
  MutexLock lock(mutex_);
  return slept_;
}

int FakeRuntime::sleeps() {
  MutexLock lock(mutex_);
  return sleeps_;
}

}  // namespace rollcall
