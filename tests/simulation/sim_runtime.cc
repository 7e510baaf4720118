#include "tests/simulation/sim_runtime.h"

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace rollcall::simulation {
namespace {

// Of a look at the clock, in thousand: enough for every interleaving to come up, at a third of the
// price.
constexpr int64_t kTurnsAtTheClock = 300;

}  // namespace

class SimRuntime::Running final : public Runtime::Background {
 public:
  Running(SimRuntime& runtime, Worker& worker) : runtime_(runtime), worker_(worker) {}
  ~Running() override { runtime_.WaitFor(worker_); }

 private:
  SimRuntime& runtime_;
  Worker& worker_;
};

SimRuntime::SimRuntime(Dice dice, EventLog& log, std::string name)
    : log_(log),
      name_(std::move(name)),
      dice_(dice.Split()),
      random_(dice.Split()),
      start_(absl::FromCivil(absl::CivilDay(2026, 1, 1), absl::UTCTimeZone())) {
  workers_.emplace_back().number = next_number_++;
  current_ = &workers_.front();
  log_.set_stamp([this] {
    return absl::StrFormat("%9.3f w%d ", absl::ToDoubleSeconds(elapsed_), current_->number);
  });
}

absl::Time SimRuntime::Now() {
  if (workers_.size() > 1 && dice_.Chance(kTurnsAtTheClock)) Yield();
  return WallTime();
}

absl::Status SimRuntime::SleepUntil(absl::Time when, const CallContext& context) {
  if (when > context.deadline) return absl::DeadlineExceededError("the time for this call is over");
  if (context.stopped()) return absl::CancelledError("the run is being stopped");
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& self = *current_;
  self.asleep = true;
  self.until = when;
  self.by_true_time = false;
  self.context = &context;
  HandOver(lock);
  self.asleep = false;
  if (context.stopped()) return absl::CancelledError("the run is being stopped");
  return absl::OkStatus();
}

void SimRuntime::Travel(absl::Duration duration) {
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& self = *current_;
  self.asleep = true;
  self.until = TrueTime() + duration;
  self.by_true_time = true;
  self.context = nullptr;
  HandOver(lock);
  self.asleep = false;
}

uint64_t SimRuntime::Random() { return random_.Next(); }

void SimRuntime::RunAll(std::vector<std::function<void()>> tasks) {
  if (tasks.empty()) return;
  std::vector<std::thread> threads;
  threads.reserve(tasks.size());
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& self = *current_;
  self.children = static_cast<int>(tasks.size());
  for (std::function<void()>& task : tasks) {
    Worker& worker = workers_.emplace_back();
    worker.number = next_number_++;
    worker.parent = &self;
    threads.emplace_back([this, &worker, &task] { RunWorker(worker, task); });
  }
  HandOver(lock);
  lock.unlock();
  for (std::thread& thread : threads) thread.join();
  lock.lock();
  workers_.remove_if([&](const Worker& worker) { return worker.ended && worker.parent == &self; });
}

std::unique_ptr<Runtime::Background> SimRuntime::Start(std::function<void()> task) {
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& worker = workers_.emplace_back();
  worker.number = next_number_++;
  worker.thread = std::thread([this, &worker, task = std::move(task)] { RunWorker(worker, task); });
  HandOver(lock);
  return std::make_unique<Running>(*this, worker);
}

void SimRuntime::WaitFor(Worker& worker) {
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

void SimRuntime::IdleUntil(absl::Time when, const std::function<bool()>& woken) {
  std::unique_lock<std::mutex> lock(mutex_);
  Worker& self = *current_;
  self.asleep = true;
  self.until = when;
  self.by_true_time = false;
  self.context = nullptr;
  self.woken = &woken;
  self.set_back = false;
  HandOver(lock);
  self.asleep = false;
  self.woken = nullptr;
}

void SimRuntime::RunWorker(Worker& worker, const std::function<void()>& task) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    worker.turn.wait(lock, [&] { return current_ == &worker; });
  }
  task();
  std::unique_lock<std::mutex> lock(mutex_);
  worker.ended = true;
  if (worker.parent != nullptr) --worker.parent->children;
  current_ = &Choose();
  current_->turn.notify_one();
}

void SimRuntime::Yield() {
  if (workers_.size() == 1) return;
  std::unique_lock<std::mutex> lock(mutex_);
  HandOver(lock);
}

bool SimRuntime::CanGoOn(const Worker& worker) const {
  if (worker.ended || worker.children > 0) return false;
  if (worker.waits_for != nullptr) return worker.waits_for->ended;
  if (!worker.asleep || TimeLeft(worker) <= absl::ZeroDuration()) return true;
  if (worker.woken != nullptr) return worker.set_back || (*worker.woken)();
  return worker.context != nullptr && worker.context->stopped();
}

absl::Duration SimRuntime::TimeLeft(const Worker& worker) const {
  return worker.until - (worker.by_true_time ? TrueTime() : WallTime());
}

SimRuntime::Worker& SimRuntime::Choose() {
  ++turns_;
  while (true) {  // ends: each round wakes the next sleeper, or there is none
    ready_.clear();
    const Worker* next = nullptr;
    for (Worker& worker : workers_) {
      if (CanGoOn(worker)) {
        ready_.push_back(&worker);
      } else if (!worker.ended && worker.children == 0 && worker.waits_for == nullptr) {
        if (next == nullptr || TimeLeft(worker) < TimeLeft(*next)) next = &worker;
      }
    }
    if (!ready_.empty()) return *ready_[dice_.Below(static_cast<int64_t>(ready_.size()))];
    if (next == nullptr || TimeLeft(*next) == absl::InfiniteDuration()) Deadlock();
    elapsed_ += TimeLeft(*next);
  }
}

void SimRuntime::HandOver(std::unique_lock<std::mutex>& lock) {
  Worker& self = *current_;
  Worker& next = Choose();
  if (&next == &self) return;
  current_ = &next;
  next.turn.notify_one();
  self.turn.wait(lock, [&] { return current_ == &self; });
}

void SimRuntime::Deadlock() {
  std::fprintf(stderr, "%s: the workers wait for each other for ever; the last events:\n%s",
               name_.c_str(), log_.Tail().c_str());
  std::abort();
}

}  // namespace rollcall::simulation
