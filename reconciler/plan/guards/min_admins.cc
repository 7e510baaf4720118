// `min_admins`: the plan brings the active members of a named admin group below the limit. A group
// that is below it already blocks only when the plan lowers it further. The groups are those of
// `min_admins: {groups}`, in every directory that has them. A name that no group has is a warning:
// a typo must not switch the guard off silently.
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/outlook.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall::guards {
namespace {

struct Worst {
  std::string group;
  ActiveMembers members;
};

void WarnOfUnknown(const GuardInput& input, const std::vector<bool>& known, Findings& findings) {
  // A directory that was not read may have the group.
  if (input.draft.directories.size() < input.input.spec.directories.size()) return;
  std::vector<std::string> unknown;
  for (size_t i = 0; i < known.size(); ++i) {
    if (!known[i]) unknown.push_back(input.input.spec.guards.min_admins_groups[i]);
  }
  if (unknown.empty()) return;
  Finding finding;
  finding.name = "min_admins";
  finding.severity = Severity::kWarning;
  finding.message = absl::StrCat(
      Count(static_cast<int64_t>(unknown.size()), "name", "names"),
      " of `min_admins: {groups}` fit no group of any directory, so nothing is guarded by them");
  finding.cure = "correct the names in the configuration";
  finding.observed = static_cast<int64_t>(unknown.size());
  SetSubjects(finding, std::move(unknown));
  findings.push_back(std::move(finding));
}

}  // namespace

void MinAdmins(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  const GuardSpec& spec = input.input.spec.guards;
  if (!spec.min_admins || spec.min_admins_groups.empty()) return;
  Outlook outlook(impacts);
  std::vector<bool> known(spec.min_admins_groups.size());
  for (const DraftDirectory& directory : input.draft.directories) {
    const std::vector<rollcall::Group>& groups = directory.roster().groups;
    std::vector<std::string> lowered;
    Worst worst;
    for (GroupIndex i = 0; i < groups.size(); ++i) {
      bool named = false;
      for (size_t j = 0; j < known.size(); ++j) {
        if (!GlobMatches(spec.min_admins_groups[j], groups[i].name)) continue;
        known[j] = named = true;
      }
      if (!named) continue;
      ActiveMembers members = outlook.Of(directory, i);
      if (members.then >= spec.min_admins_limit || members.then >= members.now) continue;
      if (lowered.empty() || members.then < worst.members.then) {
        worst = {std::string(groups[i].name), members};
      }
      lowered.emplace_back(groups[i].name);
    }
    if (lowered.empty()) continue;
    Finding finding =
        Blocking("min_admins",
                 absl::StrCat("the admin group ", worst.group, InDirectory(directory.spec->id),
                              " would go from ", worst.members.now, " to ",
                              Count(worst.members.then, "active member", "active members"),
                              ", fewer than the ", spec.min_admins_limit, " required"),
                 "check who will be able to administer");
    finding.directory = directory.spec->id;
    finding.observed = worst.members.then;
    finding.limit = spec.min_admins_limit;
    SetSubjects(finding, std::move(lowered));
    findings.push_back(std::move(finding));
  }
  WarnOfUnknown(input, known, findings);
}

}  // namespace rollcall::guards
