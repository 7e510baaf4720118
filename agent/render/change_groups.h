// ChangeGroup: the changes of a plan by directory and action, as plans and runs are told. Pure
// functions, any thread; a group points into the plan that it was made from.
#ifndef AGENT_RENDER_CHANGE_GROUPS_H_
#define AGENT_RENDER_CHANGE_GROUPS_H_

#include <string>
#include <vector>

#include "reconciler/plan/plan.h"

namespace rollcall {

// The changes of one directory and action, in the plan's order.
struct ChangeGroup {
  std::string directory;
  Action action = Action::kDeactivate;
  std::vector<const Change*> changes;
};

// In the order in which the plan first has them.
std::vector<ChangeGroup> GroupChanges(const Plan& plan);

// "corp-scim: remove 2,311 memberships in 37 groups".
std::string GroupTitle(const ChangeGroup& group);

}  // namespace rollcall

#endif  // AGENT_RENDER_CHANGE_GROUPS_H_
