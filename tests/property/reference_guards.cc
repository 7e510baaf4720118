// Section 4 of PRODUCT.md: what blocks a plan.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tests/property/reference_parts.h"

namespace rollcall::property {
namespace {

using Units = std::set<std::string>;

class Guards {
 public:
  Guards(const World& world, const std::vector<Judged>& all, const std::set<Row>& rows,
         Verdict& verdict)
      : world_(world), all_(all), rows_(rows), spec_(world.spec.guards), verdict_(verdict) {}

  void Run() {
    Export();
    FirstRun();
    Limits("max_deactivations", spec_.max_deactivations, Action::kDeactivate);
    Limits("max_activations", spec_.max_activations, Action::kActivate);
    Limits("max_removals", spec_.max_removals, Action::kRemoveMembership);
    Limits("max_additions", spec_.max_additions, Action::kAddMembership);
    for (const Judged& judged : all_) Groups(judged);
  }

 private:
  void Block(const char* guard) { verdict_.blocking.insert(guard); }

  void Export() {
    const bool somebody =
        std::any_of(world_.people.begin(), world_.people.end(), [&](const WorldPerson& person) {
          return person.standing == Standing::kActive && !IsExcluded(world_, person);
        });
    if (spec_.empty_export && !somebody) Block("empty_export");
    // The worlds know an hour, 40 hours and no time at all.
    if (spec_.stale_export.has_value() && !world_.export_age.empty()) Block("stale_export");
  }

  void FirstRun() {
    if (!spec_.first_run || !world_.fresh) return;
    for (const Row& row : rows_) {
      const bool takes =
          row.action == Action::kDeactivate || row.action == Action::kRemoveMembership;
      const bool first = !world_.memory.applied_directories.contains(row.directory);
      const bool covered =
          row.group.empty() ||
          std::any_of(world_.memory.covered_groups.begin(), world_.memory.covered_groups.end(),
                      [&](const auto& g) {
                        return g.first == row.directory && SameName(g.second, row.group);
                      });
      if ((takes && first) || !covered) Block("first_run");
    }
  }

  static bool Exceeds(const Limit& limit, int64_t n, int64_t base) {
    if (limit.count.has_value() && n > *limit.count) return true;
    return limit.percent.has_value() && base > 0 && n > limit.floor &&
           100 * n > *limit.percent * base;
  }

  // Whose removals do not count: those of people whom this plan deactivates, and for removals of
  // the last 24 hours, those of people whom the same run deactivated.
  Units Deactivated() const {
    Units people;
    for (const Row& row : rows_) {
      if (row.action == Action::kDeactivate) people.insert(row.person);
    }
    return people;
  }
  bool IsOfALeaver(const PastChange& removal) const {
    for (const PastChange& past : world_.memory.applied_last_24h) {
      if (past.action == Action::kDeactivate && past.run == removal.run &&
          PersonOf(past) == PersonOf(removal)) {
        return true;
      }
    }
    return false;
  }

  // Whom it was about then; where that is not known, whose the account is today.
  std::string PersonOf(const PastChange& past) const {
    if (!past.person.empty()) return past.person;
    const std::string person = PersonBehind(FindJudged(all_, past.directory), past.account);
    return person.empty() ? absl::StrCat(past.directory, "/", past.account) : person;
  }

  int64_t ActiveAccounts(const Judged& judged) const {
    int64_t count = 0;
    for (const TestAccount& account : judged.directory->accounts) {
      if (GivesAccess(account) && judged.in_scope.contains(account.id)) ++count;
    }
    return count;
  }
  int64_t ManagedMemberships(const Judged& judged) const {
    int64_t count = 0;
    for (const auto& [group, account] : judged.directory->members) {
      if (judged.circles.contains(group) && judged.in_scope.contains(account)) ++count;
    }
    return count;
  }
  int64_t ActivePeople() const {
    Units people;
    for (const Judged& judged : all_) {
      for (const TestAccount& account : judged.directory->accounts) {
        if (!GivesAccess(account) || !judged.in_scope.contains(account.id)) continue;
        const std::string person = PersonBehind(judged, account.id);
        people.insert(person.empty() ? absl::StrCat(judged.directory->spec.id, "/", account.id)
                                     : person);
      }
    }
    return static_cast<int64_t>(people.size());
  }

  void Limits(const char* guard, const Limit& limit, Action action) {
    if (!limit.on) return;
    const Units gone = action == Action::kRemoveMembership ? Deactivated() : Units();
    Units people;
    bool planned = false;
    std::map<std::string, Units> units;
    for (const Row& row : rows_) {
      if (row.action != action || gone.contains(row.person)) continue;
      people.insert(row.person);
      units[row.directory].insert(absl::StrCat(row.account, " ", row.group));
      planned = true;
    }
    if (!planned) return;
    std::map<std::string, Units> all_units = units;
    for (const PastChange& past : world_.memory.applied_last_24h) {
      if (past.action != action) continue;
      if (action == Action::kRemoveMembership && IsOfALeaver(past)) continue;
      people.insert(PersonOf(past));
      all_units[past.directory].insert(absl::StrCat(past.account, " ", past.group));
    }
    for (const Judged& judged : all_) {
      const std::string& id = judged.directory->spec.id;
      const int64_t base =
          TouchesMembership(action) ? ManagedMemberships(judged) : ActiveAccounts(judged);
      const int64_t n = static_cast<int64_t>(all_units[id].size());
      if (!units[id].empty() && Exceeds(limit, n, base)) Block(guard);
    }
    if (Exceeds(limit, static_cast<int64_t>(people.size()), ActivePeople())) {
      Block(guard);
    }
  }

  // Active members now, and as the plan leaves them.
  std::pair<int64_t, int64_t> ActiveMembers(const Judged& judged, const std::string& group) const {
    int64_t now = 0;
    int64_t then = 0;
    for (const TestAccount& account : judged.directory->accounts) {
      const bool member = judged.directory->members.contains({group, account.id});
      if (member && GivesAccess(account)) ++now;
      const bool out = Does(judged, Action::kRemoveMembership, account.id, group);
      const bool in = Does(judged, Action::kAddMembership, account.id, group);
      if (((member && !out) || in) && ActiveThen(judged, account)) ++then;
    }
    return {now, then};
  }

  bool Does(const Judged& judged, Action action, const std::string& account,
            const std::string& group) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) {
      return row.directory == judged.directory->spec.id && row.action == action &&
             row.account == account && row.group == group;
    });
  }

  bool ActiveThen(const Judged& judged, const TestAccount& account) const {
    if (Does(judged, Action::kDeactivate, account.id, "")) return false;
    return GivesAccess(account) || Does(judged, Action::kActivate, account.id, "");
  }

  void Groups(const Judged& judged) {
    const std::string& id = judged.directory->spec.id;
    const Units gone = Deactivated();
    for (const auto& [name, circle] : judged.circles) {
      const auto [now, then] = ActiveMembers(judged, name);
      const bool touched = std::any_of(rows_.begin(), rows_.end(), [&, group = name](const Row& r) {
        return r.directory == id && (r.group == group || r.action == Action::kDeactivate);
      });
      if (spec_.emptied_group && touched && now > 0 && then == 0) Block("emptied_group");
      GroupRemovals(judged, name, gone);
      for (const std::string& pattern : spec_.privileged_groups) {
        const bool adds = std::any_of(rows_.begin(), rows_.end(), [&, group = name](const Row& r) {
          return r.directory == id && r.group == group && r.action == Action::kAddMembership;
        });
        if (spec_.privileged && adds && FitsPattern(pattern, name)) Block("privileged");
      }
    }
    if (spec_.min_admins) Administrators(judged);
  }

  void GroupRemovals(const Judged& judged, const std::string& group, const Units& gone) {
    if (!spec_.max_group_removals.on) return;
    const std::string& id = judged.directory->spec.id;
    int64_t base = 0;
    for (const auto& [name, account] : judged.directory->members) {
      if (name == group && judged.in_scope.contains(account)) ++base;
    }
    Units accounts;
    for (const Row& row : rows_) {
      const bool here = row.directory == id && row.group == group;
      if (here && row.action == Action::kRemoveMembership && !gone.contains(row.person)) {
        accounts.insert(row.account);
      }
    }
    if (accounts.empty()) return;
    for (const PastChange& past : world_.memory.applied_last_24h) {
      if (past.directory == id && SameName(past.group, group) &&
          past.action == Action::kRemoveMembership && !IsOfALeaver(past)) {
        accounts.insert(past.account);
      }
    }
    const int64_t n = static_cast<int64_t>(accounts.size());
    if (Exceeds(spec_.max_group_removals, n, base)) Block("max_group_removals");
  }

  void Administrators(const Judged& judged) {
    for (const TestGroup& group : judged.directory->groups) {
      for (const std::string& pattern : spec_.min_admins_groups) {
        const auto [now, then] = ActiveMembers(judged, group.name);
        const bool fits = FitsPattern(pattern, group.name);
        if (fits && then < now && then < spec_.min_admins_limit) Block("min_admins");
      }
    }
    int64_t now = 0;
    int64_t then = 0;
    for (const TestAccount& account : judged.directory->accounts) {
      if (!account.administrator) continue;
      if (GivesAccess(account)) ++now;
      if (ActiveThen(judged, account)) ++then;
    }
    if (then < now && then < spec_.min_admins_limit) Block("min_admins");
  }

  const World& world_;
  const std::vector<Judged>& all_;
  const std::set<Row>& rows_;
  const GuardSpec& spec_;
  Verdict& verdict_;
};

}  // namespace

void JudgeGuards(const World& world, const std::vector<Judged>& all, const std::set<Row>& rows,
                 Verdict& verdict) {
  Guards(world, all, rows, verdict).Run();
}

}  // namespace rollcall::property
