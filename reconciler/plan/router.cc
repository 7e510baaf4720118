#include "reconciler/plan/router.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/contested.h"
#include "reconciler/plan/effects.h"
#include "reconciler/plan/guards/impact.h"
#include "reconciler/plan/partners.h"
#include "reconciler/plan/site_routes.h"

namespace rollcall {
namespace {

class Router {
 public:
  Router(const PlanInput& input, const Draft& draft,
         const std::map<std::string, ProbeResult>& probes)
      : input_(input),
        draft_(draft),
        probes_(probes),
        effects_(draft),
        partners_(draft),
        sites_(draft),
        contested_(input.memory) {}

  Routing Run() {
    // Sites come last: what the organisation cannot do may be left to them.
    for (const bool sites : {false, true}) {
      for (const DraftDirectory& directory : draft_.directories) {
        if ((directory.spec->kind == DirectoryKind::kJira) != sites) continue;
        for (const DiffRow& row : directory.rows) RouteRow(directory, row);
      }
    }
    for (Finding& finding : contested_.Findings()) routing_.findings.push_back(std::move(finding));
    return std::move(routing_);
  }

 private:
  Change MakeChange(const DraftDirectory& directory, const DiffRow& row) const {
    const Account& account = directory.roster().accounts[row.account];
    Change change;
    change.directory = directory.spec->id;
    change.action = row.action;
    change.person = PersonOf(directory, row.account);
    change.account = std::string(account.id);
    change.user_name = std::string(account.user_name.empty() ? account.email : account.user_name);
    change.linked_email = std::string(account.email);
    change.linked_external_id = std::string(account.external_id);
    if (row.group != kNoGroup) {
      const Group& group = directory.roster().groups[row.group];
      change.group = std::string(group.name);
      change.group_id = std::string(group.id);
    }
    change.reason = Reason(directory, row);
    return change;
  }

  std::string Reason(const DraftDirectory& directory, const DiffRow& row) const {
    RulingText text = Describe(directory.projection.rulings[row.account]);
    switch (row.action) {
      case Action::kAddMembership:
        return "G1: the export lists the person in this group";
      case Action::kRemoveMembership: {
        PersonIndex p = directory.links.accounts[row.account].person;
        bool inactive = p != kNobody && input_.exported.people[p].standing == Standing::kInactive;
        return inactive ? "A2: inactive in the export; policy inactive_memberships removes"
                        : "G2: the export does not list the person in this group";
      }
      default:
        return absl::StrCat(text.rule, ": ", text.sentence);
    }
  }

  void RouteRow(const DraftDirectory& directory, const DiffRow& row) {
    Change change = MakeChange(directory, row);
    if (row.group == kNoGroup) {
      change.writes = WritesOf(change.directory, change.account, row.action);
      if (change.writes == 0) return NoteSoAlready(change);
    }
    if (IsContested(change)) return;
    bool routed = row.group == kNoGroup ? RouteActivity(directory, row, change)
                                        : RouteMembership(directory, row, change);
    if (routed) return;
    change.effects = row.group == kNoGroup
                         ? effects_.OfActivity(directory, row.account, row.action)
                         : effects_.OfMembership(directory, change.group, row.account, row.action);
    FindReroute(directory, row, change);
    Accept(std::move(change), nullptr);
  }

  std::optional<int64_t> WritesOf(const std::string& directory, const std::string& account,
                                  Action action) const {
    const Ownership* owner = Owner(directory, account, false);
    if (owner == nullptr) return std::nullopt;
    return action == Action::kActivate ? owner->activate_writes : owner->deactivate_writes;
  }

  // The list of accounts says less than a look at one: probing shows that nothing is left to do.
  void NoteSoAlready(const Change& change) {
    if (change.action != Action::kActivate) return;
    routing_.active_already.insert({change.directory, change.account});
  }

  // Only what would really change is an effect.
  void LeaveOutWhatIsSoAlready(std::vector<Effect>& effects) const {
    std::erase_if(effects, [this](const Effect& effect) {
      return effect.group_id.empty() &&
             WritesOf(effect.directory, effect.account, effect.action) == 0;
    });
  }

  // Rule R5; reports it.
  bool IsContested(const Change& change) {
    const bool contested = contested_.Contains(change);
    if (contested) contested_.Note(change);
    return contested;
  }

  // `wanted` is what a routed change is made for, else null. A change that would carry along the
  // account of somebody else, or one that its own directory wants otherwise, is not made: it would
  // lock out, or let in, the wrong person.
  void Accept(Change change, const Change* wanted) {
    LeaveOutWhatIsSoAlready(change.effects);
    for (const Effect& effect : change.effects) {
      const bool of_others = HitsSomebodyElse(input_.exported, draft_, change, effect);
      const std::string undone = of_others ? "" : WhatItWouldUndo(draft_, effect);
      if (!of_others && undone.empty()) continue;
      const std::string why =
          of_others ? "is not known to be this person's" : absl::StrCat("stays as it is: ", undone);
      return Block(wanted == nullptr ? change : *wanted,
                   absl::StrCat("it would carry along the account ", effect.account, " of ",
                                effect.directory, ", which ", why));
    }
    routing_.changes.push_back(std::move(change));
  }

  // The stable id of the person behind an account, as far as linking knows one.
  std::string PersonOf(const DraftDirectory& directory, AccountIndex i) const {
    return std::string(PersonBehind(input_.exported, directory, i));
  }

  const Ownership* Owner(const std::string& directory, const std::string& id, bool group) const {
    auto probe = probes_.find(directory);
    if (probe == probes_.end()) return nullptr;
    const auto& owners = group ? probe->second.groups : probe->second.accounts;
    auto owner = owners.find(id);
    return owner == owners.end() ? nullptr : &owner->second;
  }

  // True when the row was dealt with: as an effect, through another directory, or as blocked.
  bool RouteActivity(const DraftDirectory& directory, const DiffRow& row, const Change& change) {
    if (directory.spec->kind == DirectoryKind::kJira) return RouteSite(directory, row, change);
    const Ownership* owner = Owner(change.directory, change.account, false);
    bool allowed = owner == nullptr ||
                   (row.action == Action::kActivate ? owner->may_activate : owner->may_deactivate);
    // Listed as an effect of the record's own change.
    if (partners_.CarriesAlong(directory, row)) return true;
    // What the organisation does not manage, its SCIM records do not reach (rule R2); nor do they
    // take back suspensions in its directories (rule A4).
    if (directory.roster().accounts[row.account].claimed && !RestoresOnly(directory, row, owner)) {
      for (const Partner& partner : partners_.Of(change.directory)) {
        auto record = partner.record_of.find(change.account);
        if (record == partner.record_of.end()) continue;
        if (allowed && row.action == Action::kDeactivate) return false;
        RouteThrough(partner, record->second, row, change);
        return true;
      }
    }
    if (allowed) return false;
    Block(change, owner->reason, owner->cure);
    return true;
  }

  // The account is on; what is wanted is the end of suspensions, which is no enabling (rule R4).
  static bool RestoresOnly(const DraftDirectory& directory, const DiffRow& row,
                           const Ownership* owner) {
    if (row.action != Action::kActivate) return false;
    return directory.roster().accounts[row.account].state == AccountState::kPartlyActive ||
           (owner != nullptr && owner->restores_only);
  }

  // Rules R1 and R3: the change is made on the SCIM record that owns the account.
  void RouteThrough(const Partner& partner, AccountIndex record, const DiffRow& row,
                    const Change& wanted) {
    const std::string why_not = WhyNotThrough(partner, record, row.action, wanted);
    if (!why_not.empty()) return Block(wanted, why_not);
    Change change = MakeChange(*partner.scim, {row.action, record, kNoGroup});
    change.person = wanted.person;
    if (IsContested(change)) return;
    change.reason = wanted.reason;
    change.routed_from = wanted.directory;
    change.effects = effects_.OfActivity(*partner.scim, record, row.action);
    Accept(std::move(change), &wanted);
  }

  // Empty: the record may make the change.
  std::string WhyNotThrough(const Partner& partner, AccountIndex record, Action action,
                            const Change& wanted) const {
    const std::string& scim = partner.scim->spec->id;
    const Account& account = partner.scim->roster().accounts[record];
    const bool says_so = account.state == (action == Action::kActivate ? AccountState::kActive
                                                                       : AccountState::kInactive);
    const Action opposite = action == Action::kActivate ? Action::kDeactivate : Action::kActivate;
    if (partner.rows.contains({opposite, record, kNoGroup})) {
      return absl::StrCat("its SCIM record in ", scim, " is to be changed the other way");
    }
    if (says_so && input_.memory.asserted.contains({scim, std::string(account.id)})) {
      return absl::StrCat("its SCIM record in ", scim,
                          " says so already, and saying it again did not help");
    }
    if (!says_so && !MayBeRouted(partner, record, action, wanted)) {
      return absl::StrCat("its SCIM record in ", scim,
                          " is not known to be this person's, or is to stay as it is");
    }
    return "";
  }

  // Rule R5: through which record the change goes if its directory turns out, while it is applied,
  // to be owned. Only what would be made here as a route of its own: the same record, the same
  // doubts. What follows from it is the change itself and its effects, which are judged already.
  // Activations have no other way: SCIM makes its own (rule R4), and lifts no suspensions.
  void FindReroute(const DraftDirectory& directory, const DiffRow& row, Change& change) const {
    if (row.action == Action::kActivate) return;
    // What is refused to a site's own access says nothing about the account.
    if (directory.spec->kind == DirectoryKind::kJira && row.group == kNoGroup) return;
    for (const Partner& partner : partners_.Of(change.directory)) {
      auto record = partner.record_of.find(change.account);
      if (record == partner.record_of.end()) continue;
      const std::string person = PersonOf(*partner.scim, record->second);
      if (!person.empty() && person != change.person) continue;
      const GroupIndex group =
          row.group == kNoGroup ? kNoGroup : GroupThrough(partner, row.action, change);
      const bool may =
          row.group == kNoGroup
              ? directory.roster().accounts[row.account].claimed &&
                    WhyNotThrough(partner, record->second, row.action, change).empty()
              : group != kNoGroup && FindManagedGroup(*partner.scim, change.group) == kNoGroup;
      if (!may) continue;
      const Change other = MakeChange(*partner.scim, {row.action, record->second, group});
      if (contested_.Contains(other)) continue;
      change.reroute =
          Reroute{other.directory, other.account,      other.user_name,         other.group,
                  other.group_id,  other.linked_email, other.linked_external_id};
      return;
    }
  }

  // The record's own directory did not want this change. It is made all the same where that
  // directory has no opinion; elsewhere it would touch somebody else, undo a decision (a hold, a
  // lock-out, a doubt), or be undone by the next plan.
  bool MayBeRouted(const Partner& partner, AccountIndex record, Action action,
                   const Change& wanted) const {
    const std::string person = PersonOf(*partner.scim, record);
    if (!person.empty() && person != wanted.person) return false;
    switch (partner.scim->projection.rulings[record]) {
      case Ruling::kOutOfScope:
      case Ruling::kUnownedReport:
        return true;
      case Ruling::kNotEntitledReport:
      case Ruling::kVanishedReport:
        return action == Action::kDeactivate;
      default:
        return false;
    }
  }

  // Rule A6; false: the site makes the change itself.
  bool RouteSite(const DraftDirectory& site, const DiffRow& row, const Change& change) {
    const SiteRoute route =
        sites_.OfAccess(site, row, change, blocked_.contains({row.action, change.account}));
    if (route == SiteRoute::kBlocked) {
      Block(change, "a site cannot change accounts; they follow the organisation");
    }
    return route != SiteRoute::kOwn;
  }

  bool RouteMembership(const DraftDirectory& directory, const DiffRow& row, const Change& change) {
    const Group& group = directory.roster().groups[row.group];
    const Ownership* owner = Owner(change.directory, change.group_id, true);
    bool allowed = (owner == nullptr || owner->may_change_membership) && group.modifiable &&
                   !group.externally_synced;
    if (directory.spec->kind == DirectoryKind::kJira) {
      const SiteGroup theirs = sites_.OfGroup(row, change);
      if (theirs.changed_there) return true;
      allowed = allowed && theirs.writable;
      // A group of the same name in a SCIM directory is only a site's where the site's is synced.
      if (allowed) return false;
    }
    for (const Partner& partner : partners_.Of(change.directory)) {
      GroupIndex managed = FindManagedGroup(*partner.scim, change.group);
      if (managed == kNoGroup) {
        if (!allowed && RouteMembershipThrough(partner, row, change)) return true;
        continue;
      }
      // Rule G6: a group that the SCIM directory manages too is changed once, there. What it does
      // not change there must not be lost.
      auto record = partner.record_of.find(change.account);
      if (record != partner.record_of.end() &&
          partner.rows.contains({row.action, record->second, managed})) {
        return true;
      }
    }
    if (allowed) return false;
    Block(change,
          owner != nullptr && !owner->reason.empty()
              ? owner->reason
              : "the group is synchronised from elsewhere or not modifiable",
          owner == nullptr ? "" : owner->cure);
    return true;
  }

  // Rule R1: the group is synchronised from SCIM, so the record is added or removed there. False
  // when that directory has no such group, no such record, or says already what is wanted.
  bool RouteMembershipThrough(const Partner& partner, const DiffRow& row, const Change& wanted) {
    const GroupIndex group = GroupThrough(partner, row.action, wanted);
    if (group == kNoGroup) return false;
    const AccountIndex record = partner.record_of.at(wanted.account);
    Change change = MakeChange(*partner.scim, {row.action, record, group});
    change.person = wanted.person;
    if (IsContested(change)) return true;
    change.reason = wanted.reason;
    change.routed_from = wanted.directory;
    change.effects = effects_.OfMembership(*partner.scim, wanted.group, record, row.action);
    Accept(std::move(change), &wanted);
    return true;
  }

  // In which group of the SCIM directory the account's record would be changed; kNoGroup as above.
  GroupIndex GroupThrough(const Partner& partner, Action action, const Change& wanted) const {
    auto record = partner.record_of.find(wanted.account);
    if (record == partner.record_of.end()) return kNoGroup;
    const std::string person = PersonOf(*partner.scim, record->second);
    if (!person.empty() && person != wanted.person) return kNoGroup;
    const Roster& roster = partner.scim->roster();
    for (GroupIndex g = 0; g < roster.groups.size(); ++g) {
      if (!FoldedEquals(roster.groups[g].name, wanted.group)) continue;
      if (roster.HasMembership(g, record->second) != (action == Action::kAddMembership)) return g;
    }
    return kNoGroup;
  }

  // `cure`: as the reader knows it; may be empty.
  void Block(const Change& change, absl::string_view reason, const std::string& cure = "") {
    if (!IsMembership(change.action)) blocked_.insert({change.action, change.account});
    routing_.findings.push_back(
        {"blocked_route",
         Severity::kWarning,
         absl::StrCat(change.directory, " cannot ", ActionName(change.action), " ",
                      change.user_name, ": ", reason, " (R4)"),
         cure.empty() ? "make the change where the account is owned, or configure that directory"
                      : cure,
         change.directory,
         1,
         0,
         {SubjectOf(change)}});
  }

  const PlanInput& input_;
  const Draft& draft_;
  const std::map<std::string, ProbeResult>& probes_;
  EffectFinder effects_;
  const Partners partners_;
  const SiteRoutes sites_;
  // (De)activations for which there is no way, by account id.
  absl::flat_hash_set<std::pair<Action, std::string>> blocked_;
  ContestedChanges contested_;
  Routing routing_;
};

}  // namespace

Routing Route(const PlanInput& input, const Draft& draft,
              const std::map<std::string, ProbeResult>& probes) {
  return Router(input, draft, probes).Run();
}

}  // namespace rollcall
