// Refusals that last: `masked` (a change that a directory accepts and that moves nothing) and
// `read_only` (a directory that takes no changes of a kind). What a run saw is remembered
// (Memory::refusals); for kRememberRefusalsFor after the last one, the change, or every change of
// that kind in that directory, is left out and named. Then it is tried again. Pure.
//
// `rollcall deactivate` and `activate` try in any case: somebody asks for it now, and what works
// clears the memory.
#ifndef RECONCILER_PLAN_REFUSALS_H_
#define RECONCILER_PLAN_REFUSALS_H_

#include <vector>

#include "absl/time/time.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

inline constexpr absl::Duration kRememberRefusalsFor = absl::Hours(24);
inline constexpr char kMasked[] = "masked";
inline constexpr char kReadOnly[] = "read_only";

// Takes such changes out of `changes`; the findings, one a directory and kind of write, are drift.
std::vector<Finding> LeaveOutRefused(const PlanInput& input, std::vector<Change>& changes);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_REFUSALS_H_
