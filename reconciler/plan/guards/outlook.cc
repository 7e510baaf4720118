#include "reconciler/plan/guards/outlook.h"

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

ActiveMembers Outlook::Of(const DraftDirectory& directory, GroupIndex group) const {
  static const auto* const kNothing = new DirectoryOutlook();
  auto found = directories_.find(&directory);
  const DirectoryOutlook& outlook = found == directories_.end() ? *kNothing : found->second;
  const Roster& roster = directory.roster();
  auto active_then = [&](AccountIndex account) {
    auto changed = outlook.active.find(account);
    return changed == outlook.active.end() ? GivesAccess(roster.accounts[account].state)
                                           : changed->second;
  };
  ActiveMembers members;
  for (auto row = roster.MembersBegin(group); row != roster.MembersEnd(group); ++row) {
    if (GivesAccess(roster.accounts[row->account].state)) ++members.now;
    if (!outlook.removed.contains({group, row->account}) && active_then(row->account)) {
      ++members.then;
    }
  }
  if (auto added = outlook.added.find(group); added != outlook.added.end()) {
    for (AccountIndex account : added->second) {
      if (!roster.HasMembership(group, account) && active_then(account)) ++members.then;
    }
  }
  return members;
}

}  // namespace rollcall
