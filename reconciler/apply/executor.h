// Executor: applies one plan, verifies it and says how it ended. Blocks; one call at a time. Knows
// directories, journal, time and workers through their ports only.
//
//   Executor executor(endpoints, journal, runtime, progress, options);
//   RunResult result = executor.Execute(plan, resumed, context);
//   return ExitCodeFor(result);
//
// It never fails as a whole: whatever happens is in the result. Whether the plan may be applied
// (hash, age, guards, another run) is for the caller to settle before. `resumed` is the record of
// the interrupted run that this one goes on with, or an empty one.
//
// Directories are worked on side by side, in rounds: in the first everything but the additions to
// accounts that a change of another directory activates (rule G3: they wait until that was
// applied); then those, and what was handed over to the directory that owns it (rule R5); then what
// these handed over. Nothing is handed over twice, so three rounds are all.
//
// A change takes at most two writes (the second only after a lost reply and a look) and at most one
// read before and one after each; see AccountStep, MembershipStep and Verifier. One that is handed
// over takes the refused write and these.
#ifndef RECONCILER_APPLY_EXECUTOR_H_
#define RECONCILER_APPLY_EXECUTOR_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/apply/directory_health.h"
#include "reconciler/apply/endpoint.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/apply/run_ledger.h"
#include "reconciler/apply/run_result.h"
#include "reconciler/base/call_context.h"
#include "reconciler/plan/plan.h"
#include "reconciler/ports/journal.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class Executor {
 public:
  Executor(Endpoints endpoints, Journal& journal, Runtime& runtime, Progress& progress,
           ExecutorOptions options);
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  RunResult Execute(const Plan& plan, const RunRecord& resumed, const CallContext& context);

 private:
  using Work = std::map<std::string, std::vector<const Change*>>;  // by directory
  using Healths = std::map<std::string, DirectoryHealth>;
  // Changes that an earlier round took up, as they were and as re-routed ones.
  using TakenUp = std::set<std::pair<std::string, bool>>;

  static constexpr int kRounds = 3;

  // What the round takes up, by directory; changes of a directory that is not configured fail at
  // once.
  Work NextWork(const Plan& plan, int round, RunLedger& ledger, TakenUp& taken_up);
  void ApplyInRounds(const Plan& plan, RunLedger& ledger, Healths& healths,
                     const CallContext& context);
  void Apply(const Plan& plan, const Work& work, RunLedger& ledger, Healths& healths,
             const CallContext& context);
  void ApplyDirectory(const Plan& plan, const std::string& directory,
                      const std::vector<const Change*>& changes, RunLedger& ledger,
                      DirectoryHealth& health, const CallContext& context);
  // False: stopped before the end.
  bool Verify(const Plan& plan, RunLedger& ledger, const std::map<std::string, Halt>& halts,
              const CallContext& context);
  void VerifyEverything(RunResult& result, const CallContext& context);
  int64_t RequestsSent() const;

  const Endpoints endpoints_;
  Journal& journal_;
  Runtime& runtime_;
  Progress& progress_;
  const ExecutorOptions options_;
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_EXECUTOR_H_
