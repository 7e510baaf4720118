// FakeJournal: a Journal in memory that keeps what a durable one would, can fail at a commit, and
// can die at one (CrashSwitch). `Durable` gives the record that the next start would find.
// Thread-safe.
#ifndef TESTS_SUPPORT_FAKE_JOURNAL_H_
#define TESTS_SUPPORT_FAKE_JOURNAL_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "reconciler/apply/outcome.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/journal.h"
#include "tests/support/crash_switch.h"

namespace rollcall {

class FakeJournal final : public Journal {
 public:
  absl::Status Commit(const JournalBatch& batch) override;

  // From the nth commit on (1 is the first) every commit fails, as on a full disk.
  void FailFrom(int64_t commit);
  // Not owned; null: no crash.
  void SetCrash(CrashSwitch* crash);

  // Is a durable intent of this change waiting for its result?
  bool IsAnnounced(const std::string& change) const;
  // What a new process reads: outcomes, and intents without a result.
  RunRecord Durable() const;
  std::vector<JournalBatch> commits() const;

 private:
  void Keep(const JournalBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  RunRecord record_ ABSL_GUARDED_BY(mutex_);
  std::vector<JournalBatch> commits_ ABSL_GUARDED_BY(mutex_);
  int64_t attempts_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t fail_from_ ABSL_GUARDED_BY(mutex_) = 0;
  CrashSwitch* crash_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_FAKE_JOURNAL_H_
