// SimRuntime: the Runtime of a simulated process: virtual time, chances from the seed, and workers
// of which exactly one runs at a time. Each worker is a thread that holds the baton; at every send,
// sleep, look at the clock and end of a worker the seed says who goes on. Time passes only when
// nobody can go on. Workers who wait for each other for ever end the program, with the seed and the
// last events.
//
// The thread that makes the runtime is its first worker. Outlives the simulated processes.
#ifndef TESTS_SIMULATION_SIM_RUNTIME_H_
#define TESTS_SIMULATION_SIM_RUNTIME_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "reconciler/ports/runtime.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/event_log.h"

namespace rollcall::simulation {

class SimRuntime final : public Runtime {
 public:
  // `name` of the world, for the message at a deadlock.
  SimRuntime(Dice dice, EventLog& log, std::string name);

  absl::Time Now() override;
  absl::Status SleepUntil(absl::Time when, const CallContext& context) override;
  uint64_t Random() override;
  void RunAll(std::vector<std::function<void()>> tasks) override;
  // The seed says who goes on first.
  std::unique_ptr<Background> Start(std::function<void()> task) override;
  // `woken` is looked at whenever somebody is to go on: at once, as after Rouse.
  void IdleUntil(absl::Time when, const std::function<bool()>& woken) override;

  // Sleeps by the true time: no step of the clock and no stop changes it.
  void Travel(absl::Duration duration);
  // The seed may let others go on here.
  void Yield();
  // The wall clock, without giving anybody a turn. What Now() says, less the steps of the clock.
  absl::Time WallTime() const { return start_ + elapsed_ + skew_; }
  // Time that no step of the clock changes: what servers go by.
  absl::Time TrueTime() const { return start_ + elapsed_; }
  absl::Duration elapsed() const { return elapsed_; }
  int64_t turns() const { return turns_; }

  // The wall clock jumps; who sleeps until an instant sleeps as much longer or shorter.
  void StepClock(absl::Duration by) {
    skew_ += by;
    for (Worker& worker : workers_) worker.set_back |= by < absl::ZeroDuration();
  }
  // Time passes while no worker is asleep (between two processes).
  void Pass(absl::Duration time) { elapsed_ += time; }

 private:
  struct Worker {
    int number = 0;
    bool asleep = false;
    absl::Time until;  // by the wall clock, or
    bool by_true_time = false;
    const CallContext* context = nullptr;
    const std::function<bool()>* woken = nullptr;  // of one who idles
    bool set_back = false;                         // the clock, while it idled
    const Worker* waits_for = nullptr;
    int children = 0;  // waits until they have ended
    bool ended = false;
    Worker* parent = nullptr;
    std::condition_variable turn;
    std::thread thread;  // of one that was started
  };
  class Running;

  bool CanGoOn(const Worker& worker) const;
  absl::Duration TimeLeft(const Worker& worker) const;
  // Who goes on; moves the time if it must.
  Worker& Choose();
  // Hands the baton on and waits until it comes back.
  void HandOver(std::unique_lock<std::mutex>& lock);
  void WaitFor(Worker& worker);
  void RunWorker(Worker& worker, const std::function<void()>& task);
  [[noreturn]] void Deadlock();

  EventLog& log_;
  const std::string name_;
  Dice dice_;
  Dice random_;  // what Random() gives
  const absl::Time start_;
  absl::Duration elapsed_;
  absl::Duration skew_;
  int64_t turns_ = 0;
  int next_number_ = 0;
  std::mutex mutex_;
  std::list<Worker> workers_;  // those that have not ended, in the order of their numbers
  Worker* current_ = nullptr;
  std::vector<Worker*> ready_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIM_RUNTIME_H_
