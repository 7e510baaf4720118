// Guards: the named safety rules of PRODUCT.md section 4 over a plan that is otherwise complete.
// Pure. One file a guard (or a family of them); `AllGuards` lists them in the order of the table.
#ifndef RECONCILER_PLAN_GUARDS_GUARD_H_
#define RECONCILER_PLAN_GUARDS_GUARD_H_

#include <vector>

#include "reconciler/plan/guards/impact.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

struct GuardInput {
  const PlanInput& input;
  const Draft& draft;
  const std::vector<Change>& changes;  // after routing and withholding; effects inside
};

// Appends at most a few findings (one a directory and one over all): BLOCKING where a limit is
// passed. Nothing where it passes. `impacts` are those of all changes, effects inside.
using Guard = void (*)(const GuardInput& input, const std::vector<Impact>& impacts,
                       std::vector<Finding>& findings);

struct NamedGuard {
  const char* name;
  bool judges_export;  // an export guard blocks a plan without changes too; a change guard never
                       // does
  Guard guard;
};
const std::vector<NamedGuard>& AllGuards();

// Runs those that apply: with `only_person`, neither export guards nor first_run nor max_*.
std::vector<Finding> RunGuards(const GuardInput& input);

// n > count, or n > floor and 100·n > percent·base (base > 0). Exact for every int64.
bool Exceeds(const Limit& limit, int64_t n, int64_t base);
// The largest n that does not exceed, for `Finding::limit`; INT64_MAX where nothing does.
int64_t LargestAllowed(const Limit& limit, int64_t base);

// Withholding (never waivable): takes the changes that touch Rollcall's own account (`self`) or
// protected people, accounts or groups (`protected`), directly or by an effect, out of `changes`
// and names them in findings; what a SCIM record names counts also where it was read as if nothing
// would follow. An entry of `protected` is read as all of these that fit:
//
//   ID, USER NAME, E-MAIL  a person of the export (names folded), or a recorded id of one who is
//                          gone, or the accounts of that user name or e-mail and the people behind
//                          them; every account of such a person in every directory
//   DIRECTORY/ACCOUNT      that one account
//   group:X                the memberships of the groups whose name matches X (folded, * and ?)
//   members:X              the accounts that are direct members of those groups, and every account
//                          of the people behind them
//
// An entry that fits nothing, while every directory could be read, is a WARNING `protected`; an
// `identity` that no account of its directory bears is a WARNING `self`.
//
// A staged start withholds here as well, under the name `not_allowed`: in a directory with
// `apply: false` every change, else those whose action `allow` does not list. Only changes that
// Rollcall would send itself are judged by it: an effect is written by the directory that owns the
// account.
std::vector<Finding> Withhold(const PlanInput& input, const Draft& draft,
                              std::vector<Change>& changes);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_GUARD_H_
