// Staleness per object (PRODUCT.md section 7): is the account still the one that was planned for?
// Pure, any thread.
#ifndef RECONCILER_APPLY_STALENESS_H_
#define RECONCILER_APPLY_STALENESS_H_

#include <string>

#include "reconciler/plan/plan.h"
#include "reconciler/plan/spec.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// What is no longer as it was when the account was linked, as a sentence; empty: nothing is.
// Names and e-mails are compared folded (rule L2), ids byte for byte. A name that the plan does not
// hold was no proof and may be anything; an `externalId` that appeared since and names somebody
// else counts as a change (rule L6), unless the directory's are ignored (rule L7).
std::string WhatChanged(const Change& change, const AccountRecord& account,
                        const DirectorySpec& directory);

// Is the account as the (de)activation wants it? Partly active is neither.
bool AtGoal(Action action, AccountState state);
// The same of an effect: a SCIM record that is activated brings the account back, and leaves its
// suspensions in single directories as they are (rules A4, R2).
bool EffectAtGoal(Action action, AccountState state);

}  // namespace rollcall

#endif  // RECONCILER_APPLY_STALENESS_H_
