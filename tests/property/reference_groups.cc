// G1 to G7 of PRODUCT.md.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "tests/property/reference_parts.h"

namespace rollcall::property {
namespace {

constexpr int kDepth = 32;

const WorldCircle* FindCircle(const World& world, const std::string& name) {
  for (const WorldCircle& circle : world.circles) {
    if (SameName(circle.name, name)) return &circle;
  }
  return nullptr;
}

void Expand(const World& world, const WorldCircle& circle, int depth, std::set<std::string>& seen,
            Expanded& result) {
  if (!seen.insert(circle.name).second) return;
  if (circle.cut || depth > kDepth) result.held = true;
  for (const std::string& member : circle.members) {
    if (world.FindPerson(member) != nullptr) {
      result.people.insert(member);
    } else if (const WorldCircle* below = FindCircle(world, member); below != nullptr) {
      Expand(world, *below, depth + 1, seen, result);
    } else {
      result.held = true;
    }
  }
}

// One entry of `groups:`, applied to one group of the export (or to none).
class Circles {
 public:
  Circles(const World& world, Judged& judged, Verdict& verdict)
      : world_(world), judged_(judged), verdict_(verdict) {}

  void Run() {
    for (const GroupRule& rule : world_.spec.groups) {
      if (rule.directory != judged_.directory->spec.id) continue;
      std::vector<std::string> fitting;
      for (const WorldCircle& circle : world_.circles) {
        const bool fits = rule.IsPattern() ? FitsPattern(rule.export_name, circle.name)
                                           : SameName(rule.export_name, circle.name);
        if (fits) fitting.push_back(circle.name);
      }
      if (fitting.empty()) NotInExport(rule);
      for (const std::string& name : fitting) Entry(rule, name);
    }
    for (const auto& [source, allowed] : empty_lists_) {
      if (!allowed) judged_.circles.at(source.first).held = true;
    }
    for (auto& [name, circle] : judged_.circles) {
      const TestGroup& group = *judged_.directory->FindGroup(name);
      if (group.nested) Tell("nested_access", name);
      const bool adopted = world_.memory.adopted_groups.contains({Id(), Fold(name)});
      if (only_patterns_.contains(name) && !adopted) circle.additive = true;
      if (circle.held) Tell("group_held", name);
    }
  }

 private:
  const std::string& Id() const { return judged_.directory->spec.id; }
  void Tell(const char* finding, const std::string& group) {
    verdict_.findings[{finding, Id()}].insert(group);
  }

  // The managed group of that name in the target; null where there is none, or two.
  Circle* Target(const std::string& name) {
    std::vector<std::string> fitting;
    for (const TestGroup& group : judged_.directory->groups) {
      if (SameName(group.name, name)) fitting.push_back(group.name);
    }
    if (fitting.empty()) Tell("group_missing", name);
    if (fitting.size() > 1) Tell("ambiguous", name);
    if (fitting.size() != 1) return nullptr;
    Circle& circle = judged_.circles[fitting.front()];
    circle.name = fitting.front();
    return &circle;
  }

  void NotInExport(const GroupRule& rule) {
    const std::string& name = rule.target_name.empty() ? rule.export_name : rule.target_name;
    Tell("group_not_in_export", name);
    if (rule.IsPattern() && rule.target_name.empty()) return;
    for (const TestGroup& group : judged_.directory->groups) {
      if (SameName(group.name, name)) missing_entry_.insert(group.name);
    }
    for (auto& [target, circle] : judged_.circles) {
      if (missing_entry_.contains(target)) circle.held = true;
    }
  }

  void Entry(const GroupRule& rule, const std::string& name) {
    Circle* circle = Target(rule.target_name.empty() ? name : rule.target_name);
    if (circle == nullptr) return;
    const bool first = met_.insert(circle->name).second;
    if (rule.IsPattern() && first) only_patterns_.insert(circle->name);
    if (!rule.IsPattern()) only_patterns_.erase(circle->name);
    if (rule.mode == GroupMode::kAdditive) circle->additive = true;
    const Expanded group = *ExpandCircle(world_, name);
    circle->wanted.insert(group.people.begin(), group.people.end());
    if (group.held || missing_entry_.contains(circle->name)) circle->held = true;
    // Several entries may name one group of the export: one that allows it is enough.
    bool& allowed = empty_lists_[{circle->name, name}];
    allowed = allowed || rule.may_be_empty || !group.people.empty();
  }

  const World& world_;
  Judged& judged_;
  Verdict& verdict_;
  std::set<std::string> met_;
  std::set<std::string> only_patterns_;  // taken in by nothing else
  std::set<std::string> missing_entry_;
  // (target, group of the export): its list is not empty, or may be.
  std::map<std::pair<std::string, std::string>, bool> empty_lists_;
};

bool MayBeAdded(const World& world, const Judged& judged, const TestAccount& account,
                const WorldPerson& person) {
  if (judged.wanted.at(account.id) != AccountState::kActive) return false;
  if (!judged.entitled.contains(person.id)) return false;
  if (judged.ties.email_conflict.contains(person.id)) return false;
  if (HoldOn(world, person) == Hold::Kind::kDeactivated) return false;
  return person.standing == Standing::kActive;
}

bool ShouldBeRemoved(const World& world, const Judged& judged, const Circle& circle,
                     const WorldPerson& person) {
  if (circle.additive || circle.held || person.standing == Standing::kHold) return false;
  if (person.standing == Standing::kActive) return !circle.wanted.contains(person.id);
  if (HoldOn(world, person) == Hold::Kind::kActivated) return false;
  return judged.directory->spec.policy.inactive_memberships == Policy::InactiveMemberships::kRemove;
}

}  // namespace

std::optional<Expanded> ExpandCircle(const World& world, const std::string& name) {
  const WorldCircle* circle = FindCircle(world, name);
  if (circle == nullptr) return std::nullopt;
  Expanded result;
  std::set<std::string> seen;
  Expand(world, *circle, 0, seen, result);
  return result;
}

void JudgeCircles(const World& world, Judged& judged, Verdict& verdict) {
  Circles(world, judged, verdict).Run();
}

std::set<Row> RowsToMake(const World& world, const Judged& judged) {
  std::set<Row> rows;
  const WorldDirectory& directory = *judged.directory;
  for (const TestAccount& account : directory.accounts) {
    const Tie& tie = judged.ties.accounts.at(account.id);
    const std::string person =
        tie.person.empty() ? absl::StrCat(directory.spec.id, "/", account.id) : tie.person;
    const AccountState wanted = judged.wanted.at(account.id);
    if (wanted != account.state) {
      const Action action =
          wanted == AccountState::kActive ? Action::kActivate : Action::kDeactivate;
      rows.insert({directory.spec.id, action, account.id, "", person});
    }
    if (tie.state != Tie::State::kPerson || account.state == AccountState::kUntouchable) continue;
    const WorldPerson& human = *world.FindPerson(tie.person);
    if (IsExcluded(world, human) || judged.ties.doubtful_people.contains(human.id)) continue;
    for (const auto& [name, circle] : judged.circles) {
      const bool member = directory.members.contains({name, account.id});
      if (!member && circle.wanted.contains(human.id) &&
          MayBeAdded(world, judged, account, human)) {
        rows.insert({directory.spec.id, Action::kAddMembership, account.id, name, person});
      }
      if (member && ShouldBeRemoved(world, judged, circle, human)) {
        rows.insert({directory.spec.id, Action::kRemoveMembership, account.id, name, person});
      }
    }
  }
  return rows;
}

}  // namespace rollcall::property
