#include "reconciler/plan/projection.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/holds.h"
#include "reconciler/plan/projection_findings.h"
#include "reconciler/plan/scope.h"

namespace rollcall {
namespace {

class Projector {
 public:
  explicit Projector(const ProjectionInput& input)
      : input_(input),
        holds_(input.memory.holds),
        managed_(ManagedAccounts(input.spec, input.roster)) {
    for (const AbsentPerson& absent : input.memory.absent) {
      missing_exports_[absent.person] = absent.missing_exports;
    }
  }

  Projection Run() {
    result_.desired = input_.roster;
    size_t accounts = input_.roster.accounts.size();
    result_.rulings.resize(accounts);
    result_.in_scope.resize(accounts);
    for (AccountIndex i = 0; i < accounts; ++i) DecideAccount(i);
    ProjectMemberships();
    result_.findings = ProjectionFindings(input_, result_, holds_);
    return std::move(result_);
  }

 private:
  const AccountLink& link(AccountIndex i) const { return input_.links.accounts[i]; }
  const Person& person(PersonIndex i) const { return input_.exported.people[i]; }

  void DecideAccount(AccountIndex i) {
    const Account& account = input_.roster.accounts[i];
    bool linked = link(i).state == LinkState::kLinked || link(i).state == LinkState::kGone;
    result_.in_scope[i] = (linked || managed_[i]) && account.state != AccountState::kUntouchable;
    Ruling ruling = Decide(i, account);
    AccountState wanted = WantedState(ruling, account.state);
    if (wanted != account.state && !MayChange(account)) {
      ruling = Ruling::kUnclaimedReport;
      wanted = account.state;
    }
    result_.rulings[i] = ruling;
    result_.desired.accounts[i].state = wanted;
  }

  // Accounts that the organisation does not manage cannot be disabled, only suspended, and that
  // only where the policy says so (rule A2).
  bool MayChange(const Account& account) const {
    return account.claimed || input_.directory.kind != DirectoryKind::kAtlassianAdmin ||
           input_.directory.policy.unclaimed_accounts == Policy::Unclaimed::kSuspend;
  }

  static AccountState WantedState(Ruling ruling, AccountState current) {
    switch (ruling) {
      case Ruling::kActive:
      case Ruling::kActivatedByUs:
      case Ruling::kHeldIn:
        return AccountState::kActive;
      case Ruling::kInactive:
      case Ruling::kHeldOut:
      case Ruling::kNotEntitledOut:
      case Ruling::kVanishedOut:
      case Ruling::kUnownedOut:
        return AccountState::kInactive;
      default:
        return current;
    }
  }

  Ruling Decide(AccountIndex i, const Account& account) const {
    if (account.state == AccountState::kUntouchable) return Ruling::kUntouchable;
    switch (link(i).state) {
      case LinkState::kLinked:
        return DecideLinked(i, account);
      case LinkState::kGone:
        return DecideGone(i, account);
      case LinkState::kAmbiguous:
        return Ruling::kAmbiguous;
      case LinkState::kConflict:
        return Ruling::kConflict;
      case LinkState::kSecond:
        return Ruling::kSecond;
      case LinkState::kForeign:
        return managed_[i] && IsHeldOut(account) ? Ruling::kHeldOut : Ruling::kForeign;
      case LinkState::kUnlinked:
        return DecideUnlinked(i, account);
    }
    return Ruling::kOutOfScope;
  }

  bool IsHeldOut(const Account& account) const {
    const Hold* hold = holds_.For(account);
    return hold != nullptr && hold->kind == Hold::Kind::kDeactivated;
  }

  static bool IsCalled(const Person& candidate, absl::string_view name) {
    return FoldedEquals(candidate.user_name, name) || FoldedEquals(candidate.email, name) ||
           std::any_of(candidate.aliases.begin(), candidate.aliases.end(),
                       [&](absl::string_view alias) { return FoldedEquals(alias, name); });
  }

  // By name, for an account of nobody in the export. An exception that means a person of the export
  // keeps in that person, not an account that only bears the name.
  const Hold* HoldByName(const Account& account) const {
    const Hold* hold = holds_.For(account);
    if (hold == nullptr || hold->kind == Hold::Kind::kDeactivated) return hold;
    const bool means_somebody =
        std::any_of(input_.exported.people.begin(), input_.exported.people.end(),
                    [&](const Person& candidate) { return IsCalled(candidate, hold->email); });
    return means_somebody ? nullptr : hold;
  }

  Ruling DecideUnlinked(AccountIndex i, const Account& account) const {
    if (!managed_[i]) return Ruling::kOutOfScope;
    if (const Hold* hold = HoldByName(account); hold != nullptr) return FollowHold(*hold);
    return input_.directory.policy.unowned == Policy::Leave::kDeactivate ? Ruling::kUnownedOut
                                                                         : Ruling::kUnownedReport;
  }

  Ruling DecideGone(AccountIndex i, const Account& account) const {
    const std::string& id = input_.links.gone_person.at(i);
    const Hold* hold = holds_.ForGone(id);
    if (hold == nullptr) hold = HoldByName(account);
    if (hold != nullptr) return FollowHold(*hold);
    // Without stable ids absence proves nothing: the person may only have been renamed.
    bool long_enough = MissingExports(id) >= input_.spec.vanished_after;
    return input_.directory.policy.vanished == Policy::Leave::kDeactivate && long_enough &&
                   input_.exported.has_stable_ids
               ? Ruling::kVanishedOut
               : Ruling::kVanishedReport;
  }

  // Consecutive accepted exports without the person, this one included (rule A3: once per content).
  int64_t MissingExports(const std::string& id) const {
    auto found = missing_exports_.find(id);
    int64_t before = found == missing_exports_.end() ? 0 : found->second;
    bool counted = input_.exported.content_hash == input_.memory.last_accepted_hash;
    return std::max<int64_t>(1, before + (counted ? 0 : 1));
  }

  static Ruling FollowHold(const Hold& hold) {
    return hold.kind == Hold::Kind::kDeactivated ? Ruling::kHeldOut : Ruling::kHeldIn;
  }

  Ruling DecideLinked(AccountIndex i, const Account& account) const {
    PersonIndex p = link(i).person;
    if (input_.excluded[p]) return Ruling::kExcluded;
    if (person(p).duplicate) return Ruling::kDuplicatePerson;
    if (input_.links.person_flags[p] & kPersonAmbiguous) return Ruling::kAmbiguous;
    bool doubtful = (input_.links.person_flags[p] & kPersonNoActivation) != 0;
    if (const Hold* hold = holds_.For(person(p)); hold != nullptr) {
      return doubtful && hold->kind == Hold::Kind::kActivated ? Ruling::kEmailConflict
                                                              : FollowHold(*hold);
    }
    switch (person(p).standing) {
      case Standing::kInactive:
        return Ruling::kInactive;
      case Standing::kHold:
        return Ruling::kStatusOnHold;
      case Standing::kActive:
        break;
    }
    if (!input_.entitlement.entitled[p]) return DecideNotEntitled(account);
    if (doubtful) return Ruling::kEmailConflict;
    return account.state == AccountState::kActive ? Ruling::kActive : DecideReturn(account);
  }

  Ruling DecideNotEntitled(const Account& account) const {
    if (account.state == AccountState::kInactive) return Ruling::kNotEntitledIdle;
    bool out = input_.directory.policy.not_entitled == Policy::Leave::kDeactivate &&
               !input_.entitlement.uncertain;
    return out ? Ruling::kNotEntitledOut : Ruling::kNotEntitledReport;
  }

  // An inactive account of an active, entitled person (policy `activate`).
  Ruling DecideReturn(const Account& account) const {
    switch (input_.directory.policy.activate) {
      case Policy::Activate::kAll:
        return Ruling::kActive;
      case Policy::Activate::kOwn:
        return input_.memory.deactivated_by_us.contains(
                   {input_.directory.id, std::string(account.id)})
                   ? Ruling::kActivatedByUs
                   : Ruling::kDeactivatedElsewhere;
      case Policy::Activate::kReport:
        break;
    }
    return Ruling::kDeactivatedElsewhere;
  }

  void ProjectMemberships() {
    listed_in_.assign(input_.exported.people.size(), kNoGroup);
    stays_in_.assign(input_.roster.accounts.size(), kNoGroup);
    std::vector<Membership> desired;
    desired.reserve(input_.roster.memberships.size());
    auto managed = input_.groups.groups.begin();
    for (GroupIndex g = 0; g < input_.roster.groups.size(); ++g) {
      auto begin = input_.roster.MembersBegin(g);
      auto end = input_.roster.MembersEnd(g);
      if (managed != input_.groups.groups.end() && managed->group == g) {
        ProjectGroup(*managed++, begin, end, desired);
      } else {
        desired.insert(desired.end(), begin, end);
      }
    }
    result_.desired.memberships = std::move(desired);
  }

  using MembershipIterator = std::vector<Membership>::const_iterator;
  void ProjectGroup(const ManagedGroup& group, MembershipIterator begin, MembershipIterator end,
                    std::vector<Membership>& desired) {
    for (PersonIndex p : group.wanted) listed_in_[p] = group.group;
    size_t first = desired.size();
    bool may_remove = group.mode == GroupMode::kExact && !group.removals_held;
    for (auto row = begin; row != end; ++row) {
      if (may_remove && IsToBeRemoved(row->account, group.group)) continue;
      desired.push_back(*row);
      stays_in_[row->account] = group.group;
    }
    const size_t kept = desired.size();
    AddWanted(group, desired);
    if (desired.size() == kept) return;  // sorted already
    std::sort(desired.begin() + static_cast<ptrdiff_t>(first), desired.end());
    desired.erase(std::unique(desired.begin() + static_cast<ptrdiff_t>(first), desired.end()),
                  desired.end());
  }

  // Rule G2: members who are linked to people of the export, by what the export says of them.
  bool IsToBeRemoved(AccountIndex i, GroupIndex group) const {
    if (link(i).state != LinkState::kLinked) return false;
    switch (result_.rulings[i]) {
      case Ruling::kExcluded:
      case Ruling::kDuplicatePerson:
      case Ruling::kAmbiguous:
      case Ruling::kUntouchable:
        return false;
      default:
        break;
    }
    PersonIndex p = link(i).person;
    // Not an active person of the export (rule G2), whatever else decided about the account.
    if (person(p).standing == Standing::kHold) return false;
    if (person(p).standing == Standing::kInactive) {
      // Whoever is inactive and ruled a conflict of e-mails is kept in by an exception as well.
      const bool kept_in =
          result_.rulings[i] == Ruling::kHeldIn || result_.rulings[i] == Ruling::kEmailConflict;
      return !kept_in &&
             input_.directory.policy.inactive_memberships == Policy::InactiveMemberships::kRemove;
    }
    return listed_in_[p] != group;
  }

  void AddWanted(const ManagedGroup& group, std::vector<Membership>& desired) const {
    for (PersonIndex p : group.wanted) {
      AccountIndex i = input_.links.account_of[p];
      if (i == kNoAccount || stays_in_[i] == group.group || !MayBeAdded(i, p)) continue;
      desired.push_back({group.group, i});
    }
  }

  // Rule G3: only accounts that are, or will be, active; rule G1: only entitled people.
  bool MayBeAdded(AccountIndex i, PersonIndex p) const {
    if (person(p).standing != Standing::kActive || !input_.entitlement.entitled[p]) return false;
    Ruling ruling = result_.rulings[i];
    return ruling == Ruling::kActive || ruling == Ruling::kActivatedByUs ||
           ruling == Ruling::kHeldIn;
  }

  const ProjectionInput& input_;
  HoldIndex holds_;
  std::vector<bool> managed_;
  absl::flat_hash_map<std::string, int64_t> missing_exports_;
  std::vector<GroupIndex> listed_in_;  // the last group whose list held the person
  std::vector<GroupIndex> stays_in_;   // the last group that the account is in and stays in
  Projection result_;
};

}  // namespace

RulingText Describe(Ruling ruling) {
  switch (ruling) {
    case Ruling::kOutOfScope:
      return {"S1", "neither linked to a person nor declared managed: never touched"};
    case Ruling::kActive:
      return {"A1", "active in the export and entitled here"};
    case Ruling::kInactive:
      return {"A1", "inactive in the export"};
    case Ruling::kActivatedByUs:
      return {"A2", "active and entitled again; Rollcall itself had deactivated the account"};
    case Ruling::kDeactivatedElsewhere:
      return {"A2", "active and entitled, but somebody else deactivated the account"};
    case Ruling::kHeldOut:
      return {"H1", "a hold keeps the person out"};
    case Ruling::kHeldIn:
      return {"H1", "an exception keeps the person in until it ends"};
    case Ruling::kStatusOnHold:
      return {"A1", "the status in the export is mapped to hold: nothing is activated or added"};
    case Ruling::kNotEntitledReport:
      return {"E1", "active in the export but not entitled here; policy not_entitled reports"};
    case Ruling::kNotEntitledOut:
      return {"A2", "active in the export but not entitled here; policy not_entitled deactivates"};
    case Ruling::kNotEntitledIdle:
      return {"E1", "not entitled here, and the account is inactive already"};
    case Ruling::kVanishedReport:
      return {"A2", "no longer in the export; policy vanished reports, or not missing long enough"};
    case Ruling::kVanishedOut:
      return {"A2", "missing from the export for long enough; policy vanished deactivates"};
    case Ruling::kUnownedReport:
      return {"A2", "managed, and never linked to anybody; policy unowned reports"};
    case Ruling::kUnownedOut:
      return {"A2", "managed, and never linked to anybody; policy unowned deactivates"};
    case Ruling::kUnclaimedReport:
      return {"A2", "the organisation does not manage the account; unclaimed_accounts reports"};
    case Ruling::kAmbiguous:
      return {"L4", "fits more than one counterpart equally well: nothing is changed"};
    case Ruling::kConflict:
      return {"L8", "its id contradicts the recorded link: nothing is changed"};
    case Ruling::kEmailConflict:
      return {"L5", "found by its user name while its e-mail is another person's: not activated"};
    case Ruling::kForeign:
      return {"L7", "carries an externalId that is nobody's in the export: never linked by name"};
    case Ruling::kSecond:
      return {"L4", "a further account of a person who has one by a stronger proof"};
    case Ruling::kDuplicatePerson:
      return {"duplicate_people", "the export holds two people with this id or user name"};
    case Ruling::kExcluded:
      return {"E2", "excluded by the configuration: known, never touched"};
    case Ruling::kUntouchable:
      return {"A5", "closed, pending deletion, an app or a customer account: never touched"};
  }
  return {"", ""};
}

Projection Project(const ProjectionInput& input) { return Projector(input).Run(); }

}  // namespace rollcall
