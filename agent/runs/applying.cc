#include "agent/runs/applying.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/plan_document.h"
#include "agent/render/wording.h"
#include "agent/runs/planning.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/planner.h"

namespace rollcall {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool Intersect(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& name) { return Contains(b, name); });
}

bool IsWaived(const std::vector<Waiver>& waivers, const std::string& guard) {
  return std::any_of(waivers.begin(), waivers.end(),
                     [&](const Waiver& waiver) { return waiver.guard == guard; });
}

absl::Status CheckNames(const std::vector<Waiver>& waivers) {
  for (const Waiver& waiver : waivers) {
    if (!Contains(WaivableGuards(), waiver.guard)) {
      return Refuse(ExitCode::kUsage,
                    absl::StrCat("--waive ", waiver.guard,
                                 ": there is no such guard that could be waived; these can: ",
                                 absl::StrJoin(WaivableGuards(), ", ")));
    }
    if (waiver.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
      return Refuse(ExitCode::kUsage, absl::StrCat("--waive ", waiver.guard,
                                                   " needs a written reason: --reason TEXT"));
    }
  }
  return absl::OkStatus();
}

ThrottlingByDirectory Since(const ThrottlingByDirectory& before, ThrottlingByDirectory now) {
  for (const auto& [directory, throttling] : before) {
    now[directory].waits -= throttling.waits;
    now[directory].waited -= throttling.waited;
    now[directory].busy -= throttling.busy;
  }
  return now;
}

}  // namespace

ThrottlingByDirectory Applying::ThrottlingUntilNow() const {
  return ports_.throttling ? ports_.throttling() : ThrottlingByDirectory();
}

std::vector<std::string> TouchedDirectories(const Plan& plan) {
  std::set<std::string> touched;
  for (const Change& change : plan.changes) {
    touched.insert(change.directory);
    for (const Effect& effect : change.effects) touched.insert(effect.directory);
    if (change.reroute.has_value()) touched.insert(change.reroute->directory);
  }
  return {touched.begin(), touched.end()};
}

absl::StatusOr<Preparation> Applying::Prepare(const std::string& plan_id,
                                              const std::vector<Waiver>& waivers) {
  RETURN_IF_ERROR(CheckNames(waivers));
  absl::StatusOr<Plan> plan = ports_.store.plans().Load(plan_id);
  if (absl::IsNotFound(plan.status())) {
    return Refuse(ExitCode::kStale,
                  absl::StrCat("the state file ", ports_.store.file(), " knows no plan ", plan_id,
                               ": a plan applies only on the state that made it; make a new one: ",
                               ports_.command, " plan"));
  }
  RETURN_IF_ERROR(plan.status());
  Preparation ready;
  ready.plan = *std::move(plan);
  ready.waivers = waivers;
  ASSIGN_OR_RETURN(const std::optional<std::string> unfinished,
                   ports_.store.runs().UnfinishedOf(plan_id));
  if (unfinished.has_value()) {
    if (ready.plan.config_hash != ports_.spec.config_hash) return CheckFresh(ready.plan);
    ASSIGN_OR_RETURN(ready.resumed, ports_.store.runs().Load(*unfinished));
    ready.waivers = ready.resumed->waivers;
    return ready;
  }
  RETURN_IF_ERROR(CheckFresh(ready.plan));
  RETURN_IF_ERROR(CheckWaivers(ready.plan, ready));
  return ready;
}

absl::Status Applying::CheckFresh(const Plan& plan) {
  const std::string cure = absl::StrCat("; make a new one: ", ports_.command, " plan");
  if (plan.state_id != ports_.store.state_id() || HashPlan(plan) != plan.etag) {
    return Refuse(ExitCode::kStale, absl::StrCat("plan ", plan.id, " is not as the state file ",
                                                 ports_.store.file(), " made it", cure));
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> last, ports_.store.runs().LastOf(plan.id));
  if (last.has_value() && plan.state == PlanState::kApplied) {
    return Refuse(ExitCode::kStale,
                  absl::StrCat("plan ", plan.id, " was applied already, by run ", *last, " (",
                               ports_.command, " show ", *last, ")", cure));
  }
  if (plan.config_hash != ports_.spec.config_hash) {
    return Refuse(ExitCode::kStale, absl::StrCat("the configuration has changed since plan ",
                                                 plan.id, " was made; the plan is stale", cure));
  }
  const absl::Duration age = ports_.runtime.Now() - plan.create_time;
  if (age > ports_.spec.plan_max_age) {
    return Refuse(ExitCode::kStale,
                  absl::StrCat("plan ", plan.id, " is stale: made ", Stamp(plan.create_time), ", ",
                               absl::FormatDuration(absl::Trunc(age, absl::Seconds(1))),
                               " ago, and plan_max_age is ",
                               absl::FormatDuration(ports_.spec.plan_max_age), cure));
  }
  return CheckNotOvertaken(plan);
}

// A run of another plan that was interrupted before this plan was begun does not make it stale: the
// plan has seen what that run had done. Execute closes such runs.
absl::Status Applying::CheckNotOvertaken(const Plan& plan) {
  ASSIGN_OR_RETURN(const std::optional<OvertakingRun> overtaking,
                   ports_.store.runs().Overtaking(plan.id));
  if (!overtaking.has_value()) return absl::OkStatus();
  return Refuse(ExitCode::kStale,
                absl::StrCat("plan ", plan.id, " is stale: run ", overtaking->run,
                             overtaking->ended.has_value() ? " has changed " : " is changing ",
                             overtaking->directory,
                             " since it was made; make a new one: ", ports_.command, " plan"));
}

absl::Status Applying::CheckWaivers(const Plan& plan, Preparation& ready) const {
  const std::vector<std::string> blocking = BlockingGuards(plan);
  RETURN_IF_ERROR(CheckGuards(plan, ready.waivers, ports_.command));
  ready.warnings = IdleWaivers(plan, ready.waivers);
  std::vector<Waiver> counting;
  for (const Waiver& waiver : ready.waivers) {
    if (Contains(blocking, waiver.guard)) counting.push_back(waiver);
  }
  ready.waivers = std::move(counting);
  return absl::OkStatus();
}

absl::StatusOr<RunRecord> Applying::Execute(const Preparation& ready, const CallContext& context) {
  ASSIGN_OR_RETURN(const StartedRun started, Start(ready, {}));
  return Carry(ready, started, context);
}

absl::StatusOr<StartedRun> Applying::Start(const Preparation& ready, const Requester& requester) {
  const std::string lock_name =
      ready.resumed.has_value() ? ready.resumed->id : absl::StrCat("of plan ", ready.plan.id);
  StartedRun started;
  ASSIGN_OR_RETURN(started.lock, RunLock::Acquire(ports_.store.file(), lock_name,
                                                  TouchedDirectories(ready.plan)));
  RETURN_IF_ERROR(CloseLeftovers(ready.plan));
  ASSIGN_OR_RETURN(started.id, Begin(ready, requester));
  started.lock->SignAs(started.id);
  return started;
}

absl::StatusOr<RunRecord> Applying::Carry(const Preparation& ready, const StartedRun& started,
                                          const CallContext& context) {
  const std::string& run = started.id;
  ASSIGN_OR_RETURN(const std::unique_ptr<RunJournal> journal,
                   ports_.store.OpenJournal(run, ports_.runtime));
  ASSIGN_OR_RETURN(const RunRecord resumed, ports_.store.runs().Load(run));
  Executor executor(ports_.endpoints, *journal, ports_.runtime, ports_.progress, ports_.executor);
  const ThrottlingByDirectory before = ThrottlingUntilNow();
  RunResult result = executor.Execute(ready.plan, resumed, context);
  AddUnplannedDrift(ready.plan, result);
  RETURN_IF_ERROR(ports_.store.runs().AddThrottling(run, Since(before, ThrottlingUntilNow())));
  RETURN_IF_ERROR(Record(run, ready.plan, result));
  ASSIGN_OR_RETURN(RunRecord record, ports_.store.runs().Load(run));
  Tell(ready.plan, record);
  return record;
}

absl::StatusOr<std::string> Applying::Begin(const Preparation& ready, const Requester& requester) {
  RunStore& runs = ports_.store.runs();
  if (ready.resumed.has_value()) {
    // Another process may have resumed and ended it while we waited for nothing but the lock.
    const absl::Status status =
        runs.SetState(ready.resumed->id, RunState::kRunning, ports_.runtime.Now());
    if (!status.ok()) return WithExitCode(ExitCode::kStale, status);
    return ready.resumed->id;
  }
  const std::string run = NewId('r', ports_.runtime);
  const absl::Status started =
      runs.Start(run, ready.plan.id, ready.waivers, ports_.runtime.Now(), requester);
  if (!started.ok()) {
    return absl::IsFailedPrecondition(started) ? WithExitCode(ExitCode::kStale, started) : started;
  }
  // Rule A3: an export that a guard blocked counts from when that guard is waived.
  RETURN_IF_ERROR(ports_.store.exports().AcceptProposed(ready.plan.id, ports_.runtime.Now()));
  return run;
}

// We hold the lock of every directory that the plan touches, so no run is at work there: what has
// not ended was interrupted. Its open changes are judged anew by this plan, which saw the state.
absl::Status Applying::CloseLeftovers(const Plan& plan) {
  ASSIGN_OR_RETURN(const std::vector<RunSummary> unfinished, ports_.store.runs().Unfinished());
  for (const RunSummary& run : unfinished) {
    if (run.plan == plan.id) continue;
    ASSIGN_OR_RETURN(const Plan other, ports_.store.plans().Load(run.plan));
    if (!Intersect(TouchedDirectories(other), TouchedDirectories(plan))) continue;
    RETURN_IF_ERROR(
        Close(run.id, other,
              "Interrupted and never resumed; closed when another plan was applied to the same "
              "directories, which judged its open changes anew.",
              Closing::kLeftOver));
  }
  return absl::OkStatus();
}

absl::Status Applying::CloseInterrupted(const std::string& run, const std::string& why,
                                        Closing closing) {
  ASSIGN_OR_RETURN(const RunRecord record, ports_.store.runs().Load(run));
  ASSIGN_OR_RETURN(const Plan plan, ports_.store.plans().Load(record.plan));
  ASSIGN_OR_RETURN(const std::unique_ptr<RunLock> lock,
                   RunLock::Acquire(ports_.store.file(), run, TouchedDirectories(plan)));
  return Close(run, plan, why, closing);
}

absl::Status Applying::Close(const std::string& leftover, const Plan& its_plan,
                             const std::string& why, Closing closing) {
  ASSIGN_OR_RETURN(const RunRecord record, ports_.store.runs().Load(leftover));
  RunEnd end;
  end.state = RunState::kFailed;
  end.ended = ports_.runtime.Now();
  end.requests_used = record.requests_used;
  for (const Change& change : its_plan.changes) {
    const auto outcome = record.outcomes.find(change.id);
    const bool holds = outcome != record.outcomes.end() && Holds(outcome->second);
    if (!holds) ++end.drift_left;
    const bool sent = outcome != record.outcomes.end() || record.unknown.contains(change.id);
    if (sent) end.state = RunState::kPartial;
  }
  if (closing == Closing::kRequested) end.state = RunState::kCancelled;
  end.message = why;
  RETURN_IF_ERROR(ports_.store.runs().Finish(leftover, end));
  if (ports_.observer == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const RunRecord closed, ports_.store.runs().Load(leftover));
  Tell(its_plan, closed);
  return absl::OkStatus();
}

void Applying::Tell(const Plan& plan, const RunRecord& run) const {
  if (ports_.observer != nullptr && HasEnded(run.state)) ports_.observer->RunEnded(plan, run);
}

absl::Status Applying::Record(const std::string& run, const Plan& plan, const RunResult& result) {
  RunEnd end;
  if (!HasEnded(result.state)) {
    const std::optional<std::string> why = ports_.cancelled ? ports_.cancelled() : std::nullopt;
    if (!why.has_value()) {
      return ports_.store.runs().Interrupt(run, result.requests_used, ports_.runtime.Now());
    }
    end.state = RunState::kCancelled;
    end.ended = ports_.runtime.Now();
    end.requests_used = result.requests_used;
    end.message = *why;
    for (const Change& change : plan.changes) {
      const auto outcome = result.outcomes.find(change.id);
      if (outcome == result.outcomes.end() || !Holds(outcome->second)) ++end.drift_left;
    }
    return ports_.store.runs().Finish(run, end);
  }
  end.state = result.state;
  end.ended = ports_.runtime.Now();
  end.drift_left = result.drift_left;
  end.requests_used = result.requests_used;
  end.message = result.message;
  end.halted = result.halted;
  return ports_.store.runs().Finish(run, end);
}

absl::Status MarkInterruptedRuns(Store& store, absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<RunSummary> unfinished, store.runs().Unfinished());
  for (const RunSummary& run : unfinished) {
    if (run.state == RunState::kInterrupted) continue;
    ASSIGN_OR_RETURN(const Plan plan, store.plans().Load(run.plan));
    const absl::StatusOr<std::unique_ptr<RunLock>> lock =
        RunLock::Acquire(store.file(), run.id, TouchedDirectories(plan));
    if (!lock.ok()) continue;  // at work
    const absl::Status status = store.runs().SetState(run.id, RunState::kInterrupted, now);
    // It may have ended a moment ago.
    if (!status.ok() && !absl::IsFailedPrecondition(status)) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckGuards(const Plan& plan, const std::vector<Waiver>& waivers,
                         const std::string& command) {
  const std::vector<std::string> blocking = BlockingGuards(plan);
  std::vector<std::string> open;
  for (const std::string& guard : blocking) {
    if (!IsWaived(waivers, guard)) open.push_back(guard);
  }
  if (!open.empty()) {
    return Refuse(
        ExitCode::kGuardBlocks,
        absl::StrCat(
            absl::StrJoin(open, ", "), open.size() == 1 ? " blocks" : " block", " plan ", plan.id,
            "; nothing was changed. If it is right as it is: ", ApplyCommand(plan, {command, 0})));
  }
  return absl::OkStatus();
}

std::vector<std::string> IdleWaivers(const Plan& plan, const std::vector<Waiver>& waivers) {
  const std::vector<std::string> blocking = BlockingGuards(plan);
  std::vector<std::string> warnings;
  for (const Waiver& waiver : waivers) {
    if (Contains(blocking, waiver.guard)) continue;
    warnings.push_back(
        absl::StrCat(waiver.guard, " does not block this plan; waiving it has no effect"));
  }
  return warnings;
}

absl::StatusOr<bool> LooksStale(const PlanSummary& plan, const Spec& spec, Store& store,
                                absl::Time now) {
  if (plan.state != PlanState::kReady && plan.state != PlanState::kBlocked &&
      plan.state != PlanState::kEmpty) {
    return false;
  }
  if (plan.state_id != store.state_id() || plan.config_hash != spec.config_hash ||
      now - plan.create_time > spec.plan_max_age) {
    return true;
  }
  ASSIGN_OR_RETURN(const std::optional<OvertakingRun> overtaking, store.runs().Overtaking(plan.id));
  return overtaking.has_value();
}

int RunExitCode(const RunRecord& run) {
  RunResult result;
  result.state = run.state;
  result.drift_left = run.drift_left;
  return ExitCodeFor(result);
}

}  // namespace rollcall
