// `emptied_group`: a managed group that has an active member is left without one, whether its
// members are removed or deactivated.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/outlook.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall::guards {
namespace {}  // namespace

void EmptiedGroup(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  if (!input.input.spec.guards.emptied_group) return;
  Outlook outlook(impacts);
  for (const DraftDirectory& directory : input.draft.directories) {
    std::vector<std::string> emptied;
    for (const ManagedGroup& managed : directory.groups.groups) {
      if (outlook.KeepsActiveMember(directory, managed.group)) continue;
      if (outlook.Of(directory, managed.group).now == 0) continue;
      emptied.emplace_back(directory.roster().groups[managed.group].name);
    }
    if (emptied.empty()) continue;
    std::vector<std::string> shown(emptied.begin(),
                                   emptied.begin() + std::min(emptied.size(), kGroupsInMessage));
    Finding finding = Blocking(
        "emptied_group",
        absl::StrCat(Count(static_cast<int64_t>(emptied.size()), "managed group", "managed groups"),
                     InDirectory(directory.spec->id), " would be left without an active member: ",
                     absl::StrJoin(shown, ", "), shown.size() < emptied.size() ? ", …" : ""),
        "check that nobody needs the group any more");
    finding.directory = directory.spec->id;
    finding.observed = static_cast<int64_t>(emptied.size());
    SetSubjects(finding, std::move(emptied));
    findings.push_back(std::move(finding));
  }
}

}  // namespace rollcall::guards
