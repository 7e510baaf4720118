// Scope: which accounts the configuration declares managed, by e-mail domain or by group (rule S1).
// Pure.
#ifndef RECONCILER_PLAN_SCOPE_H_
#define RECONCILER_PLAN_SCOPE_H_

#include <vector>

#include "reconciler/plan/roster.h"
#include "reconciler/plan/spec.h"

namespace rollcall {

// Parallel to the roster's accounts. The domain is that of the e-mail; where an account has none,
// that of a user name with an `@`. Domains compare folded and whole: example.com does not take in
// mail.example.com.
std::vector<bool> ManagedAccounts(const Spec& spec, const Roster& roster);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_SCOPE_H_
