#include "reconciler/apply/run_result.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rollcall {
namespace {

struct Tally {
  int64_t holding = 0;
  bool applied = false;  // or perhaps
  bool already = false;
  bool failed = false;
};

Tally Count(const Plan& plan, const RunResult& result) {
  Tally tally;
  for (const Change& change : plan.changes) {
    if (result.unknown.count(change.id) > 0) tally.applied = true;
    const auto found = result.outcomes.find(change.id);
    if (found == result.outcomes.end()) continue;
    const Outcome& outcome = found->second;
    if (Holds(outcome)) ++tally.holding;
    switch (outcome.state) {
      case OutcomeState::kApplied:
      case OutcomeState::kUnknown:
        tally.applied = true;
        break;
      case OutcomeState::kAlreadyDone:
        tally.already = true;
        break;
      case OutcomeState::kRefused:
      case OutcomeState::kFailed:
        tally.failed = true;
        break;
      case OutcomeState::kSkippedStale:
        break;
    }
  }
  return tally;
}

RunState StateOf(const RunResult& result, const Tally& tally, const ExecutionEnd& end) {
  if (end.interrupted || !end.journal_error.ok()) return RunState::kInterrupted;
  if (result.drift_left == 0) return RunState::kSucceeded;
  const bool key_refused = std::any_of(end.halts.begin(), end.halts.end(),
                                       [](const auto& halt) { return halt.second.credentials; });
  if (tally.applied || (tally.already && !key_refused)) return RunState::kPartial;
  return tally.failed || !end.halts.empty() ? RunState::kFailed : RunState::kPartial;
}

std::string MessageOf(const Plan& plan, const RunResult& result, const Tally& tally,
                      const ExecutionEnd& end) {
  if (result.state == RunState::kSucceeded) return "";
  std::string message = absl::StrCat(tally.holding, " of ", plan.changes.size(), " changes hold.");
  for (const auto& [directory, halt] : end.halts) {
    absl::StrAppend(&message, " ", directory, " was stopped: ", halt.reason, ".");
  }
  if (!end.journal_error.ok()) {
    absl::StrAppend(&message, " The record of the run could not be written (",
                    std::string(end.journal_error.message()),
                    "), so nothing more was sent: see that the state file's disk is writable and "
                    "has room.");
  }
  if (result.state == RunState::kInterrupted) {
    absl::StrAppend(&message, " `rollcall apply ", plan.id, "` goes on where this run stopped");
    if (!result.unknown.empty()) {
      absl::StrAppend(&message, "; it first reads ", result.unknown.size(),
                      " whose result is not known");
    }
    absl::StrAppend(&message, ".");
  } else {
    absl::StrAppend(&message, " `rollcall plan` shows what is left to do.");
  }
  return message;
}

}  // namespace

bool Holds(const Outcome& outcome) {
  return outcome.verified &&
         (outcome.state == OutcomeState::kApplied || outcome.state == OutcomeState::kAlreadyDone);
}

RunResult Conclude(const Plan& plan, std::map<std::string, Outcome> outcomes,
                   std::set<std::string> unknown, const ExecutionEnd& end) {
  RunResult result;
  for (const auto& [directory, halt] : end.halts) result.halted[directory] = halt.reason;
  result.outcomes = std::move(outcomes);
  result.unknown = std::move(unknown);
  const Tally tally = Count(plan, result);
  result.drift_left = static_cast<int64_t>(plan.changes.size()) - tally.holding;
  result.state = StateOf(result, tally, end);
  result.message = MessageOf(plan, result, tally, end);
  return result;
}

void AddFullVerification(int64_t drift, RunResult& result) {
  if (drift <= result.drift_left) return;
  result.drift_left = drift;
  if (result.state == RunState::kSucceeded) result.state = RunState::kPartial;
  if (!result.message.empty()) absl::StrAppend(&result.message, " ");
  absl::StrAppend(&result.message, "Reading everything again shows ", drift,
                  " changes still to make: `rollcall plan` shows them.");
}

void AddUnplannedDrift(const Plan& plan, RunResult& result) {
  std::set<std::string> names;
  int64_t findings = 0;
  for (const Finding& finding : plan.findings) {
    if (!IsDrift(finding)) continue;
    names.insert(finding.name);
    ++findings;
  }
  std::vector<std::string> sentences;
  if (!result.message.empty()) sentences.push_back(result.message);
  if (findings > 0) {
    sentences.push_back(absl::StrCat(
        "Not in step: no plan can settle ", findings, findings == 1 ? " finding (" : " findings (",
        absl::StrJoin(names, ", "), "); somebody must, and until then `apply` exits with 4."));
  }
  if (!plan.unreadable.empty()) {
    sentences.push_back(
        absl::StrCat("Left as it was, since it could not be read when the plan was made: ",
                     absl::StrJoin(plan.unreadable, ", "), "; so `apply` exits with 6."));
  }
  result.drift_left += findings;
  result.message = absl::StrJoin(sentences, " ");
}

int ExitCodeFor(const RunResult& result) {
  switch (result.state) {
    case RunState::kSucceeded:
      return result.drift_left == 0 ? 0 : 4;
    case RunState::kFailed:
      return 1;
    default:
      return 4;
  }
}

}  // namespace rollcall
