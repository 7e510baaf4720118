#include "reconciler/plan/group_expander.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

void SortUnique(std::vector<PersonIndex>& people) {
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
}

}  // namespace

GroupExpander::GroupExpander(std::vector<ExportGroup>& groups,
                             std::vector<std::vector<uint32_t>> children, int depth_limit,
                             size_t membership_limit)
    : groups_(groups),
      children_(std::move(children)),
      depth_limit_(depth_limit),
      membership_limit_(membership_limit),
      seen_in_(groups.size(), 0) {}

void GroupExpander::HoldFor(uint32_t root, uint32_t child) {
  if (root == child || groups_[child].held.empty()) return;
  holds_.emplace_back(
      root, absl::StrCat("it contains the group ", groups_[child].name, ": ", groups_[child].held));
}

void GroupExpander::Collect(uint32_t root, std::vector<PersonIndex>& people) {
  std::vector<uint32_t> level = {root};
  seen_in_[root] = root + 1;
  for (int depth = 0; !level.empty(); ++depth) {
    if (depth > depth_limit_) {
      holds_.emplace_back(root, absl::StrCat("groups are nested deeper than ", depth_limit_,
                                             " in it, at ", groups_[level.front()].name));
      return;
    }
    std::vector<uint32_t> next;
    for (uint32_t group : level) {
      people.insert(people.end(), groups_[group].members.begin(), groups_[group].members.end());
      steps_ += 1 + groups_[group].members.size();
      HoldFor(root, group);
      for (uint32_t child : children_[group]) {
        if (std::exchange(seen_in_[child], root + 1) != root + 1) next.push_back(child);
      }
    }
    if (steps_ > membership_limit_) return;
    level = std::move(next);
  }
}

absl::Status GroupExpander::Run() {
  std::vector<std::pair<uint32_t, std::vector<PersonIndex>>> expanded;
  for (uint32_t i = 0; i < groups_.size(); ++i) {
    SortUnique(groups_[i].members);
    if (children_[i].empty()) continue;
    expanded.emplace_back(i, std::vector<PersonIndex>());
    Collect(i, expanded.back().second);
    if (steps_ > membership_limit_) {
      return absl::ResourceExhaustedError(absl::StrCat("expanding nested groups takes more than ",
                                                       membership_limit_, " memberships, at group ",
                                                       groups_[i].name));
    }
    SortUnique(expanded.back().second);
  }
  for (auto& [group, people] : expanded) groups_[group].members = std::move(people);
  for (auto& [group, why] : holds_) {
    if (groups_[group].held.empty()) groups_[group].held = std::move(why);
  }
  return absl::OkStatus();
}

}  // namespace rollcall
