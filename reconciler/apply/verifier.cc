#include "reconciler/apply/verifier.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/apply/phases.h"
#include "reconciler/apply/reroute.h"
#include "reconciler/apply/work_queue.h"
#include "reconciler/apply/worker_journal.h"
#include "reconciler/plan/refusals.h"

namespace rollcall {

Verifier::Verifier(const Endpoints& endpoints, RunLedger& ledger, Runtime& runtime,
                   Progress& progress, absl::Duration wait)
    : endpoints_(endpoints), ledger_(ledger), runtime_(runtime), progress_(progress), wait_(wait) {}

bool Verifier::Run(const Plan& plan, const std::map<std::string, std::string>& halted,
                   const CallContext& context) {
  std::map<std::string, bool> readable;
  for (const auto& [directory, endpoint] : endpoints_) readable[directory] = true;
  std::vector<const Change*> made;
  for (const Change& change : plan.changes) made.push_back(&ledger_.AsMade(change));
  targets_ = TargetsOf(made, ledger_.outcomes(), readable);
  std::vector<std::function<void()>> tasks;
  for (auto& [directory, targets] : targets_.by_directory) {
    const auto why = halted.find(directory);
    if (why != halted.end()) {
      for (Target& target : targets) target.Mark(absl::StrCat("not read back: ", why->second));
      continue;
    }
    std::vector<Target>* const list = &targets;
    const std::string* const name = &directory;
    tasks.push_back([this, list, name, &context] { VerifyDirectory(*name, *list, context); });
  }
  runtime_.RunAll(std::move(tasks));
  if (MustStop(context)) return AllClosed();
  ReportWhatDoesNot();
  return true;
}

bool Verifier::AllClosed() const {
  return std::all_of(targets_.open.begin(), targets_.open.end(),
                     [](const OpenChange& open) { return open.waiting == 0; });
}

void Verifier::VerifyDirectory(const std::string& directory, std::vector<Target>& targets,
                               const CallContext& context) {
  Reading reading{
      directory, endpoints_.at(directory), context, {}, static_cast<int64_t>(targets.size())};
  std::vector<Target*> pending;
  for (Target& target : targets) pending.push_back(&target);
  pending = ReadRound(reading, pending);
  const absl::Time end = runtime_.Now() + wait_;
  absl::Duration pause = kFirstPause;
  for (int round = 1; round < kMaxRounds && !pending.empty(); ++round) {
    const absl::Time now = runtime_.Now();
    if (now >= end || reading.health.halted() || MustStop(context)) return;
    if (!runtime_.SleepUntil(std::min(now + pause, end), context).ok()) return;
    pause = std::min(2 * pause, kLongestPause);
    pending = ReadRound(reading, pending);
  }
}

std::vector<Target*> Verifier::ReadRound(Reading& reading, const std::vector<Target*>& pending) {
  std::vector<Target*> again;
  for (size_t begin = 0; begin < pending.size(); begin += kSlice) {
    const size_t end = std::min(pending.size(), begin + kSlice);
    const std::vector<Target*> slice(pending.begin() + begin, pending.begin() + end);
    ReadSlice(reading, slice);
    CloseWhatHolds(slice);
    for (Target* target : slice) {
      if (target->Holds()) {
        ++reading.held;
      } else if (!target->hopeless) {
        again.push_back(target);
      }
    }
    progress_.Advance(reading.directory, Stage::kVerifying, reading.held, reading.total);
  }
  return again;
}

void Verifier::ReadSlice(Reading& reading, const std::vector<Target*>& slice) {
  WorkQueue queue(slice.size());
  const size_t workers = std::min<size_t>(
      slice.size(), static_cast<size_t>(std::max(1, reading.endpoint.traits.concurrency)));
  runtime_.RunAll(std::vector<std::function<void()>>(workers, [&] {
    while (!MustStop(reading.context)) {
      const std::optional<size_t> next = queue.Next();
      if (!next.has_value()) return;
      ReadOne(reading, *slice[*next]);
    }
  }));
}

void Verifier::ReadOne(Reading& reading, Target& target) {
  if (const std::optional<Halt> halt = reading.health.halt(); halt.has_value()) {
    return target.Mark(absl::StrCat("not read back: ", halt->reason));
  }
  if (target.kind == TargetKind::kAccount) {
    const auto account = reading.endpoint.reader->ReadAccount(target.id, reading.context);
    NoteRead(account.status(), reading.health);
    JudgeAccount(account, target);
  } else {
    const auto group =
        reading.endpoint.reader->ReadMemberships(QuestionOf(target), reading.context);
    NoteRead(group.status(), reading.health);
    JudgeGroup(group, target);
  }
}

void Verifier::NoteRead(const absl::Status& status, DirectoryHealth& health) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
    case absl::StatusCode::kNotFound:
      return health.NoteNothingSent();
    case absl::StatusCode::kUnauthenticated:
      return health.NoteKeyRefused(status.message());
    case absl::StatusCode::kPermissionDenied:
      return health.NoteDenied(status.message());
    case absl::StatusCode::kCancelled:
      return ledger_.Stop();
    default:
      return health.NoteFailed(status.message());
  }
}

void Verifier::CloseWhatHolds(const std::vector<Target*>& slice) {
  WorkerJournal journal(ledger_);
  std::vector<const Change*> closed;
  {
    MutexLock lock(mutex_);
    for (Target* target : slice) {
      for (Expectation& expectation : target->expectations) {
        if (!expectation.held || expectation.counted) continue;
        expectation.counted = true;
        OpenChange& open = targets_.open[expectation.open];
        if (--open.waiting == 0) closed.push_back(open.change);
      }
    }
  }
  for (const Change* change : closed) {
    std::optional<Outcome> outcome = ledger_.Find(change->id);
    if (!outcome.has_value()) continue;
    outcome->verified = true;
    if (outcome->state == OutcomeState::kUnknown) {
      outcome->state = OutcomeState::kApplied;
      outcome->message = WithRoute(*change, *outcome, "the reply was lost, reading shows it done");
    }
    journal.Settle(*outcome);
  }
  journal.Flush().IgnoreError();  // the ledger remembers, and stops the run
}

// Crowd writes into one of its directories, and shows those in front: what it accepted and does not
// show in all the time that a change may need is masked.
bool Verifier::IsMasked(const OpenChange& open, const Outcome& outcome) const {
  return open.contradicted && outcome.state == OutcomeState::kApplied &&
         endpoints_.at(open.change->directory).spec.kind == DirectoryKind::kCrowd;
}

void Verifier::ReportWhatDoesNot() {
  for (const auto& [directory, targets] : targets_.by_directory) {
    for (const Target& target : targets) {
      for (const Expectation& expectation : target.expectations) {
        OpenChange& open = targets_.open[expectation.open];
        if (!expectation.is_effect && expectation.contradicted) open.contradicted = true;
        if (expectation.held || !open.problem.empty()) continue;
        open.problem = expectation.is_effect
                           ? absl::StrCat("the effect in ", directory, ": ", expectation.problem)
                           : expectation.problem;
      }
    }
  }
  WorkerJournal journal(ledger_);
  for (const OpenChange& open : targets_.open) {
    if (open.waiting == 0) continue;
    std::optional<Outcome> outcome = ledger_.Find(open.change->id);
    if (!outcome.has_value()) continue;
    const char* sent = outcome->state == OutcomeState::kUnknown
                           ? "sent without an answer, and not seen to hold: "
                           : "the server said yes, and it was not seen to hold: ";
    const bool masked = IsMasked(open, *outcome);
    const char* cure = masked ? "; another directory behind the application masks this one, or "
                                "cannot be written: change it where it lives, or the order of the "
                                "directories"
                              : "";
    // What the writer had to tell is no less true; of a masked one it said the same.
    const bool told = outcome->state == OutcomeState::kApplied && !masked && !outcome->rerouted;
    const std::string note = told ? outcome->message : "";
    outcome->message = WithRoute(
        *open.change, *outcome,
        absl::StrCat(sent, open.problem, cure, note.empty() ? "" : "; when written: ", note));
    if (masked) outcome->finding = kMasked;
    journal.Settle(*outcome);
  }
  journal.Flush().IgnoreError();  // the ledger remembers, and stops the run
}

}  // namespace rollcall
