// Guards: the named safety rules of PRODUCT.md section 4 over a plan that is otherwise complete.
// Pure. One file a guard (or a family of them); `AllGuards` lists them in the order of the table.
#ifndef RECONCILER_PLAN_GUARDS_GUARD_H_
#define RECONCILER_PLAN_GUARDS_GUARD_H_

#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

struct GuardInput {
  const PlanInput& input;
  const Draft& draft;
  const std::vector<Change>& changes;  // after routing and withholding; effects inside
};

// Appends at most a few findings: BLOCKING where a limit is passed. Nothing where it passes.
using Guard = void (*)(const GuardInput& input, std::vector<Finding>& findings);

struct NamedGuard {
  const char* name;
  bool judges_export;  // an export guard blocks a plan without changes too; a change guard never
                       // does
  Guard guard;
};
const std::vector<NamedGuard>& AllGuards();

// Runs those that apply: with `only_person`, neither export guards nor first_run nor max_*.
std::vector<Finding> RunGuards(const GuardInput& input);

// n > count, or n > floor and 100·n > percent·base (base > 0).
bool Exceeds(const Limit& limit, int64_t n, int64_t base);
// The largest n that does not exceed, for `Finding::limit`.
int64_t LargestAllowed(const Limit& limit, int64_t base);

// Withholding (never waivable): takes the changes that touch protected people, accounts, groups or
// Rollcall's own account, directly or by an effect, out of `changes` and names them in findings.
std::vector<Finding> Withhold(const PlanInput& input, const Draft& draft,
                              std::vector<Change>& changes);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_GUARD_H_
