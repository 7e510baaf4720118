#include "reconciler/apply/executor.h"

#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/apply/apply_tools.h"
#include "reconciler/apply/directory_run.h"
#include "reconciler/apply/verifier.h"
#include "reconciler/apply/worker_journal.h"

namespace rollcall {
namespace {

bool AnyPending(const Plan& plan, const RunLedger& ledger) {
  const std::set<std::string> unknown = ledger.unknown();
  for (const Change& change : plan.changes) {
    if (unknown.count(change.id) > 0 || !ledger.Find(change.id).has_value()) return true;
  }
  return false;
}

std::map<std::string, std::string> ActivationsIn(const Plan& plan, const std::string& directory) {
  std::map<std::string, std::string> activations;
  for (const Change& change : plan.changes) {
    for (const Effect& effect : change.effects) {
      if (effect.action == Action::kActivate && effect.directory == directory) {
        activations.emplace(effect.account, change.id);
      }
    }
  }
  for (const Change& change : plan.changes) {
    if (change.action == Action::kActivate && change.directory == directory) {
      activations[change.account] = change.id;
    }
  }
  return activations;
}

// Rule G3: accounts that only a change of another directory activates, (directory, account).
std::set<std::pair<std::string, std::string>> ActivatedElsewhere(const Plan& plan) {
  std::set<std::pair<std::string, std::string>> elsewhere;
  for (const Change& change : plan.changes) {
    for (const Effect& effect : change.effects) {
      if (effect.action == Action::kActivate && effect.directory != change.directory) {
        elsewhere.insert({effect.directory, effect.account});
      }
    }
  }
  return elsewhere;
}

}  // namespace

Executor::Executor(Endpoints endpoints, Journal& journal, Runtime& runtime, Progress& progress,
                   ExecutorOptions options)
    : endpoints_(std::move(endpoints)),
      journal_(journal),
      runtime_(runtime),
      progress_(progress),
      options_(std::move(options)) {}

RunResult Executor::Execute(const Plan& plan, const RunRecord& resumed,
                            const CallContext& context) {
  const int64_t sent_before = RequestsSent();
  RunLedger ledger(journal_, plan, resumed,
                   [this, sent_before] { return RequestsSent() - sent_before; });
  Healths healths;
  ApplyInRounds(plan, ledger, healths, context);

  ExecutionEnd end;
  for (const auto& [directory, health] : healths) {
    if (std::optional<Halt> halt = health.halt(); halt.has_value()) {
      end.halts[directory] = *std::move(halt);
    }
  }
  const bool stopped = context.stopped() || ledger.stopping();
  end.interrupted = stopped && AnyPending(plan, ledger);
  // For those who watch only: what it would tell of stands in the journal already.
  JournalBatch verifying;
  verifying.requests_used = ledger.RequestsUsed();
  verifying.verifying = true;
  journal_.Commit(verifying).IgnoreError();
  if (!Verify(plan, ledger, end.halts, context)) end.interrupted = true;
  end.journal_error = ledger.journal_error();

  RunResult result = Conclude(plan, ledger.outcomes(), ledger.unknown(), end);
  if (result.state != RunState::kInterrupted) VerifyEverything(result, context);
  result.requests_used = ledger.RequestsUsed();
  return result;
}

void Executor::ApplyInRounds(const Plan& plan, RunLedger& ledger, Healths& healths,
                             const CallContext& context) {
  TakenUp taken_up;
  for (int round = 0; round < kRounds; ++round) {
    if (round > 0 && (context.stopped() || ledger.stopping())) return;
    const Work work = NextWork(plan, round, ledger, taken_up);
    for (const auto& [directory, changes] : work) healths[directory];
    Apply(plan, work, ledger, healths, context);
  }
}

Executor::Work Executor::NextWork(const Plan& plan, int round, RunLedger& ledger,
                                  TakenUp& taken_up) {
  const std::set<std::pair<std::string, std::string>> activated_elsewhere =
      round == 0 ? ActivatedElsewhere(plan) : std::set<std::pair<std::string, std::string>>();
  Work work;
  WorkerJournal journal(ledger);
  for (const Change& change : plan.changes) {
    if (ledger.IsSettled(change.id)) continue;
    const bool waits = change.action == Action::kAddMembership &&
                       activated_elsewhere.count({change.directory, change.account}) > 0;
    if (waits || !taken_up.insert({change.id, ledger.IsRerouted(change.id)}).second) continue;
    const Change& made = ledger.AsMade(change);
    if (endpoints_.count(made.directory) > 0) {
      work[made.directory].push_back(&made);
      continue;
    }
    Outcome outcome = ledger.Begin(change.id);
    outcome.message =
        absl::StrCat("no directory ", made.directory, " is configured, nothing was sent");
    journal.Settle(outcome);
  }
  journal.Flush().IgnoreError();  // the ledger remembers, and stops the run
  return work;
}

void Executor::Apply(const Plan& plan, const Work& work, RunLedger& ledger, Healths& healths,
                     const CallContext& context) {
  std::vector<std::function<void()>> tasks;
  for (const auto& entry : work) {
    const auto* const directory = &entry;
    DirectoryHealth* const health = &healths.at(entry.first);
    tasks.push_back([this, &plan, directory, &ledger, health, &context] {
      ApplyDirectory(plan, directory->first, directory->second, ledger, *health, context);
    });
  }
  runtime_.RunAll(std::move(tasks));
}

void Executor::ApplyDirectory(const Plan& plan, const std::string& directory,
                              const std::vector<const Change*>& changes, RunLedger& ledger,
                              DirectoryHealth& health, const CallContext& context) {
  const auto snapshot = plan.snapshot_times.find(directory);
  const std::map<std::string, std::string> activations = ActivationsIn(plan, directory);
  const ApplyTools tools{
      endpoints_, endpoints_.at(directory),
      ledger,     health,
      runtime_,   options_,
      context,    snapshot == plan.snapshot_times.end() ? absl::InfinitePast() : snapshot->second,
      activations};
  DirectoryRun(tools, progress_, changes).Run();
}

bool Executor::Verify(const Plan& plan, RunLedger& ledger, const std::map<std::string, Halt>& halts,
                      const CallContext& context) {
  std::map<std::string, std::string> unreadable;
  for (const auto& [directory, halt] : halts) {
    // A server that was out of reach may answer again; a key that was refused will not.
    if (halt.credentials) unreadable[directory] = halt.reason;
  }
  Verifier verifier(endpoints_, ledger, runtime_, progress_, options_.verify_wait);
  return verifier.Run(plan, unreadable, context);
}

void Executor::VerifyEverything(RunResult& result, const CallContext& context) {
  if (!options_.full_verification) return;
  const absl::StatusOr<int64_t> drift = options_.full_verification(context);
  if (drift.ok()) return AddFullVerification(*drift, result);
  if (result.state == RunState::kSucceeded) result.state = RunState::kPartial;
  absl::StrAppend(&result.message, result.message.empty() ? "" : " ",
                  "Everything was to be read again, and could not: ",
                  std::string(drift.status().message()), ".");
}

int64_t Executor::RequestsSent() const {
  std::set<const DirectoryReader*> readers;  // one reader may serve two directories
  int64_t sent = 0;
  for (const auto& [directory, endpoint] : endpoints_) {
    if (readers.insert(endpoint.reader).second) sent += endpoint.reader->requests_sent();
  }
  return sent;
}

}  // namespace rollcall
