// `max_deactivations`, `max_activations`, `max_removals`, `max_additions`: mass changes. Each limit
// holds per directory, where accounts (or memberships) count against the active accounts in scope
// (or the managed memberships), and over all directories, where distinct people count against the
// people with an active account in scope anywhere.
//
// Removals of people whom the same plan deactivates do not count.
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/plan/guards/baseline.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/table.h"
#include "reconciler/plan/guards/tally.h"

namespace rollcall::guards {
namespace {

struct LimitRule {
  const char* name;
  Action action;
  Limit GuardSpec::* limit;
  const char* one;
  const char* many;
  const char* check;
};

class LimitJudge {
 public:
  LimitJudge(const LimitRule& rule, const GuardInput& input)
      : rule_(rule), input_(input), limit_(input.input.spec.guards.*rule.limit) {}

  void Judge(const Impacts& impacts, Findings& findings) {
    CountPlanned(impacts);
    if (!over_all_.planned()) return;
    CountPast();
    size_t before = findings.size();
    for (const DirectorySpec& spec : input_.input.spec.directories) JudgeDirectory(spec, findings);
    // With one directory the sum over all of them would say the same thing a second time.
    if (findings.size() > before && input_.draft.directories.size() == 1) return;
    JudgeOverAll(findings);
  }

 private:
  bool removal() const { return rule_.action == Action::kRemoveMembership; }

  void CountPlanned(const Impacts& impacts) {
    absl::flat_hash_set<std::string> leaving;
    if (removal()) leaving = DeactivatedPeople(impacts);
    for (const Impact& impact : impacts) {
      if (impact.action != rule_.action || leaving.contains(impact.person)) continue;
      Tally& tally = tallies_[std::string(impact.directory_id)];
      tally.AddPlanned(UnitOf(impact.action, impact.account_id, impact.group), impact.person);
      over_all_.AddPlanned(impact.person, impact.person);
    }
  }

  void CountPast() {
    absl::flat_hash_set<std::pair<int64_t, std::string>> left;
    if (removal()) left = DeactivatedPeople(input_.input, input_.draft);
    for (const PastChange& past : input_.input.memory.applied_last_24h) {
      if (past.action != rule_.action || !Counts(past, rule_.name, input_.input.now)) continue;
      std::string person = PersonOf(past, input_.input.exported, input_.draft);
      if (left.contains({past.run, person})) continue;
      tallies_[past.directory].AddPast(UnitOf(past.action, past.account, past.group));
      over_all_.AddPast(std::move(person));
    }
  }

  // Counting the base is a pass over everything, which most plans do without.
  bool MayExceed(const Tally& tally) const {
    return (limit_.count && tally.count() > *limit_.count) ||
           (limit_.percent && tally.count() > limit_.floor);
  }

  void JudgeDirectory(const DirectorySpec& spec, Findings& findings) {
    auto found = tallies_.find(spec.id);
    if (found == tallies_.end() || !found->second.planned() || !MayExceed(found->second)) return;
    const DraftDirectory* directory = FindDirectory(input_.draft, spec.id);
    // Effects in a directory that was not read: there is no percentage of an unknown.
    int64_t base = directory == nullptr         ? 0
                   : IsMembership(rule_.action) ? ManagedMemberships(*directory)
                                                : ActiveAccounts(*directory);
    Report(found->second, base,
           IsMembership(rule_.action) ? Count(base, "managed membership", "managed memberships")
                                      : Count(base, "active account", "active accounts"),
           spec.id, findings);
  }

  void JudgeOverAll(Findings& findings) {
    if (!MayExceed(over_all_)) return;
    int64_t base = ActivePeople(input_.input.exported, input_.draft);
    Report(over_all_, base, Count(base, "person with access", "people with access"), "", findings);
  }

  void Report(const Tally& tally, int64_t base, const std::string& base_text,
              const std::string& directory, Findings& findings) const {
    if (!Exceeds(limit_, tally.count(), base)) return;
    int64_t allowed = LargestAllowed(limit_, base);
    std::string what = directory.empty() ? absl::StrCat(rule_.many, " of ",
                                                        Count(tally.count(), "person", "people"))
                                         : Count(tally.count(), rule_.one, rule_.many);
    std::string past = tally.past_only() == 0 ? ""
                                              : absl::StrCat(", ", tally.past_only(),
                                                             " of them in the last 24 hours,");
    Finding finding = Blocking(
        rule_.name,
        absl::StrCat(what, InDirectory(directory), past, tally.count() == 1 ? " is" : " are",
                     " more than the ", allowed, " allowed for ", base_text),
        rule_.check);
    finding.directory = directory;
    finding.observed = tally.count();
    finding.limit = allowed;
    SetSubjects(finding, tally.subjects());
    findings.push_back(std::move(finding));
  }

  const LimitRule& rule_;
  const GuardInput& input_;
  const Limit& limit_;
  std::map<std::string, Tally> tallies_;  // by directory
  Tally over_all_;
};

void JudgeLimit(const LimitRule& rule, const GuardInput& input, const Impacts& impacts,
                Findings& findings) {
  if ((input.input.spec.guards.*rule.limit).on) LimitJudge(rule, input).Judge(impacts, findings);
}

}  // namespace

void MaxDeactivations(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  static constexpr LimitRule kRule = {
      "max_deactivations", Action::kDeactivate, &GuardSpec::max_deactivations,
      "deactivation",      "deactivations",     "check that these people have really left"};
  JudgeLimit(kRule, input, impacts, findings);
}

void MaxActivations(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  static constexpr LimitRule kRule = {
      "max_activations", Action::kActivate, &GuardSpec::max_activations,
      "activation",      "activations",     "check that these people should really get access"};
  JudgeLimit(kRule, input, impacts, findings);
}

void MaxRemovals(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  static constexpr LimitRule kRule = {
      "max_removals",           Action::kRemoveMembership,
      &GuardSpec::max_removals, "removal from a group",
      "removals from groups",   "check that the groups of the export are complete"};
  JudgeLimit(kRule, input, impacts, findings);
}

void MaxAdditions(const GuardInput& input, const Impacts& impacts, Findings& findings) {
  static constexpr LimitRule kRule = {
      "max_additions",           Action::kAddMembership,
      &GuardSpec::max_additions, "addition to a group",
      "additions to groups",     "check that the groups of the export hold the right people"};
  JudgeLimit(kRule, input, impacts, findings);
}

}  // namespace rollcall::guards
