// Retention: deletes old plans with their runs, outcomes and events, so that a state file does not
// grow for ever. One thread; on a connection of its own, and in slices, so that whoever writes to
// the state never waits for more than one of them (SQLite's lock; the caller pauses in between).
//
//   ASSIGN_OR_RETURN(auto retention, Retention::Open(store.file()));
//   ASSIGN_OR_RETURN(const Deletions deleted, retention->TakeOut(rule, now));
//   while (true) { ASSIGN_OR_RETURN(const bool more, retention->DeleteSlice()); … }
//
// A plan goes with all its runs, or stays with all of them: at once for whoever asks (TakeOut), its
// rows bit by bit afterwards (DeleteSlice), also by the next process after a kill. What stays,
// whatever the rule says:
//   * what is younger than kLeastAge: limits count the last 24 hours, and people look at it;
//   * plans that are being made or applied, and whose run was interrupted;
//   * the last run of each directory, and the last one that wrote there: what makes plans stale;
//   * the newest plan, the newest run, and what a schedule or a directory's status names.
// Links, holds, accepted exports and what follows from what was applied (which accounts Rollcall
// deactivated, repetitions, covered groups) are of no plan and never deleted.
#ifndef AGENT_STORE_RETENTION_H_
#define AGENT_STORE_RETENTION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"

namespace rollcall {

struct RetentionRule {
  absl::Duration age;  // what is older goes; less than kLeastAge counts as that
  int64_t plans = 0;   // so many of the newest plans stay
};

struct Deletions {
  int64_t plans = 0;
  int64_t runs = 0;
};

struct StateSize {
  int64_t plans = 0;
  int64_t runs = 0;
  int64_t bytes =
      0;  // of the file; what was deleted leaves room in it and does not make it smaller
};

class Retention {
 public:
  static constexpr absl::Duration kLeastAge = absl::Hours(48);
  static constexpr int64_t kMostAtOnce = 100;  // plans
  // No further plan is taken out with plans of so many changes: the document of a plan goes at
  // once, which takes 5 ms for 1,000 changes, half a second for 100,000.
  static constexpr int64_t kMostChangesAtOnce = 10'000;
  static constexpr int64_t kSlice = 500;  // rows

  // A state file that a Store has brought up to date. Errors are those of sqlite.h.
  static absl::StatusOr<std::unique_ptr<Retention>> Open(const std::string& file);

  // Takes some plans out, oldest first; none: there are no more. Old request ids (RequestStore) are
  // forgotten as well.
  absl::StatusOr<Deletions> TakeOut(const RetentionRule& rule, absl::Time now);

  // Deletes up to kSlice rows of what was taken out. False: nothing is left of it.
  absl::StatusOr<bool> DeleteSlice();

  absl::StatusOr<StateSize> Measure();

 private:
  explicit Retention(std::unique_ptr<Database> database) : database_(std::move(database)) {}

  absl::StatusOr<bool> DeleteRowsOf(bool is_run, int64_t seq);

  std::unique_ptr<Database> database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_RETENTION_H_
