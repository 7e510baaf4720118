// Machine: what kills a simulated process, and what it is then: from its death on every port is a
// black hole that answers CANCELLED until its threads have unwound. One thread at a time.
#ifndef TESTS_SIMULATION_MACHINE_H_
#define TESTS_SIMULATION_MACHINE_H_

#include <cstdint>
#include <memory>

#include "reconciler/base/call_context.h"
#include "tests/simulation/sim_disk.h"

namespace rollcall::simulation {

class Machine {
 public:
  explicit Machine(SimDisk& disk) : disk_(disk) {}

  // A new process begins; it dies at that request or commit (0: it does not).
  void Start(int64_t dies_at_request, int64_t dies_at_commit) {
    dead_ = false;
    requests_ = commits_ = 0;
    dies_at_request_ = dies_at_request;
    dies_at_commit_ = dies_at_commit;
    stop_ = std::make_unique<StopFlag>();
  }

  bool dead() const { return dead_; }
  void Die() {
    dead_ = true;
    stop_->Request();
    disk_.Die();
  }
  // Ctrl-C.
  void Stop() { stop_->Request(); }
  bool stopped() const { return stop_->requested(); }

  // Counts a step. Is it the last one?
  bool DiesAtThisRequest() { return ++requests_ == dies_at_request_; }
  bool DiesAtThisCommit() { return ++commits_ == dies_at_commit_; }

  CallContext context() const {
    CallContext context;
    context.stop = stop_.get();
    return context;
  }

 private:
  SimDisk& disk_;
  bool dead_ = false;
  int64_t requests_ = 0;
  int64_t commits_ = 0;
  int64_t dies_at_request_ = 0;
  int64_t dies_at_commit_ = 0;
  std::unique_ptr<StopFlag> stop_ = std::make_unique<StopFlag>();
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_MACHINE_H_
