#include "reconciler/apply/directory_run.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "reconciler/apply/account_step.h"
#include "reconciler/apply/membership_step.h"
#include "reconciler/apply/worker_journal.h"

namespace rollcall {

DirectoryRun::DirectoryRun(const ApplyTools& tools, Progress& progress,
                           std::vector<const Change*> changes)
    : tools_(tools), progress_(progress), changes_(std::move(changes)) {}

void DirectoryRun::Run() {
  if (tools_.endpoint.writer == nullptr) return RefuseAll();
  for (const Phase& phase : PhasesOf(changes_, tools_.endpoint.traits)) {
    if (MustStop()) return;
    RunPhase(phase);
  }
}

void DirectoryRun::RefuseAll() {
  WorkerJournal journal(tools_.ledger);
  for (const Change* change : changes_) {
    Outcome outcome = tools_.ledger.Begin(change->id);
    outcome.state = OutcomeState::kRefused;
    outcome.message = "nothing may be written to this directory (`apply: false`)";
    journal.Settle(outcome);
  }
  journal.Flush().IgnoreError();  // the ledger remembers
}

void DirectoryRun::RunPhase(const Phase& phase) {
  WorkQueue queue(phase.size());
  const size_t concurrency = static_cast<size_t>(std::max(1, tools_.endpoint.traits.concurrency));
  std::vector<std::function<void()>> workers(std::min(concurrency, phase.size()),
                                             [&] { Work(phase, queue); });
  tools_.runtime.RunAll(std::move(workers));
}

void DirectoryRun::Work(const Phase& phase, WorkQueue& queue) {
  WorkerJournal journal(tools_.ledger);
  while (!MustStop()) {
    const std::optional<size_t> next = queue.Next();
    if (!next.has_value()) break;
    const WorkItem& item = phase[*next];
    if (IsMembership(item.changes.front()->action)) {
      MembershipStep(tools_, journal, item).Run();
    } else {
      AccountStep(tools_, journal, *item.changes.front()).Run();
    }
    Advance(static_cast<int64_t>(item.changes.size()));
  }
  journal.Flush().IgnoreError();  // the ledger remembers, and stops the run
}

void DirectoryRun::Advance(int64_t changes) {
  int64_t done = 0;
  {
    MutexLock lock(mutex_);
    done = done_ += changes;
  }
  progress_.Advance(tools_.endpoint.spec.id, Stage::kApplying, done,
                    static_cast<int64_t>(changes_.size()));
}

}  // namespace rollcall
