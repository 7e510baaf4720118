// Progress: where reading, applying and verifying report how far they are. Thread-safe; must return
// quickly and never fail.
#ifndef RECONCILER_PORTS_PROGRESS_H_
#define RECONCILER_PORTS_PROGRESS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall {

enum class Stage : uint8_t { kReading, kProbing, kApplying, kVerifying };

class Progress {
 public:
  virtual ~Progress() = default;
  // `total` is 0 while unknown.
  virtual void Advance(absl::string_view directory, Stage stage, int64_t done, int64_t total) = 0;
  // The directory told us to wait until then, with that status (429, or 503 and a Retry-After);
  // shown so that nobody thinks it hangs.
  virtual void Throttled(absl::string_view directory, absl::Time until, int http_status) = 0;
};

class NoProgress final : public Progress {
 public:
  void Advance(absl::string_view, Stage, int64_t, int64_t) override {}
  void Throttled(absl::string_view, absl::Time, int) override {}
};

}  // namespace rollcall

#endif  // RECONCILER_PORTS_PROGRESS_H_
