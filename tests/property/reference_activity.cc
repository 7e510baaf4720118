// E1, E2, A1 to A5, H1 and S1 of PRODUCT.md.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "tests/property/reference_parts.h"

namespace rollcall::property {
namespace {

using Told = std::map<std::string, std::set<std::string>>;

bool Fits(const WorldPerson& person, const std::vector<Condition>& conditions) {
  for (const Condition& condition : conditions) {
    auto value = person.attributes.find(condition.attribute);
    if (value == person.attributes.end() || !SameName(value->second, condition.value)) return false;
  }
  return true;
}

// Of several exceptions the one that keeps out wins.
void Consider(const Hold& hold, std::optional<Hold::Kind>& kind) {
  if (kind != Hold::Kind::kDeactivated) kind = hold.kind;
}

bool Means(const Hold& hold, const WorldPerson& person) {
  if (!hold.person.empty()) return hold.person == person.id;
  return SameName(hold.email, person.email) || SameName(hold.email, person.user_name) ||
         SameName(hold.email, person.alias);
}

int64_t MissedExports(const World& world, const std::string& person) {
  const bool counted = !world.memory.last_accepted_hash.empty();
  for (const AbsentPerson& row : world.memory.absent) {
    // The current one is among them in any case.
    if (row.person == person) return std::max<int64_t>(1, row.missing_exports + (counted ? 0 : 1));
  }
  return 1;
}

class Activity {
 public:
  Activity(const World& world, Judged& judged)
      : world_(world), judged_(judged), policy_(judged.directory->spec.policy) {}

  Told Run() {
    for (const TestAccount& account : judged_.directory->accounts) {
      const Tie& tie = judged_.ties.accounts.at(account.id);
      const bool managed = IsManaged(world_, *judged_.directory, account);
      const bool tied = tie.state == Tie::State::kPerson || tie.state == Tie::State::kGone;
      judged_.wanted[account.id] = account.state;
      // A5: never touched, so in no scope either (S1).
      if (account.state == AccountState::kUntouchable) continue;
      if (managed || tied) judged_.in_scope.insert(account.id);
      judged_.wanted[account.id] = Wanted(account, tie, managed);
    }
    Missing();
    return std::move(told_);
  }

 private:
  AccountState Wanted(const TestAccount& account, const Tie& tie, bool managed) {
    switch (tie.state) {
      case Tie::State::kPerson:
        return OfPerson(account, *world_.FindPerson(tie.person));
      case Tie::State::kGone:
        return OfGone(account, tie);
      case Tie::State::kNobody:
        return managed ? OfNobody(account, tie) : account.state;
      case Tie::State::kForeign:
        return managed ? OfForeign(account, tie) : account.state;
      default:
        return account.state;
    }
  }

  // A hold shaped the plan, unless policy leaves this account alone all the same.
  void TellHeld(const std::string& subject) {
    if (!left_alone_) told_["held"].insert(subject);
  }

  // A2: what the organisation does not manage is suspended, and restored, only where policy says
  // so.
  AccountState To(AccountState wanted, const TestAccount& account, const std::string& subject) {
    left_alone_ = false;
    if (account.state == wanted) return wanted;
    if (account.claimed || policy_.unclaimed_accounts == Policy::Unclaimed::kSuspend ||
        judged_.directory->spec.kind != DirectoryKind::kAtlassianAdmin) {
      return wanted;
    }
    left_alone_ = true;
    told_["unclaimed_accounts"].insert(subject);
    return account.state;
  }
  AccountState Out(const TestAccount& account, const std::string& subject) {
    return To(AccountState::kInactive, account, subject);
  }
  AccountState In(const TestAccount& account, const std::string& subject) {
    return To(AccountState::kActive, account, subject);
  }

  AccountState OfPerson(const TestAccount& account, const WorldPerson& person) {
    if (IsExcluded(world_, person) || judged_.ties.doubtful_people.contains(person.id)) {
      return account.state;
    }
    const std::optional<Hold::Kind> hold = HoldOn(world_, person);
    const bool conflict = judged_.ties.email_conflict.contains(person.id);
    if (hold.has_value()) {
      AccountState wanted = account.state;
      if (*hold == Hold::Kind::kDeactivated) {
        wanted = Out(account, person.id);
      } else if (!conflict) {
        wanted = In(account, person.id);
      } else {
        return account.state;
      }
      TellHeld(person.id);
      return wanted;
    }
    if (person.standing == Standing::kHold) return account.state;
    if (person.standing == Standing::kInactive) return Out(account, person.id);
    if (!judged_.entitled.contains(person.id)) {
      if (account.state == AccountState::kInactive) return account.state;
      if (policy_.not_entitled == Policy::Leave::kDeactivate && !judged_.entitlement_uncertain) {
        return Out(account, person.id);
      }
      told_["not_entitled"].insert(person.id);
      return account.state;
    }
    if (account.state == AccountState::kActive || conflict) return account.state;
    const bool ours =
        world_.memory.deactivated_by_us.contains({judged_.directory->spec.id, account.id});
    if (policy_.activate == Policy::Activate::kAll ||
        (policy_.activate == Policy::Activate::kOwn && ours)) {
      return In(account, person.id);
    }
    told_["deactivated_elsewhere"].insert(person.id);
    return account.state;
  }

  AccountState OfGone(const TestAccount& account, const Tie& tie) {
    const std::optional<Hold::Kind> hold = HoldOnAccount(world_, tie, account);
    if (hold.has_value()) {
      const AccountState wanted =
          *hold == Hold::Kind::kDeactivated ? Out(account, tie.person) : In(account, tie.person);
      TellHeld(tie.person);
      return wanted;
    }
    if (account.state == AccountState::kInactive) return account.state;
    if (policy_.vanished == Policy::Leave::kDeactivate && world_.stable_ids &&
        MissedExports(world_, tie.person) >= world_.spec.vanished_after) {
      return Out(account, tie.person);
    }
    told_["vanished"].insert(tie.person);
    return account.state;
  }

  AccountState OfNobody(const TestAccount& account, const Tie& tie) {
    const std::string subject = absl::StrCat(judged_.directory->spec.id, "/", account.id);
    const std::optional<Hold::Kind> hold = HoldOnAccount(world_, tie, account);
    if (hold.has_value()) {
      const AccountState wanted =
          *hold == Hold::Kind::kDeactivated ? Out(account, subject) : In(account, subject);
      TellHeld(subject);
      return wanted;
    }
    if (account.state == AccountState::kInactive) return account.state;
    if (policy_.unowned == Policy::Leave::kDeactivate) return Out(account, subject);
    told_["unowned"].insert(subject);
    return account.state;
  }

  // Whosever it is, a hold by its name keeps it out.
  AccountState OfForeign(const TestAccount& account, const Tie& tie) {
    if (HoldOnAccount(world_, tie, account) != Hold::Kind::kDeactivated) return account.state;
    const std::string subject = absl::StrCat(judged_.directory->spec.id, "/", account.id);
    const AccountState wanted = Out(account, subject);
    TellHeld(subject);
    return wanted;
  }

  // E3.
  void Missing() {
    for (const WorldPerson& person : world_.people) {
      if (person.standing != Standing::kActive || !judged_.entitled.contains(person.id)) continue;
      if (IsExcluded(world_, person)) continue;
      if (HoldOn(world_, person) == Hold::Kind::kDeactivated) continue;
      bool has = judged_.ties.doubtful_people.contains(person.id);
      const auto reused = judged_.ties.told.find("identity_reused");
      if (reused != judged_.ties.told.end()) has = has || reused->second.contains(person.id);
      for (const auto& [account, tie] : judged_.ties.accounts) {
        has = has || (tie.state == Tie::State::kPerson && tie.person == person.id);
      }
      if (!has) told_["missing"].insert(person.id);
    }
  }

  const World& world_;
  Judged& judged_;
  const Policy& policy_;
  Told told_;
  bool left_alone_ = false;  // the account that was last decided, by unclaimed_accounts
};

}  // namespace

bool SameName(const std::string& a, const std::string& b) { return Fold(a) == Fold(b); }

bool FitsPattern(const std::string& pattern, const std::string& name) {
  return GlobMatches(pattern, name);
}

bool GivesAccess(const TestAccount& account) {
  return account.state == AccountState::kActive || account.state == AccountState::kPartlyActive;
}

std::string PersonBehind(const Judged& judged, const std::string& account) {
  auto tie = judged.ties.accounts.find(account);
  return tie == judged.ties.accounts.end() ? "" : tie->second.person;
}

bool IsExcluded(const World& world, const WorldPerson& person) {
  for (const std::vector<Condition>& conditions : world.spec.exclude) {
    if (Fits(person, conditions)) return true;
  }
  return false;
}

std::optional<Hold::Kind> HoldOn(const World& world, const WorldPerson& person) {
  std::optional<Hold::Kind> kind;
  for (const Hold& hold : world.memory.holds) {
    if (Means(hold, person)) Consider(hold, kind);
  }
  return kind;
}

std::optional<Hold::Kind> HoldOnAccount(const World& world, const Tie& tie,
                                        const TestAccount& account) {
  std::optional<Hold::Kind> kind;
  for (const Hold& hold : world.memory.holds) {
    const bool by_id = !hold.person.empty() && hold.person == tie.person;
    bool by_name = hold.person.empty() &&
                   (SameName(hold.email, account.email) || SameName(hold.email, account.user_name));
    // An exception that means somebody of the export says nothing about accounts of others.
    for (const WorldPerson& person : world.people) {
      if (hold.kind == Hold::Kind::kActivated && Means(hold, person)) by_name = false;
    }
    if (by_id || by_name) Consider(hold, kind);
  }
  return kind;
}

bool IsManaged(const World& world, const WorldDirectory& directory, const TestAccount& account) {
  for (const std::string& name : world.spec.managed_groups) {
    for (const auto& [group, member] : directory.members) {
      if (member == account.id && SameName(group, name)) return true;
    }
  }
  const std::string& address = account.email.empty() ? account.user_name : account.email;
  const size_t at = address.rfind('@');
  if (at == std::string::npos) return false;
  for (const std::string& domain : world.spec.managed_domains) {
    if (SameName(address.substr(at + 1), domain)) return true;
  }
  return false;
}

void JudgeEntitlement(const World& world, Judged& judged, Verdict& verdict) {
  const std::string& id = judged.directory->spec.id;
  const PeopleRule& rule = judged.directory->spec.people;
  for (const WorldPerson& person : world.people) {
    const bool fits = rule.kind == PeopleRule::Kind::kAll ||
                      (rule.kind == PeopleRule::Kind::kWhere && Fits(person, rule.conditions));
    if (fits && !IsExcluded(world, person)) judged.entitled.insert(person.id);
  }
  if (rule.kind != PeopleRule::Kind::kGroups) return;
  for (const std::string& name : rule.groups) {
    const std::optional<Expanded> group = ExpandCircle(world, name);
    if (!group.has_value() || group->held) judged.entitlement_uncertain = true;
    if (!group.has_value()) verdict.findings[{"group_not_in_export", id}].insert(name);
    if (!group.has_value()) continue;
    if (group->held) verdict.findings[{"group_held", id}].insert(name);
    for (const std::string& member : group->people) {
      if (!IsExcluded(world, *world.FindPerson(member))) judged.entitled.insert(member);
    }
  }
}

void JudgeActivity(const World& world, Judged& judged, Verdict& verdict) {
  const std::string& id = judged.directory->spec.id;
  for (auto& [name, subjects] : Activity(world, judged).Run()) {
    verdict.findings[{name, id}].insert(subjects.begin(), subjects.end());
  }
}

}  // namespace rollcall::property
