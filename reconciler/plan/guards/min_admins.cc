// `min_admins`: the plan brings the active members of a named admin group, or the organisation's
// active administrators by role, below the limit. What is below it already blocks only when the
// plan lowers it further. The groups are those of `min_admins: {groups}`, in every directory that
// has them. A name that no group has is a warning: a typo must not switch the guard off silently.
// Administrators by role are judged wherever the guard is on and one is known to be active, claimed
// by the organisation or not: who administers it is not a question of who manages the account.
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

bool IsTooFew(const ActiveMembers& members, int64_t limit) {
  return members.then < limit && members.then < members.now;
}

// The accounts, as findings name people, whose activity the plan ends.
std::vector<std::string> LeavingAdministrators(const DraftDirectory& directory,
                                               const Impacts& impacts) {
  std::vector<std::string> leaving;
  for (const Impact& impact : impacts) {
    if (impact.directory != &directory || impact.account == kNoAccount) continue;
    const Account& account = directory.roster().accounts[impact.account];
    if (impact.action == Action::kDeactivate && account.administrator) {
      leaving.push_back(impact.person);
    }
  }
  return leaving;
}

void JudgeRoles(const GuardInput& input, const Impacts& impacts, const Outlook& outlook,
                Findings& findings) {
  const int64_t limit = input.input.spec.guards.min_admins_limit;
  for (const DraftDirectory& directory : input.draft.directories) {
    if (directory.spec->kind != DirectoryKind::kAtlassianAdmin) continue;
    const ActiveMembers members = outlook.Administrators(directory);
    if (!IsTooFew(members, limit)) continue;
    Finding finding = Blocking(
        "min_admins",
        absl::StrCat("the organisation of ", directory.spec->id, " would go from ", members.now,
                     " to ", Count(members.then, "active administrator", "active administrators"),
                     " by role, fewer than the ", limit, " required"),
        "check who will be able to administer the organisation, or give the role to somebody "
        "first");
    finding.directory = directory.spec->id;
    finding.observed = members.then;
    finding.limit = limit;
    SetSubjects(finding, LeavingAdministrators(directory, impacts));
    findings.push_back(std::move(finding));
  }
}

void JudgeGroups(const GuardInput& input, const Outlook& outlook, Findings& findings) {
  const GuardSpec& spec = input.input.spec.guards;
  if (spec.min_admins_groups.empty()) return;
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
      if (!IsTooFew(members, spec.min_admins_limit)) continue;
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

}  // namespace

void MinAdmins(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  if (!input.input.spec.guards.min_admins) return;
  const Outlook outlook(impacts);
  JudgeGroups(input, outlook, findings);
  JudgeRoles(input, impacts, outlook, findings);
}

}  // namespace rollcall::guards
