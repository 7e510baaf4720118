// Backoff: how long to wait before the next attempt when nobody says: doubling from `initial` to
// `limit`, spread at random so that workers do not come back together. One object a request, one
// thread.
//
// Sources: Jira Cloud's advice (2 s, doubling, at most 30 s, jitter); full and equal jitter as in
// "Exponential Backoff And Jitter" (AWS architecture blog, 2015).
#ifndef CLIENTS_HTTP_BACKOFF_H_
#define CLIENTS_HTTP_BACKOFF_H_

#include "absl/time/time.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

enum class Jitter {
  kFull,   // anything from 0 to the whole wait: spreads best
  kEqual,  // half of the wait for certain, the other half at random: never a hot loop
};

struct BackoffOptions {
  absl::Duration initial = absl::Seconds(1);
  absl::Duration limit = absl::Seconds(30);
  Jitter jitter = Jitter::kEqual;
};

class Backoff {
 public:
  Backoff(const BackoffOptions& options, Runtime& runtime);
  absl::Duration Next();

 private:
  const BackoffOptions options_;
  Runtime& runtime_;
  absl::Duration current_;
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_BACKOFF_H_
