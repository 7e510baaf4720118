// GroupExpander: turns groups with people and groups as members into groups of people (rule G4):
// depth limited, a cycle counts once, and a group whose list may be incomplete is held, together
// with every group that contains it. Internal to ExportBuilder. One thread.
#ifndef RECONCILER_PLAN_GROUP_EXPANDER_H_
#define RECONCILER_PLAN_GROUP_EXPANDER_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "reconciler/plan/export.h"

namespace rollcall {

class GroupExpander {
 public:
  // `children[i]` are the groups that are direct members of `groups[i]`; `groups[i].members` its
  // direct people, in any order, doubled or not.
  GroupExpander(std::vector<ExportGroup>& groups, std::vector<std::vector<uint32_t>> children,
                int depth_limit, size_t membership_limit);

  // Afterwards members are sorted, unique and expanded. RESOURCE_EXHAUSTED above the limit.
  absl::Status Run();

 private:
  // Adds everybody below `root` to `people`.
  void Collect(uint32_t root, std::vector<PersonIndex>& people);
  void HoldFor(uint32_t root, uint32_t child);

  std::vector<ExportGroup>& groups_;
  const std::vector<std::vector<uint32_t>> children_;
  const int depth_limit_;
  const size_t membership_limit_;
  std::vector<uint32_t> seen_in_;  // the last root that met the group, plus one
  // New holds, set at the end, so that the order of the groups does not matter.
  std::vector<std::pair<uint32_t, std::string>> holds_;
  size_t steps_ = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GROUP_EXPANDER_H_
