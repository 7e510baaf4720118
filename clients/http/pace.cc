#include "clients/http/pace.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rollcall {

Pace::Pace(const PaceOptions& options, Runtime& runtime, Progress& progress,
           RequestCounters& counters)
    : options_(options),
      interval_(absl::Seconds(1) / options.requests_per_second),
      runtime_(runtime),
      progress_(progress),
      counters_(counters) {}

absl::Status Pace::AwaitTurn(const CallContext& context) {
  for (int holds = 0; holds <= kMaxHolds; ++holds) {
    const absl::Time turn = ReserveTurn();
    const absl::Status slept = runtime_.SleepUntil(turn, context);
    if (absl::IsDeadlineExceeded(slept)) {
      return absl::UnavailableError(absl::StrCat(
          "not sent: the directory \"", options_.directory, "\" may be called again at ",
          absl::FormatTime(absl::RFC3339_sec, turn, absl::UTCTimeZone()), ", after the deadline"));
    }
    if (!slept.ok()) return slept;
    // While this worker slept, another one may have been told to wait.
    if (!Held(runtime_.Now())) return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat("not sent: the directory \"", options_.directory,
                                             "\" told us to wait ", kMaxHolds, " times"));
}

absl::Time Pace::ReserveTurn() {
  const absl::Time now = runtime_.Now();
  MutexLock lock(mutex_);
  const absl::Time earliest = full_at_ - interval_ * (options_.burst - 1);
  const absl::Time turn = std::max({now, earliest, not_before_});
  full_at_ = std::max(full_at_, turn) + interval_;
  return turn;
}

bool Pace::Held(absl::Time now) {
  MutexLock lock(mutex_);
  return now < not_before_;
}

void Pace::HoldUntil(absl::Time when, int http_status) {
  const absl::Time now = runtime_.Now();
  absl::Duration added;
  bool begins = false;
  {
    MutexLock lock(mutex_);
    added = when - std::max(now, not_before_);
    if (added <= absl::ZeroDuration()) return;
    begins = not_before_ <= now;
    not_before_ = when;
  }
  counters_.AddThrottled(added, begins, http_status);
  progress_.Throttled(options_.directory, when, http_status);
}

}  // namespace rollcall
