#include "tests/support/lockstep_runtime.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace rollcall {

class LockstepRuntime::Running final : public Runtime::Background {
 public:
  Running(LockstepRuntime& runtime, Worker& worker) : runtime_(runtime), worker_(worker) {}
  ~Running() override { runtime_.WaitFor(worker_); }

 private:
  LockstepRuntime& runtime_;
  Worker& worker_;
};

LockstepRuntime::LockstepRuntime(absl::Time start, uint64_t seed)
    : now_(start), random_(seed), current_(&workers_.emplace_back()) {}

LockstepRuntime::~LockstepRuntime() = default;

absl::Time LockstepRuntime::Now() {
  std::unique_lock<std::mutex> lock(mutex_);
  return now_;
}

absl::Status LockstepRuntime::SleepUntil(absl::Time when, const CallContext& context) {
  if (when > context.deadline) return absl::DeadlineExceededError("the time for this call is over");
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& self = *current_;
  self.asleep = true;
  self.until = when;
  self.context = &context;
  HandOver(lock);
  self.asleep = false;
  self.context = nullptr;
  if (context.stopped()) return absl::CancelledError("the run is being stopped");
  return absl::OkStatus();
}

uint64_t LockstepRuntime::Random() {
  std::unique_lock<std::mutex> lock(mutex_);
  return random_();
}

void LockstepRuntime::RunAll(std::vector<std::function<void()>> tasks) {
  std::vector<std::unique_ptr<Background>> running;
  running.reserve(tasks.size());
  for (std::function<void()>& task : tasks) running.push_back(Start(std::move(task)));
}

std::unique_ptr<Runtime::Background> LockstepRuntime::Start(std::function<void()> task) {
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& worker = workers_.emplace_back();
  worker.thread = std::thread([this, &worker, task = std::move(task)] { RunWorker(worker, task); });
  return std::make_unique<Running>(*this, worker);
}

void LockstepRuntime::IdleUntil(absl::Time when, const std::function<bool()>& woken) {
  std::unique_lock<std::mutex> lock(mutex_);
  ++idled_;
  Worker& self = *current_;
  self.asleep = true;
  self.until = when;
  self.woken = &woken;
  self.set_back = false;
  HandOver(lock);
  self.asleep = false;
  self.woken = nullptr;
}

void LockstepRuntime::StepClock(absl::Duration by) {
  std::unique_lock<std::mutex> lock(mutex_);
  now_ += by;
  for (Worker& worker : workers_) worker.set_back = by < absl::ZeroDuration();
}

int64_t LockstepRuntime::idled() {
  std::unique_lock<std::mutex> lock(mutex_);
  return idled_;
}

bool LockstepRuntime::CanGoOn(const Worker& worker, absl::Time now) {
  if (worker.ended) return false;
  if (worker.waits_for != nullptr) return worker.waits_for->ended;
  if (!worker.asleep || worker.until <= now) return true;
  if (worker.context != nullptr) return worker.context->stopped();
  return worker.woken != nullptr && (worker.set_back || (*worker.woken)());
}

LockstepRuntime::Worker& LockstepRuntime::Choose() {
  while (true) {  // ends: the second round finds the sleeper whose time has come
    absl::Time next = absl::InfiniteFuture();
    for (Worker& worker : workers_) {
      if (CanGoOn(worker, now_)) return worker;
      const bool sleeps = !worker.ended && worker.waits_for == nullptr;
      if (sleeps) next = std::min(next, worker.until);
    }
    if (next == absl::InfiniteFuture()) {
      std::fputs("LockstepRuntime: the workers wait for each other for ever\n", stderr);
      std::abort();
    }
    now_ = next;
  }
}

void LockstepRuntime::HandOver(std::unique_lock<std::mutex>& lock) {
  Worker& self = *current_;
  current_ = &Choose();
  if (current_ == &self) return;
  current_->turn.notify_one();
  self.turn.wait(lock, [&] { return current_ == &self; });
}

void LockstepRuntime::RunWorker(Worker& worker, const std::function<void()>& task) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    worker.turn.wait(lock, [&] { return current_ == &worker; });
  }
  task();
  std::unique_lock<std::mutex> lock(mutex_);
  worker.ended = true;
  current_ = &Choose();
  current_->turn.notify_one();
}

void LockstepRuntime::WaitFor(Worker& worker) {
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& self = *current_;
  self.waits_for = &worker;
  HandOver(lock);
  self.waits_for = nullptr;
  lock.unlock();
  worker.thread.join();
  lock.lock();
  workers_.remove_if([&](const Worker& other) { return &other == &worker; });
}

}  // namespace rollcall
