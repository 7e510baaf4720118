// RunResult: how one application of a plan ended, and the exit code that says so. Values and pure
// functions.
#ifndef RECONCILER_APPLY_RUN_RESULT_H_
#define RECONCILER_APPLY_RUN_RESULT_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "reconciler/apply/directory_health.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

struct RunResult {
  RunState state = RunState::kFailed;
  std::map<std::string, Outcome> outcomes;         // by change id; absent: pending
  std::set<std::string> unknown;                   // announced, and without a result
  int64_t drift_left = 0;                          // see RunRecord
  int64_t requests_used = 0;                       // of all starts of this run
  std::string message;                             // how to go on, where it did not succeed
  std::map<std::string, std::string> halted = {};  // directories that were given up, and why
};

// What the executor knows at the end.
struct ExecutionEnd {
  bool interrupted = false;  // stopped before everything was done and verified
  absl::Status journal_error;
  std::map<std::string, Halt> halts;  // by directory
};

// Does the change hold: applied (or so already), and seen to be so?
bool Holds(const Outcome& outcome);

// State, drift and message from the outcomes. requests_used is left to the caller.
//
//   INTERRUPTED  stopped; the same apply goes on. Also when the journal could not be written
//   SUCCEEDED    every change holds
//   FAILED       nothing was (or may have been) applied, and something failed or was refused;
//                changes that were so already count as held only if no key was refused
//   PARTIAL      everything else
RunResult Conclude(const Plan& plan, std::map<std::string, Outcome> outcomes,
                   std::set<std::string> unknown, const ExecutionEnd& end);

// What a full verification found, on top of it: `drift` changes that a new plan would hold.
void AddFullVerification(int64_t drift, RunResult& result);

// What no plan can settle, or could not see: each finding of `plan` that is drift counts as left,
// so that nobody who looks at the run alone takes it for in step. Once, after everything else.
void AddUnplannedDrift(const Plan& plan, RunResult& result);

// PRODUCT.md section 5: 0 in step, 1 failure, 4 applied in part.
int ExitCodeFor(const RunResult& result);

}  // namespace rollcall

#endif  // RECONCILER_APPLY_RUN_RESULT_H_
