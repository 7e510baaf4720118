// Housekeeping: applies the retention of the state, a pass every kEvery beside whatever else is
// done. Deletes in slices with a pause after each, so that nobody who writes waits for long. Tend
// and Close are called by one thread.
#ifndef AGENT_DAEMON_HOUSEKEEPING_H_
#define AGENT_DAEMON_HOUSEKEEPING_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/retention.h"
#include "reconciler/base/call_context.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Housekeeping {
 public:
  static constexpr absl::Duration kEvery = absl::Hours(1);
  static constexpr absl::Duration kPause = absl::Milliseconds(20);

  // Called on the worker at the end of a pass: how large the state is then, or what went wrong, and
  // what was deleted by then.
  using Report =
      std::function<void(const absl::StatusOr<StateSize>& size, const Deletions& deleted)>;

  // `file`: of the state, brought up to date. The runtime outlives this.
  Housekeeping(std::string file, Runtime& runtime, Report report)
      : file_(std::move(file)), runtime_(runtime), report_(std::move(report)) {}
  // Stops a pass and waits for it; what it has not deleted is for the next one.
  ~Housekeeping() { Close(); }

  // Begins a pass where one is due and none is at work.
  void Tend(const RetentionRule& rule);
  void Close();

 private:
  void Work(const RetentionRule& rule);
  absl::StatusOr<StateSize> Clean(const RetentionRule& rule, Deletions& deleted);
  absl::Status DeleteTakenOut(Retention& retention);

  const std::string file_;
  Runtime& runtime_;
  const Report report_;
  StopFlag stop_;
  std::atomic<bool> working_{false};
  absl::Time next_ = absl::InfinitePast();
  std::unique_ptr<Runtime::Background> worker_;
};

}  // namespace rollcall

#endif  // AGENT_DAEMON_HOUSEKEEPING_H_
