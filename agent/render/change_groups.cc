#include "agent/render/change_groups.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "agent/render/wording.h"
#include "reconciler/apply/phases.h"

namespace rollcall {

std::vector<ChangeGroup> GroupChanges(const Plan& plan) {
  std::vector<ChangeGroup> groups;
  for (const Change& change : plan.changes) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const ChangeGroup& candidate) {
      return candidate.directory == change.directory && candidate.action == change.action;
    });
    if (group == groups.end()) {
      groups.push_back({change.directory, change.action, {}});
      group = groups.end() - 1;
    }
    group->changes.push_back(&change);
  }
  return groups;
}

std::string GroupTitle(const ChangeGroup& group) {
  const auto n = static_cast<int64_t>(group.changes.size());
  if (!IsMembership(group.action)) {
    return absl::StrCat(group.directory, ": ", Verb(group.action), " ", CountOf(n, "account"));
  }
  std::set<absl::string_view> names;
  for (const Change* change : group.changes) names.insert(change->group);
  return absl::StrCat(
      group.directory, ": ", group.action == Action::kAddMembership ? "add " : "remove ",
      CountOf(n, "membership"), " in ", CountOf(static_cast<int64_t>(names.size()), "group"));
}

}  // namespace rollcall
