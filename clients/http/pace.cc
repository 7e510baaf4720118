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
    if (!TakenByHold(runtime_.Now())) return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat("not sent: the directory \"", options_.directory,
                                             "\" told us to wait ", kMaxHolds, " times"));
}

absl::Time Pace::ReserveTurn() {
  const absl::Time now = runtime_.Now();
  MutexLock lock(mutex_);
  const absl::Time allowed = std::max(now, not_before_);
  const absl::Time earliest = full_at_ - interval_ * (options_.burst - 1);
  if (earliest > allowed) {
    if (given_back_ > 0) {
      --given_back_;
      return allowed;
    }
    if (owed_ >= interval_) {
      owed_ -= interval_;
      return allowed;
    }
  }
  const absl::Time turn = std::max(allowed, earliest);
  full_at_ = std::max(full_at_, turn) + interval_;
  return turn;
}

bool Pace::TakenByHold(absl::Time now) {
  MutexLock lock(mutex_);
  if (now >= not_before_) return false;
  ++given_back_;
  return true;
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
    if (http_status == 429) {
      // What is before full_at_ belongs to workers that sleep for their turns.
      const absl::Duration unused = when - std::max({now, not_before_, full_at_});
      owed_ = std::min(owed_ + std::max(unused, absl::ZeroDuration()), kMadeUp);
    }
    not_before_ = when;
  }
  counters_.AddThrottled(added, begins, http_status);
  progress_.Throttled(options_.directory, when, http_status);
}

}  // namespace rollcall
