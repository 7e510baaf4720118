// RunLedger: what is known of every change of one run, and the way to the journal. Shared by all
// workers; thread-safe; its lock is never held across a commit. A commit that fails stops the run
// everywhere: without a record nothing may be sent.
//
// Every commit also records how many requests the run has sent, so that a kill loses the count of
// what was sent since the last commit only: a worker's read and write under way, or the readings of
// one slice of the verification.
//
// Resuming: a change that has an outcome is not repeated, except FAILED (nothing was done, and the
// cause may have passed) and UNKNOWN (it is read first). So a resumed run ends as an undisturbed
// one, or better. A change that was re-routed stays so.
#ifndef RECONCILER_APPLY_RUN_LEDGER_H_
#define RECONCILER_APPLY_RUN_LEDGER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/mutex.h"
#include "reconciler/plan/plan.h"
#include "reconciler/ports/journal.h"

namespace rollcall {

class RunLedger {
 public:
  // How many requests this process has sent for the run; called by any worker, without a lock.
  using Meter = std::function<int64_t()>;

  RunLedger(Journal& journal, const Plan& plan, const RunRecord& resumed, Meter meter);

  // Is there nothing left to do for this change but to verify it?
  bool IsSettled(const std::string& change) const;
  // Was it announced (or lost) before this run, so that its effect may be there already? Not of a
  // change that was re-routed since: the other way is new.
  bool MayHaveBeenSent(const std::string& change) const;
  // Does it go through Change::reroute (rule R5)?
  bool IsRerouted(const std::string& change) const;
  // The change as it is made: the plan's own, or its way through the owner.
  const Change& AsMade(const Change& change) const;
  // The outcome to begin with.
  Outcome Begin(const std::string& change) const;

  std::optional<Outcome> Find(const std::string& change) const;

  // Remembers; a worker's journal makes it durable with its next commit.
  void Record(const Outcome& outcome);
  void Withdraw(const std::string& change);
  // Refused by its directory, and goes through Change::reroute from now on. `until_now`: attempts.
  void Reroute(const Outcome& until_now);
  absl::Status Commit(JournalBatch batch);

  // Sent until now by all starts of this run.
  int64_t RequestsUsed() const { return used_before_ + meter_(); }

  // A port said CANCELLED, or the journal failed: no worker takes up anything new.
  void Stop();
  bool stopping() const;
  absl::Status journal_error() const;

  std::map<std::string, Outcome> outcomes() const;
  // Announced, durably, and without an outcome: the next start reads them first.
  std::set<std::string> unknown() const;

 private:
  Journal& journal_;
  const int64_t used_before_;
  const Meter meter_;
  std::set<std::string> settled_;               // constant after construction
  std::set<std::string> maybe_sent_;            // constant after construction
  std::map<std::string, Change> alternatives_;  // by change id; constant after construction
  mutable Mutex mutex_;
  std::map<std::string, int> rerouted_ ABSL_GUARDED_BY(mutex_);  // with the attempts before
  std::set<std::string> rerouted_now_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Outcome> outcomes_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> announced_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status journal_error_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_RUN_LEDGER_H_
