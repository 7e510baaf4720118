// Applying: decides whether a saved plan may be applied, and applies it. Prints nothing and asks
// nobody, so that the command line and the daemon share it. One thread; a call blocks.
//
//   Applying applying(ports);
//   ASSIGN_OR_RETURN(Preparation ready, applying.Prepare(id, waivers));
//   ASSIGN_OR_RETURN(RunRecord run, applying.Execute(ready, context));
//
// Errors carry their exit code (refusal.h). Prepare: 7 an unknown guard, 5 stale in any way, 3 a
// guard blocks that nobody waived; the message says which and the cure. It changes nothing.
#ifndef AGENT_RUNS_APPLYING_H_
#define AGENT_RUNS_APPLYING_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/runs/work_observer.h"
#include "agent/store/run_lock.h"
#include "agent/store/store.h"
#include "reconciler/apply/executor.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/call_context.h"
#include "reconciler/plan/plan.h"
#include "reconciler/plan/spec.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct ApplyingPorts {
  const Spec& spec;
  Store& store;
  Runtime& runtime;
  Progress& progress;
  Endpoints endpoints;
  ExecutorOptions executor;
  // How much each directory has throttled this process until now; none: it is not recorded.
  std::function<ThrottlingByDirectory()> throttling;
  std::string command = "rollcall";  // for the cures in messages
  // Why a run that was stopped is over for good, who asked for it and why; none, or nullopt: it is
  // interrupted, and the same apply goes on with it.
  std::function<std::optional<std::string>()> cancelled = nullptr;
  WorkObserver* observer = nullptr;  // told of runs that ended
};

// A plan that may be applied.
struct Preparation {
  Plan plan;
  std::vector<Waiver> waivers;        // those that count; of the first start, when resuming
  std::optional<RunRecord> resumed;   // the interrupted run that goes on
  std::vector<std::string> warnings;  // sentences
  bool nothing_to_do() const { return !resumed.has_value() && plan.state == PlanState::kEmpty; }
};

// A run that was recorded and holds the locks of its directories.
struct StartedRun {
  std::string id;
  std::unique_ptr<RunLock> lock;
};

class Applying {
 public:
  explicit Applying(ApplyingPorts ports) : ports_(std::move(ports)) {}

  absl::StatusOr<Preparation> Prepare(const std::string& plan_id,
                                      const std::vector<Waiver>& waivers);

  // Why the plan is stale, as an error with code 5; OK: it is not. For `show` too.
  absl::Status CheckFresh(const Plan& plan);

  // Locks, records, executes, verifies, records. The run is returned however it ended; an error
  // means that nothing was sent. Closes interrupted runs of other plans on the same directories.
  absl::StatusOr<RunRecord> Execute(const Preparation& ready, const CallContext& context);

  // The two halves of Execute. Start locks and records; Carry executes, verifies, records, and
  // blocks as long as that takes.
  absl::StatusOr<StartedRun> Start(const Preparation& ready, const Requester& requester);
  absl::StatusOr<RunRecord> Carry(const Preparation& ready, const StartedRun& started,
                                  const CallContext& context);

  // Ends for good an interrupted run whose directories nobody works on; `why` becomes its message.
  // FAILED_PRECONDITION where somebody does. Requested: it becomes CANCELLED.
  enum class Closing : uint8_t { kLeftOver, kRequested };
  absl::Status CloseInterrupted(const std::string& run, const std::string& why,
                                Closing closing = Closing::kLeftOver);

 private:
  ThrottlingByDirectory ThrottlingUntilNow() const;
  absl::Status CheckWaivers(const Plan& plan, Preparation& ready) const;
  absl::Status CheckNotOvertaken(const Plan& plan);
  absl::StatusOr<std::string> Begin(const Preparation& ready, const Requester& requester);
  absl::Status CloseLeftovers(const Plan& plan);
  absl::Status Close(const std::string& leftover, const Plan& its_plan, const std::string& why,
                     Closing closing);
  absl::Status Record(const std::string& run, const Plan& plan, const RunResult& result);
  void Tell(const Plan& plan, const RunRecord& run) const;

  const ApplyingPorts ports_;
};

// Every directory in which the plan, an effect of it, or a way on which a change of it may be
// re-routed (rule R5), changes something; sorted, unique.
std::vector<std::string> TouchedDirectories(const Plan& plan);

// Refused with exit code 3: a guard blocks the plan that none of these waives. `command`: as the
// cure names the program.
absl::Status CheckGuards(const Plan& plan, const std::vector<Waiver>& waivers,
                         const std::string& command);

// A sentence for each waiver of a guard that does not block the plan: it waives nothing.
std::vector<std::string> IdleWaivers(const Plan& plan, const std::vector<Waiver>& waivers);

// Is a plan that waits to be applied stale, as CheckFresh would say, but for a content that
// somebody has edited in the state file? Cheap: nothing of the plan is loaded.
absl::StatusOr<bool> LooksStale(const PlanSummary& plan, const Spec& spec, Store& store,
                                absl::Time now);

// Runs that look at work but whose process is gone become INTERRUPTED, so that a plan made from now
// on is known to have seen what they did. Called before reading.
absl::Status MarkInterruptedRuns(Store& store, absl::Time now);

// 0, 1 or 4 (PRODUCT.md section 5).
int RunExitCode(const RunRecord& run);

}  // namespace rollcall

#endif  // AGENT_RUNS_APPLYING_H_
