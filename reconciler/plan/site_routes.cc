#include "reconciler/plan/site_routes.h"

namespace rollcall {

SiteRoutes::SiteRoutes(const Draft& draft) {
  for (const DraftDirectory& directory : draft.directories) {
    if (directory.spec->kind == DirectoryKind::kAtlassianAdmin) {
      Organisation& organisation = organisations_.emplace_back();
      organisation.directory = &directory;
      for (const DiffRow& row : directory.rows) {
        organisation.rows.insert({row.action, row.account, row.group});
      }
    }
    if (directory.spec->kind != DirectoryKind::kScim || !directory.spec->provisions.empty()) {
      continue;
    }
    for (const DiffRow& row : directory.rows) {
      const absl::string_view named = directory.roster().accounts[row.account].linked_account;
      if (row.group == kNoGroup && !named.empty()) by_scim_.insert({row.action, named});
    }
  }
}

SiteRoute SiteRoutes::OfAccess(const DraftDirectory& site, const DiffRow& row, const Change& change,
                               bool blocked) const {
  const bool own = site.spec->policy.site_access == Policy::SiteAccess::kFollowActivity;
  // If the account follows its record, so does the site, and the next plan shows it.
  if (by_scim_.contains({row.action, change.account})) return SiteRoute::kFollows;
  for (const Organisation& organisation : organisations_) {
    const DraftDirectory& other = *organisation.directory;
    const AccountIndex i = other.roster().FindAccount(change.account);
    if (i == kNoAccount) continue;
    const Ruling ruling = other.projection.rulings[i];
    const bool wanted_there = organisation.rows.contains({row.action, i, kNoGroup});
    // Who stays on in the organisation need not stay on the site.
    if (wanted_there && !(own && blocked)) return SiteRoute::kFollows;
    if (ruling == Ruling::kUntouchable) return SiteRoute::kFollows;
    if (ruling == Ruling::kUnclaimedReport && !own) return SiteRoute::kFollows;
    // Access to a site is worth nothing to an account that is off, and its finding says why.
    const AccountState state = other.roster().accounts[i].state;
    if (row.action == Action::kActivate && state == AccountState::kInactive) {
      return SiteRoute::kFollows;
    }
  }
  return own ? SiteRoute::kOwn : SiteRoute::kBlocked;
}

SiteGroup SiteRoutes::OfGroup(const DiffRow& row, const Change& change) const {
  SiteGroup result;
  for (const Organisation& organisation : organisations_) {
    const DraftDirectory& other = *organisation.directory;
    const GroupIndex group = other.roster().FindGroup(change.group_id);
    if (group == kNoGroup) continue;
    const AccountIndex account = other.roster().FindAccount(change.account);
    result.changed_there =
        account != kNoAccount && organisation.rows.contains({row.action, account, group});
    const Group& theirs = other.roster().groups[group];
    result.writable = theirs.modifiable && !theirs.externally_synced;
    return result;
  }
  return result;
}

}  // namespace rollcall
