// The guards, one function a row of PRODUCT.md section 4; each is described where it is written.
#ifndef RECONCILER_PLAN_GUARDS_TABLE_H_
#define RECONCILER_PLAN_GUARDS_TABLE_H_

#include <vector>

#include "reconciler/plan/guards/guard.h"

namespace rollcall::guards {

using Impacts = std::vector<Impact>;
using Findings = std::vector<Finding>;

void EmptyExport(const GuardInput& input, const Impacts& impacts, Findings& findings);
void ShrunkenExport(const GuardInput& input, const Impacts& impacts, Findings& findings);
void StaleExport(const GuardInput& input, const Impacts& impacts, Findings& findings);
void DuplicatePeople(const GuardInput& input, const Impacts& impacts, Findings& findings);

void FirstRun(const GuardInput& input, const Impacts& impacts, Findings& findings);
void MaxDeactivations(const GuardInput& input, const Impacts& impacts, Findings& findings);
void MaxActivations(const GuardInput& input, const Impacts& impacts, Findings& findings);
void MaxRemovals(const GuardInput& input, const Impacts& impacts, Findings& findings);
void MaxAdditions(const GuardInput& input, const Impacts& impacts, Findings& findings);
void MaxGroupRemovals(const GuardInput& input, const Impacts& impacts, Findings& findings);
void EmptiedGroup(const GuardInput& input, const Impacts& impacts, Findings& findings);
void MinAdmins(const GuardInput& input, const Impacts& impacts, Findings& findings);
void Privileged(const GuardInput& input, const Impacts& impacts, Findings& findings);

}  // namespace rollcall::guards

#endif  // RECONCILER_PLAN_GUARDS_TABLE_H_
