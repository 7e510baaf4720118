#include "agent/daemon/housekeeping.h"

#include <utility>

#include "reconciler/base/status_macros.h"

namespace rollcall {

void Housekeeping::Tend(const RetentionRule& rule) {
  if (stop_.requested() || working_) return;
  worker_.reset();
  const absl::Time now = runtime_.Now();
  // A clock that is set back does not put it off.
  if (now < next_ && next_ <= now + kEvery) return;
  next_ = now + kEvery;
  working_ = true;
  worker_ = runtime_.Start([this, rule] {
    Work(rule);
    working_ = false;
  });
}

void Housekeeping::Close() {
  stop_.Request();
  worker_.reset();
}

void Housekeeping::Work(const RetentionRule& rule) {
  Deletions deleted;
  const absl::StatusOr<StateSize> size = Clean(rule, deleted);
  if (!stop_.requested()) report_(size, deleted);
}

absl::StatusOr<StateSize> Housekeeping::Clean(const RetentionRule& rule, Deletions& deleted) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Retention> retention, Retention::Open(file_));
  // What an earlier process did not come to.
  RETURN_IF_ERROR(DeleteTakenOut(*retention));
  while (!stop_.requested()) {  // each turn takes plans away, or ends
    ASSIGN_OR_RETURN(const Deletions taken, retention->TakeOut(rule, runtime_.Now()));
    deleted.plans += taken.plans;
    deleted.runs += taken.runs;
    RETURN_IF_ERROR(DeleteTakenOut(*retention));
    if (taken.plans == 0) break;
  }
  return retention->Measure();
}

absl::Status Housekeeping::DeleteTakenOut(Retention& retention) {
  const CallContext context{&stop_};
  while (!stop_.requested()) {
    ASSIGN_OR_RETURN(const bool more, retention.DeleteSlice());
    if (!more) return absl::OkStatus();
    // Whoever wants to write has his turn now.
    if (!runtime_.SleepUntil(runtime_.Now() + kPause, context).ok()) return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace rollcall
