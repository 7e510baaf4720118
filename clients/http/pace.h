// Pace: when the next request to one directory may be sent. A token bucket, and an instant before
// which nothing is sent at all (after a 429): shared by all workers of the directory, so that one
// worker's 429 holds them all. Thread-safe; waits through the Runtime, outside of the lock.
//
// A wait that the directory asked for with a 429 does not make the run slower than it must: the
// requests that were due meanwhile (of kMadeUp at most) may follow it at once, for the directory
// has counted as much for us in that time. Not after a 503: a server in trouble wants less, not
// more.
//
// The bucket is kept as one instant ("virtual scheduling", ITU-T I.371: the generic cell rate
// algorithm), so that no thread has to fill it.
#ifndef CLIENTS_HTTP_PACE_H_
#define CLIENTS_HTTP_PACE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/http/request_counters.h"
#include "reconciler/base/call_context.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct PaceOptions {
  std::string directory;            // for progress and messages
  double requests_per_second = 20;  // above 0
  int burst = 1;                    // requests that may follow each other at once; at least 1
};

class Pace {
 public:
  // How often one request lets itself be put off by new holds before it gives up.
  static constexpr int kMaxHolds = 1000;
  // As much of a wait as may be made up for: at 20 a second, ten requests.
  static constexpr absl::Duration kMadeUp = absl::Milliseconds(500);

  // The references must outlive this object.
  Pace(const PaceOptions& options, Runtime& runtime, Progress& progress, RequestCounters& counters);

  // Returns when it is this caller's turn to send. Nothing has been sent when it fails:
  //   CANCELLED    the run is being stopped
  //   UNAVAILABLE  the turn would come after the context's deadline, or kMaxHolds
  absl::Status AwaitTurn(const CallContext& context);

  // Nothing is sent before `when`. Never shortens an earlier hold. Reported to Progress, with the
  // status that asked for it (429 or 503).
  void HoldUntil(absl::Time when, int http_status);

 private:
  absl::Time ReserveTurn();
  // Whether the turn that a worker has just slept for is none; it is given back, then.
  bool TakenByHold(absl::Time now);

  const PaceOptions options_;
  const absl::Duration interval_;
  Runtime& runtime_;
  Progress& progress_;
  RequestCounters& counters_;
  Mutex mutex_;
  // When the bucket is full again, if nothing is sent until then.
  absl::Time full_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Time not_before_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  absl::Duration owed_ ABSL_GUARDED_BY(mutex_);  // of waits, to be made up for
  int given_back_ ABSL_GUARDED_BY(mutex_) = 0;   // turns, at most one a worker
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_PACE_H_
