// Outcome: what became of one change; RunRecord: one application of one plan. Values.
#ifndef RECONCILER_APPLY_OUTCOME_H_
#define RECONCILER_APPLY_OUTCOME_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace rollcall {

enum class OutcomeState : uint8_t {
  kApplied,       // sent, and the server said yes (or the read-back shows it)
  kAlreadyDone,   // it was so already: nothing was sent, or the server said so
  kSkippedStale,  // the account is no longer what it was linked by: not forced
  kRefused,       // the server refused; the message says why
  kFailed,        // not done, the cause is the connection or the server
  kUnknown,       // sent, and reading could not tell either
};
const char* OutcomeStateName(OutcomeState state);  // "APPLIED", …

struct Outcome {
  std::string change;  // Change::id
  OutcomeState state = OutcomeState::kFailed;
  bool verified = false;  // re-read afterwards, and it held
  int attempts = 0;       // write requests sent for it (a batch counts for each of its changes)
  int http_status = 0;
  std::string message;       // why, where the state is not APPLIED; else what is worth knowing
  std::string finding = {};  // what it is about (`masked`, `read_only`); empty: no finding
  bool rerouted = false;     // made, or tried, through Change::reroute (rule R5)
  bool operator==(const Outcome&) const = default;
};

enum class RunState : uint8_t {
  kQueued,
  kRunning,
  kVerifying,
  kCancelling,
  kSucceeded,
  kPartial,
  kFailed,
  kCancelled,
  kInterrupted
};
const char* RunStateName(RunState state);  // "QUEUED", …

// Has the run ended for good? An interrupted one has not: the same apply resumes it.
bool HasEnded(RunState state);

struct Waiver {
  std::string guard;
  std::string reason;
  bool operator==(const Waiver&) const = default;
};

// How often, and for how long in all, a directory told us to stay away (429 or 503).
struct Throttling {
  int64_t waits = 0;
  absl::Duration waited;
  int64_t busy = 0;  // waits that began with 503 and a Retry-After: overload, no quota
  bool operator==(const Throttling&) const = default;
};
using ThrottlingByDirectory = std::map<std::string, Throttling>;

struct RunRecord {
  std::string id;
  std::string plan;
  RunState state = RunState::kQueued;
  absl::Time started;
  std::optional<absl::Time> ended;
  std::vector<Waiver> waivers;
  // Changes of the plan that do not hold at the end, and findings of it that are drift.
  int64_t drift_left = 0;
  int64_t requests_used = 0;
  ThrottlingByDirectory throttling;         // only those that did
  std::string message;                      // how to go on, where it did not succeed
  std::map<std::string, Outcome> outcomes;  // by change id; absent: pending
  // Changes whose intent was journalled and whose result was not (only after an interruption).
  std::set<std::string> unknown;
  // Changes that are made through Change::reroute from now on (rule R5).
  std::set<std::string> rerouted;
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_OUTCOME_H_
