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
    if (change.action == Action::kActivate && change.directory == directory) {
      activations[change.account] = change.id;
    }
  }
  return activations;
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
  const Work work = PendingWork(plan, ledger);
  Healths healths;
  for (const auto& [directory, changes] : work) healths[directory];
  Apply(plan, work, ledger, healths, context);

  ExecutionEnd end;
  for (const auto& [directory, health] : healths) {
    if (std::optional<Halt> halt = health.halt(); halt.has_value()) {
      end.halts[directory] = *std::move(halt);
    }
  }
  const bool stopped = context.stopped() || ledger.stopping();
  end.interrupted = stopped && AnyPending(plan, ledger);
  if (!Verify(plan, ledger, end.halts, context)) end.interrupted = true;
  end.journal_error = ledger.journal_error();

  RunResult result = Conclude(plan, ledger.outcomes(), ledger.unknown(), end);
  if (result.state != RunState::kInterrupted) VerifyEverything(result, context);
  result.requests_used = ledger.RequestsUsed();
  return result;
}

Executor::Work Executor::PendingWork(const Plan& plan, RunLedger& ledger) {
  Work work;
  WorkerJournal journal(ledger);
  for (const Change& change : plan.changes) {
    if (ledger.IsSettled(change.id)) continue;
    if (endpoints_.count(change.directory) > 0) {
      work[change.directory].push_back(&change);
      continue;
    }
    Outcome outcome;
    outcome.change = change.id;
    outcome.message =
        absl::StrCat("no directory ", change.directory, " is configured, nothing was sent");
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
