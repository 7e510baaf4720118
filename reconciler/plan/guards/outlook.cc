#include "reconciler/plan/guards/outlook.h"

#include <algorithm>

#include "reconciler/plan/guards/baseline.h"

namespace rollcall {

Outlook::Outlook(const std::vector<Impact>& impacts) {
  for (const Impact& impact : impacts) {
    if (impact.directory == nullptr || impact.account == kNoAccount) continue;
    DirectoryOutlook& outlook = directories_[impact.directory];
    switch (impact.action) {
      case Action::kActivate:
        outlook.active[impact.account] = true;
        break;
      case Action::kDeactivate:
        outlook.active[impact.account] = false;
        break;
      case Action::kAddMembership:
        outlook.added[impact.group_index].insert(impact.account);
        break;
      case Action::kRemoveMembership:
        outlook.removed.emplace(impact.group_index, impact.account);
        break;
    }
  }
}

bool Outlook::DirectoryOutlook::ActiveThen(const Roster& roster, AccountIndex account) const {
  auto changed = active.find(account);
  return changed == active.end() ? GivesAccess(roster.accounts[account].state) : changed->second;
}

bool Outlook::DirectoryOutlook::StaysActive(const Roster& roster, const Membership& member) const {
  return ActiveThen(roster, member.account) && !removed.contains({member.group, member.account});
}

int64_t Outlook::DirectoryOutlook::Joining(const Roster& roster, GroupIndex group) const {
  auto joining = added.find(group);
  if (joining == added.end()) return 0;
  return std::count_if(joining->second.begin(), joining->second.end(), [&](AccountIndex account) {
    return !roster.HasMembership(group, account) && ActiveThen(roster, account);
  });
}

const Outlook::DirectoryOutlook& Outlook::In(const DraftDirectory& directory) const {
  auto found = directories_.find(&directory);
  return found == directories_.end() ? nothing_ : found->second;
}

ActiveMembers Outlook::Of(const DraftDirectory& directory, GroupIndex group) const {
  const DirectoryOutlook& outlook = In(directory);
  const Roster& roster = directory.roster();
  ActiveMembers members;
  members.then = outlook.Joining(roster, group);
  for (auto row = roster.MembersBegin(group); row != roster.MembersEnd(group); ++row) {
    if (GivesAccess(roster.accounts[row->account].state)) ++members.now;
    if (outlook.StaysActive(roster, *row)) ++members.then;
  }
  return members;
}

ActiveMembers Outlook::Administrators(const DraftDirectory& directory) const {
  const DirectoryOutlook& outlook = In(directory);
  const Roster& roster = directory.roster();
  ActiveMembers administrators;
  for (AccountIndex i = 0; i < roster.accounts.size(); ++i) {
    if (!roster.accounts[i].administrator) continue;
    if (GivesAccess(roster.accounts[i].state)) ++administrators.now;
    if (outlook.ActiveThen(roster, i)) ++administrators.then;
  }
  return administrators;
}

bool Outlook::KeepsActiveMember(const DraftDirectory& directory, GroupIndex group) const {
  const DirectoryOutlook& outlook = In(directory);
  const Roster& roster = directory.roster();
  return std::any_of(
             roster.MembersBegin(group), roster.MembersEnd(group),
             [&](const Membership& member) { return outlook.StaysActive(roster, member); }) ||
         outlook.Joining(roster, group) > 0;
}

}  // namespace rollcall
