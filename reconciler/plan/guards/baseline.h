// Baseline: what the percentages of limits refer to, counted in the snapshots. Pure; each is one
// pass over accounts or memberships, so guards ask only when a limit could be passed.
#ifndef RECONCILER_PLAN_GUARDS_BASELINE_H_
#define RECONCILER_PLAN_GUARDS_BASELINE_H_

#include <cstdint>

#include "reconciler/plan/planner.h"

namespace rollcall {

// A partly active Cloud account still gives access (rule A4): it counts as active.
inline bool GivesAccess(AccountState state) {
  return state == AccountState::kActive || state == AccountState::kPartlyActive;
}

bool InScope(const DraftDirectory& directory, AccountIndex account);

// Active accounts in scope (rule S1).
int64_t ActiveAccounts(const DraftDirectory& directory);

// Accounts in scope that are members of one group.
int64_t ManagedMembers(const DraftDirectory& directory, GroupIndex group);

// Memberships of accounts in scope in the managed groups.
int64_t ManagedMemberships(const DraftDirectory& directory);

// Distinct people with an active account in scope in any directory that was read; an account
// without a person counts by itself.
int64_t ActivePeople(const Export& exported, const Draft& draft);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_BASELINE_H_
