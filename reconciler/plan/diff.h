// Diff: what must change so that `actual` becomes `desired`. Rows are by id of `actual`; an account
// or group that only one side has takes no part (accounts are neither made nor deleted). Pure, and
// minimal: applying the rows gives an empty diff, leaving one out does not (rule M1).
#ifndef RECONCILER_PLAN_DIFF_H_
#define RECONCILER_PLAN_DIFF_H_

#include <vector>

#include "reconciler/plan/roster.h"
#include "reconciler/plan/spec.h"

namespace rollcall {

struct DiffRow {
  Action action = Action::kDeactivate;
  AccountIndex account = 0;     // into actual.accounts
  GroupIndex group = kNoGroup;  // into actual.groups; kNoGroup for (de)activations
  bool operator==(const DiffRow&) const = default;
};

// Sorted by phase (rule O1: deactivations, removals, activations, additions), group, account.
std::vector<DiffRow> Diff(const Roster& desired, const Roster& actual);

// `actual` with the rows applied: for tests, and for guards that judge what will be.
Roster Apply(const Roster& actual, const std::vector<DiffRow>& rows);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_DIFF_H_
