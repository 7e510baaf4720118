// Exit codes of every command and their precedence (PRODUCT.md section 5). Pure, any thread.
#ifndef AGENT_RUNS_EXIT_CODE_H_
#define AGENT_RUNS_EXIT_CODE_H_

#include <cstdint>

#include "reconciler/plan/plan.h"

namespace rollcall {

enum class ExitCode : int {
  kInStep = 0,   // in step, or applied and verified
  kFailure = 1,  // for `check`: a fault
  kPending = 2,  // changes are pending
  kGuardBlocks = 3,
  kPartial = 4,     // applied in part, or drift is left
  kStale = 5,       // the plan is stale, of another state, or was applied already
  kUnreadable = 6,  // the export or a directory could not be read completely
  kUsage = 7,       // usage or configuration error
};

// What was found; several may be true at once.
struct ExitFacts {
  bool usage = false;
  bool unreadable = false;
  bool stale = false;
  bool guard_blocks = false;
  bool failure = false;
  bool partial = false;
  bool pending = false;
  bool operator==(const ExitFacts&) const = default;
};

// The first that applies: 7, 6, 5, 3, 1, 4, 2, 0.
ExitCode Decide(const ExitFacts& facts);

// For `plan`: changes or drift findings are pending, a guard blocks, a directory is unreadable.
ExitFacts FactsOfPlan(const Plan& plan);

// For `apply`, after a run that ended with `run_code` (0, 1 or 4; 0 where there was nothing to
// run): drift that cannot be planned makes it 4, a directory that was not read 6.
ExitFacts FactsOfApply(const Plan& plan, int run_code);

}  // namespace rollcall

#endif  // AGENT_RUNS_EXIT_CODE_H_
