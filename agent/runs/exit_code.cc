#include "agent/runs/exit_code.h"

#include <algorithm>

#include "reconciler/plan/finding.h"

namespace rollcall {
namespace {

bool HasDrift(const Plan& plan) {
  return std::any_of(plan.findings.begin(), plan.findings.end(), IsDrift);
}

}  // namespace

ExitCode Decide(const ExitFacts& facts) {
  if (facts.usage) return ExitCode::kUsage;
  if (facts.unreadable) return ExitCode::kUnreadable;
  if (facts.stale) return ExitCode::kStale;
  if (facts.guard_blocks) return ExitCode::kGuardBlocks;
  if (facts.failure) return ExitCode::kFailure;
  if (facts.partial) return ExitCode::kPartial;
  if (facts.pending) return ExitCode::kPending;
  return ExitCode::kInStep;
}

ExitFacts FactsOfPlan(const Plan& plan) {
  ExitFacts facts;
  facts.unreadable = !plan.unreadable.empty();
  facts.guard_blocks = plan.state == PlanState::kBlocked;
  facts.pending = !plan.changes.empty() || HasDrift(plan);
  return facts;
}

ExitFacts FactsOfApply(const Plan& plan, int run_code) {
  ExitFacts facts;
  facts.unreadable = !plan.unreadable.empty();
  facts.failure = run_code == static_cast<int>(ExitCode::kFailure);
  facts.partial = run_code == static_cast<int>(ExitCode::kPartial) || HasDrift(plan);
  return facts;
}

}  // namespace rollcall
