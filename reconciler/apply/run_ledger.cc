#include "reconciler/apply/run_ledger.h"

#include <utility>

namespace rollcall {

RunLedger::RunLedger(Journal& journal, const Plan& plan, const RunRecord& resumed, Meter meter)
    : journal_(journal), used_before_(resumed.requests_used), meter_(std::move(meter)) {
  for (const Change& change : plan.changes) {
    if (change.reroute.has_value()) {
      alternatives_.emplace(change.id, ThroughOwner(change));
      if (resumed.rerouted.count(change.id) > 0) rerouted_[change.id] = 0;
    }
    const auto found = resumed.outcomes.find(change.id);
    const bool has_outcome = found != resumed.outcomes.end();
    if (has_outcome) outcomes_[change.id] = found->second;
    if (resumed.unknown.count(change.id) > 0) {
      maybe_sent_.insert(change.id);
      announced_.insert(change.id);
    } else if (has_outcome && found->second.state == OutcomeState::kUnknown) {
      maybe_sent_.insert(change.id);
    } else if (has_outcome && found->second.state != OutcomeState::kFailed) {
      settled_.insert(change.id);
    }
  }
}

bool RunLedger::IsSettled(const std::string& change) const { return settled_.count(change) > 0; }

bool RunLedger::MayHaveBeenSent(const std::string& change) const {
  if (maybe_sent_.count(change) == 0) return false;
  MutexLock lock(mutex_);
  return rerouted_now_.count(change) == 0;
}

bool RunLedger::IsRerouted(const std::string& change) const {
  MutexLock lock(mutex_);
  return rerouted_.count(change) > 0;
}

const Change& RunLedger::AsMade(const Change& change) const {
  const auto other = alternatives_.find(change.id);
  return other != alternatives_.end() && IsRerouted(change.id) ? other->second : change;
}

Outcome RunLedger::Begin(const std::string& change) const {
  Outcome outcome;
  outcome.change = change;
  MutexLock lock(mutex_);
  const auto rerouted = rerouted_.find(change);
  if (rerouted == rerouted_.end()) return outcome;
  outcome.rerouted = true;
  outcome.attempts = rerouted->second;
  return outcome;
}

std::optional<Outcome> RunLedger::Find(const std::string& change) const {
  MutexLock lock(mutex_);
  const auto found = outcomes_.find(change);
  if (found == outcomes_.end()) return std::nullopt;
  return found->second;
}

void RunLedger::Record(const Outcome& outcome) {
  MutexLock lock(mutex_);
  outcomes_[outcome.change] = outcome;
  announced_.erase(outcome.change);
}

void RunLedger::Withdraw(const std::string& change) {
  MutexLock lock(mutex_);
  announced_.erase(change);
}

void RunLedger::Reroute(const Outcome& until_now) {
  MutexLock lock(mutex_);
  rerouted_[until_now.change] = until_now.attempts;
  rerouted_now_.insert(until_now.change);
  announced_.erase(until_now.change);
}

absl::Status RunLedger::Commit(JournalBatch batch) {
  {
    MutexLock lock(mutex_);
    if (!journal_error_.ok()) return journal_error_;
  }
  batch.requests_used = RequestsUsed();
  const absl::Status status = journal_.Commit(batch);
  MutexLock lock(mutex_);
  if (status.ok()) {
    announced_.insert(batch.intents.begin(), batch.intents.end());
  } else {
    stopping_ = true;
    if (journal_error_.ok()) journal_error_ = status;
  }
  return status;
}

void RunLedger::Stop() {
  MutexLock lock(mutex_);
  stopping_ = true;
}

bool RunLedger::stopping() const {
  MutexLock lock(mutex_);
  return stopping_;
}

absl::Status RunLedger::journal_error() const {
  MutexLock lock(mutex_);
  return journal_error_;
}

std::map<std::string, Outcome> RunLedger::outcomes() const {
  MutexLock lock(mutex_);
  return outcomes_;
}

std::set<std::string> RunLedger::unknown() const {
  MutexLock lock(mutex_);
  return announced_;
}

}  // namespace rollcall
