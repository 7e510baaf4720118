// CallContext: what every call that may take long carries with it: when to give up, and whether the
// run is being stopped. Passed by const reference; cheap to copy; usable from any thread.
#ifndef RECONCILER_BASE_CALL_CONTEXT_H_
#define RECONCILER_BASE_CALL_CONTEXT_H_

#include <atomic>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace rollcall {

// Set once, by a signal handler or by CancelRun; never unset. Lock-free, safe in a signal handler.
class StopFlag {
 public:
  void Request() { stopped_.store(true, std::memory_order_release); }
  bool requested() const { return stopped_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> stopped_{false};
};

struct CallContext {
  const StopFlag* stop = nullptr;                // not owned; null: cannot be stopped
  absl::Time deadline = absl::InfiniteFuture();  // by the runtime's clock

  bool stopped() const { return stop != nullptr && stop->requested(); }
};

}  // namespace rollcall

#endif  // RECONCILER_BASE_CALL_CONTEXT_H_
