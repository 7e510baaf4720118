#include "reconciler/plan/effects.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/guards/impact.h"

namespace rollcall {
namespace {

bool WouldChange(const Account& account, Action action) {
  AccountState goal = action == Action::kActivate ? AccountState::kActive : AccountState::kInactive;
  return account.state != goal && account.state != AccountState::kUntouchable;
}

// Does the organisation's account follow its SCIM record? What is partly active is on: its
// suspensions stay, whatever the record says.
bool MayFollow(const Account& account, Action action) {
  const bool only_suspended =
      action == Action::kActivate && account.state == AccountState::kPartlyActive;
  return !only_suspended && WouldChange(account, action);
}

// The account is on, its own directory is about to switch it off, and the record would bring it
// back: not a change by what is read now, but by what will be.
bool WouldBringBack(const DraftDirectory& directory, AccountIndex i, Action action) {
  const AccountState now = directory.roster().accounts[i].state;
  return action == Action::kActivate && now != AccountState::kInactive &&
         now != AccountState::kUntouchable &&
         directory.projection.desired.accounts[i].state == AccountState::kInactive;
}

// Does the directory itself want the account as the action leaves it?
bool WantsAsWell(const DraftDirectory& directory, AccountIndex i, Action action) {
  AccountState desired = directory.projection.desired.accounts[i].state;
  return action == Action::kActivate     ? desired == AccountState::kActive
         : action == Action::kDeactivate ? desired == AccountState::kInactive
                                         : false;
}

// Rulings that want an account as it is after the opposite action; others have no opinion, or, like
// a lock-out that somebody else made, leave it to the record whom the account follows.
bool Forbids(Ruling ruling, Action action) {
  switch (ruling) {
    case Ruling::kActive:
    case Ruling::kActivatedByUs:
    case Ruling::kHeldIn:
      return action == Action::kDeactivate;
    case Ruling::kInactive:
    case Ruling::kHeldOut:
    case Ruling::kNotEntitledOut:
    case Ruling::kNotEntitledIdle:
    case Ruling::kVanishedOut:
    case Ruling::kUnownedOut:
      return action == Action::kActivate;
    default:
      return false;
  }
}

}  // namespace

std::string WhatItWouldUndo(const Draft& draft, const Effect& effect) {
  const DraftDirectory* directory = FindDirectory(draft, effect.directory);
  if (directory == nullptr || directory->spec->kind != DirectoryKind::kAtlassianAdmin) return "";
  const AccountIndex i = directory->roster().FindAccount(effect.account);
  if (i == kNoAccount || !Forbids(directory->projection.rulings[i], effect.action)) return "";
  const RulingText text = Describe(directory->projection.rulings[i]);
  return absl::StrCat(text.sentence, " (", text.rule, ")");
}

bool HitsSomebodyElse(const Export& exported, const Draft& draft, const Change& change,
                      const Effect& effect) {
  const DraftDirectory* directory = FindDirectory(draft, effect.directory);
  if (directory == nullptr) return false;
  AccountIndex i = directory->roster().FindAccount(effect.account);
  if (i == kNoAccount || WantsAsWell(*directory, i, effect.action)) return false;
  absl::string_view person = PersonBehind(exported, *directory, i);
  LinkState state = directory->links.accounts[i].state;
  bool doubtful = state == LinkState::kAmbiguous || state == LinkState::kConflict;
  return person.empty() ? doubtful : person != change.person;
}

std::optional<Effect> EffectIfReadWrongly(const Draft& draft, const Change& change) {
  if (IsMembership(change.action)) return std::nullopt;
  const DraftDirectory* scim = FindDirectory(draft, change.directory);
  if (scim == nullptr || scim->spec->provisions.empty()) return std::nullopt;
  const DraftDirectory* organisation = FindDirectory(draft, scim->spec->provisions);
  const AccountIndex record = scim->roster().FindAccount(change.account);
  if (organisation == nullptr || record == kNoAccount) return std::nullopt;
  const absl::string_view named = scim->roster().accounts[record].linked_account;
  const AccountIndex i = named.empty() ? kNoAccount : organisation->roster().FindAccount(named);
  if (i == kNoAccount || !organisation->roster().accounts[i].claimed) return std::nullopt;
  const bool listed =
      std::any_of(change.effects.begin(), change.effects.end(), [&](const Effect& effect) {
        return effect.directory == organisation->spec->id && effect.account == named;
      });
  if (listed) return std::nullopt;
  return Effect{organisation->spec->id, std::string(named), change.action};
}

GroupIndex FindManagedGroup(const DraftDirectory& directory, absl::string_view name) {
  for (const ManagedGroup& managed : directory.groups.groups) {
    if (FoldedEquals(directory.roster().groups[managed.group].name, name)) return managed.group;
  }
  return kNoGroup;
}

const DraftDirectory* EffectFinder::Provisioned(const DraftDirectory& scim) const {
  for (const DraftDirectory& other : draft_.directories) {
    if (!scim.spec->provisions.empty() && other.spec->id == scim.spec->provisions) return &other;
  }
  return nullptr;
}

void EffectFinder::AddSites(absl::string_view account, Action action,
                            std::vector<Effect>& effects) const {
  for (const DraftDirectory& site : draft_.directories) {
    if (site.spec->kind != DirectoryKind::kJira) continue;
    AccountIndex i = site.roster().FindAccount(account);
    if (i != kNoAccount && WouldChange(site.roster().accounts[i], action)) {
      effects.push_back({site.spec->id, std::string(account), action});
    }
  }
}

std::vector<Effect> EffectFinder::OfActivity(const DraftDirectory& directory, AccountIndex account,
                                             Action action) const {
  std::vector<Effect> effects;
  if (directory.spec->kind == DirectoryKind::kAtlassianAdmin) {
    AddSites(directory.roster().accounts[account].id, action, effects);
  }
  const DraftDirectory* organisation = Provisioned(directory);
  absl::string_view named = directory.roster().accounts[account].linked_account;
  if (organisation == nullptr || named.empty()) return effects;
  AccountIndex i = organisation->roster().FindAccount(named);
  if (i == kNoAccount || !organisation->roster().accounts[i].claimed) return effects;
  if (MayFollow(organisation->roster().accounts[i], action) ||
      WouldBringBack(*organisation, i, action)) {
    effects.push_back({organisation->spec->id, std::string(named), action});
    AddSites(named, action, effects);
  }
  return effects;
}

void EffectFinder::AddSiteMemberships(absl::string_view group, absl::string_view account,
                                      Action action, std::vector<Effect>& effects) const {
  for (const DraftDirectory& site : draft_.directories) {
    if (site.spec->kind != DirectoryKind::kJira) continue;
    const AccountIndex i = site.roster().FindAccount(account);
    if (i == kNoAccount) continue;
    for (const ManagedGroup& managed : site.groups.groups) {
      if (site.roster().groups[managed.group].id != group) continue;
      const bool member = site.roster().HasMembership(managed.group, i);
      if (member == (action == Action::kAddMembership)) continue;
      effects.push_back({site.spec->id, std::string(account), action, std::string(group)});
    }
  }
}

std::vector<Effect> EffectFinder::OfMembership(const DraftDirectory& scim,
                                               absl::string_view group_name, AccountIndex record,
                                               Action action) const {
  if (scim.spec->kind == DirectoryKind::kAtlassianAdmin) {
    std::vector<Effect> effects;
    const GroupIndex own = FindManagedGroup(scim, group_name);
    if (own != kNoGroup) {
      AddSiteMemberships(scim.roster().groups[own].id, scim.roster().accounts[record].id, action,
                         effects);
    }
    return effects;
  }
  const DraftDirectory* organisation = Provisioned(scim);
  absl::string_view named = scim.roster().accounts[record].linked_account;
  if (organisation == nullptr || named.empty()) return {};
  GroupIndex group = FindManagedGroup(*organisation, group_name);
  AccountIndex i = organisation->roster().FindAccount(named);
  if (group == kNoGroup || i == kNoAccount) return {};
  bool member = organisation->roster().HasMembership(group, i);
  if (member == (action == Action::kAddMembership)) return {};
  const std::string id(organisation->roster().groups[group].id);
  std::vector<Effect> effects = {{organisation->spec->id, std::string(named), action, id}};
  AddSiteMemberships(id, named, action, effects);
  return effects;
}

}  // namespace rollcall
