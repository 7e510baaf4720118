#include "tests/support/fake_journal.h"

#include <algorithm>

namespace rollcall {

absl::Status FakeJournal::Commit(const JournalBatch& batch) {
  MutexLock lock(mutex_);
  const CrashSwitch::Step step = crash_ == nullptr ? CrashSwitch::Step::kAlive : crash_->Take();
  if (step == CrashSwitch::Step::kDead) return absl::CancelledError("the process is dead");
  if (fail_from_ > 0 && ++attempts_ >= fail_from_) {
    return absl::ResourceExhaustedError("the disk is full");
  }
  Keep(batch);
  if (step == CrashSwitch::Step::kEffectThenDeath) {
    return absl::CancelledError("the process is dead");
  }
  return absl::OkStatus();
}

void FakeJournal::Keep(const JournalBatch& batch) {
  commits_.push_back(batch);
  record_.requests_used = std::max(record_.requests_used, batch.requests_used);
  for (const Outcome& outcome : batch.outcomes) {
    record_.outcomes[outcome.change] = outcome;
    record_.unknown.erase(outcome.change);
  }
  for (const std::string& change : batch.withdrawn) record_.unknown.erase(change);
  for (const std::string& change : batch.rerouted) {
    record_.unknown.erase(change);
    record_.rerouted.insert(change);
  }
  for (const std::string& change : batch.intents) record_.unknown.insert(change);
}

void FakeJournal::FailFrom(int64_t commit) {
  MutexLock lock(mutex_);
  fail_from_ = commit;
  attempts_ = 0;
}

void FakeJournal::SetCrash(CrashSwitch* crash) {
  MutexLock lock(mutex_);
  crash_ = crash;
}

bool FakeJournal::IsAnnounced(const std::string& change) const {
  MutexLock lock(mutex_);
  return record_.unknown.count(change) > 0;
}

RunRecord FakeJournal::Durable() const {
  MutexLock lock(mutex_);
  return record_;
}

std::vector<JournalBatch> FakeJournal::commits() const {
  MutexLock lock(mutex_);
  return commits_;
}

}  // namespace rollcall
