// LockstepRuntime: a Runtime of virtual time whose workers are side by side: exactly one goes on at
// a time, until it sleeps or ends, and time passes only when all sleep. Who was started first goes
// on first, so a test runs the same way each time. Workers who wait for each other for ever end the
// program.
//
// The thread that makes it is its first worker. A worker must not wait for another but through the
// runtime.
//
//   LockstepRuntime runtime;
//   auto other = runtime.Start([&] { runtime.SleepUntil(noon, {}); … });
//   runtime.SleepUntil(midnight, {});  // the other one's noon comes first
#ifndef TESTS_SUPPORT_LOCKSTEP_RUNTIME_H_
#define TESTS_SUPPORT_LOCKSTEP_RUNTIME_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "reconciler/ports/runtime.h"

namespace rollcall {

class LockstepRuntime final : public Runtime {
 public:
  explicit LockstepRuntime(absl::Time start, uint64_t seed = 1);
  // All that was started has ended.
  ~LockstepRuntime() override;

  absl::Time Now() override;
  absl::Status SleepUntil(absl::Time when, const CallContext& context) override;
  uint64_t Random() override;
  void RunAll(std::vector<std::function<void()>> tasks) override;
  std::unique_ptr<Background> Start(std::function<void()> task) override;
  void IdleUntil(absl::Time when, const std::function<bool()>& woken) override;

  // The clock jumps: who sleeps until an instant sleeps as much longer or shorter.
  void StepClock(absl::Duration by);

  // How often a worker has idled until now.
  int64_t idled();

 private:
  struct Worker {
    bool ended = false;
    bool asleep = false;
    absl::Time until;
    const CallContext* context = nullptr;          // of a sleeper
    const std::function<bool()>* woken = nullptr;  // of an idler
    bool set_back = false;                         // the clock, while idling
    const Worker* waits_for = nullptr;
    std::condition_variable turn;
    std::thread thread;
  };
  class Running;

  static bool CanGoOn(const Worker& worker, absl::Time now);
  Worker& Choose();
  // Lets others go on, until it is the caller's turn again.
  void HandOver(std::unique_lock<std::mutex>& lock);
  void RunWorker(Worker& worker, const std::function<void()>& task);
  void WaitFor(Worker& worker);

  std::mutex mutex_;
  absl::Time now_;
  std::mt19937_64 random_;
  int64_t idled_ = 0;
  std::list<Worker> workers_;
  Worker* current_;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_LOCKSTEP_RUNTIME_H_
