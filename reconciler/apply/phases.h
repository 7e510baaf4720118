// Phases: in which order the changes of one directory are made (rule O1). Pure.
//
//   [removals of people who are deactivated here]   only where the kind refuses changes to inactive
//   deactivations, removals, activations, additions
//
// A work item is what one worker does in one go: one (de)activation, or all removals from (or
// additions to) one group, so that no two requests for the same group are under way at once.
#ifndef RECONCILER_APPLY_PHASES_H_
#define RECONCILER_APPLY_PHASES_H_

#include <string>
#include <vector>

#include "reconciler/plan/plan.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

struct WorkItem {
  std::vector<const Change*> changes;  // at least one; all of one action, and of one group if any
};
using Phase = std::vector<WorkItem>;  // in plan order

// The changes must outlive the result. Empty phases are left out.
std::vector<Phase> PhasesOf(const std::vector<const Change*>& changes,
                            const DirectoryTraits& traits);

}  // namespace rollcall

#endif  // RECONCILER_APPLY_PHASES_H_
