// `max_group_removals`: one group loses too many of its members. The base is the group's members in
// the snapshot whose accounts are in scope; removals of people whom the same plan deactivates do
// not count. One finding a directory: its numbers are those of the group that loses most, its
// subjects are all such groups.
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/guards/baseline.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/table.h"
#include "reconciler/plan/guards/tally.h"

namespace rollcall::guards {
namespace {

constexpr char kName[] = "max_group_removals";

struct GroupTally {
  std::string name;  // as served
  Tally tally;
  int64_t members = 0;
};
// By directory and folded group name.
using GroupTallies = std::map<std::pair<std::string, std::string>, GroupTally>;

void CountPlanned(const Impacts& impacts, GroupTallies& groups) {
  absl::flat_hash_set<std::string> leaving = DeactivatedPeople(impacts);
  for (const Impact& impact : impacts) {
    if (impact.action != Action::kRemoveMembership || leaving.contains(impact.person)) continue;
    GroupTally& group = groups[{std::string(impact.directory_id), Fold(impact.group)}];
    if (!group.tally.planned()) {
      group.name = std::string(impact.group);
      if (impact.group_index != kNoGroup) {
        group.members = ManagedMembers(*impact.directory, impact.group_index);
      }
    }
    group.tally.AddPlanned(std::string(impact.account_id), impact.person);
  }
}

void CountPast(const GuardInput& input, GroupTallies& groups) {
  const auto left = DeactivatedPeople(input.input, input.draft);
  for (const PastChange& past : input.input.memory.applied_last_24h) {
    if (past.action != Action::kRemoveMembership || !Counts(past, kName, input.input.now)) continue;
    auto group = groups.find({past.directory, Fold(past.group)});
    if (group == groups.end()) continue;
    if (left.contains({past.run, PersonOf(past, input.input.exported, input.draft)})) continue;
    group->second.tally.AddPast(past.account);
  }
}

}  // namespace

void MaxGroupRemovals(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  const Limit& limit = input.input.spec.guards.max_group_removals;
  if (!limit.on) return;
  GroupTallies groups;
  CountPlanned(impacts, groups);
  CountPast(input, groups);
  std::map<std::string, std::vector<const GroupTally*>> beyond;  // by directory
  for (const auto& [key, group] : groups) {
    if (Exceeds(limit, group.tally.count(), group.members)) beyond[key.first].push_back(&group);
  }
  for (const auto& [directory, list] : beyond) {
    const GroupTally* worst = list.front();
    std::vector<std::string> names;
    for (const GroupTally* group : list) {
      if (group->tally.count() > worst->tally.count()) worst = group;
      names.push_back(group->name);
    }
    int64_t allowed = LargestAllowed(limit, worst->members);
    std::string others =
        list.size() == 1 ? ""
                         : absl::StrCat("; so does ", Count(static_cast<int64_t>(list.size()) - 1,
                                                            "other group", "other groups"));
    Finding finding =
        Blocking(kName,
                 absl::StrCat("the group ", worst->name, InDirectory(directory), " loses ",
                              worst->tally.count(), " of ",
                              Count(worst->members, "managed member", "managed members"),
                              ", more than the ", allowed, " allowed", others),
                 "check that the groups of the export are complete");
    finding.directory = directory;
    finding.observed = worst->tally.count();
    finding.limit = allowed;
    SetSubjects(finding, std::move(names));
    findings.push_back(std::move(finding));
  }
}

}  // namespace rollcall::guards
