#include "reconciler/plan/planner.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"
#include "reconciler/plan/account_conditions.h"
#include "reconciler/plan/budget.h"
#include "reconciler/plan/guards/guard.h"
#include "reconciler/plan/guards/reroutes.h"
#include "reconciler/plan/partners.h"
#include "reconciler/plan/recorded_people.h"
#include "reconciler/plan/refusals.h"
#include "reconciler/plan/remembering.h"
#include "reconciler/plan/router.h"
#include "reconciler/plan/scim_accounts.h"
#include "reconciler/plan/snapshot_notes.h"

namespace rollcall {
namespace {

const DirectoryInput* FindInput(const PlanInput& input, const std::string& id) {
  for (const DirectoryInput& directory : input.directories) {
    if (directory.id == id) return &directory;
  }
  return nullptr;
}

// Whose the accounts of a site are, and what follows by itself there, is the organisation's to say:
// without it a site would be judged by e-mails alone.
void TakeSitesAlong(const Spec& spec, std::map<std::string, std::string>& unreadable) {
  for (const DirectorySpec& organisation : spec.directories) {
    if (organisation.kind != DirectoryKind::kAtlassianAdmin) continue;
    if (!unreadable.contains(organisation.id)) continue;
    for (const DirectorySpec& site : spec.directories) {
      if (site.kind != DirectoryKind::kJira) continue;
      unreadable.emplace(
          site.id, absl::StrCat(organisation.id, ", whose accounts it shows, is not planned for"));
    }
  }
}

// Rule M3: a directory that could not be read takes its `provisions` partners with it.
std::map<std::string, std::string> Unreadable(const PlanInput& input) {
  std::map<std::string, std::string> unreadable;
  for (const DirectoryInput& directory : input.directories) {
    if (!directory.snapshot.has_value() && !directory.unreadable.empty()) {
      unreadable[directory.id] = directory.unreadable;
    }
  }
  // Several directories may provision one: each round takes at least one more along.
  for (size_t before = unreadable.size() + 1; before != unreadable.size();) {
    before = unreadable.size();
    for (const DirectorySpec& directory : input.spec.directories) {
      if (directory.provisions.empty()) continue;
      bool here = unreadable.contains(directory.id);
      bool there = unreadable.contains(directory.provisions);
      if (here && !there) {
        unreadable[directory.provisions] =
            absl::StrCat(directory.id, ", which provisions it, could not be read");
      } else if (there && !here) {
        unreadable[directory.id] =
            absl::StrCat(directory.provisions, ", which it provisions, is not planned for");
      }
    }
  }
  TakeSitesAlong(input.spec, unreadable);
  return unreadable;
}

void ReportUnreadable(const std::map<std::string, std::string>& unreadable, Draft& draft) {
  for (const auto& [directory, why] : unreadable) {
    draft.unreadable.push_back(directory);
    draft.findings.push_back(
        {"unreadable_directory",
         Severity::kWarning,
         absl::StrCat("nothing is planned for ", directory, ": ", why, " (M3)"),
         "`rollcall check` says what is wrong; then plan again",
         directory,
         1,
         0,
         {}});
  }
}

void PlanDirectory(const PlanInput& input, const PeopleIndex& people, Draft& draft,
                   DraftDirectory& directory) {
  const ScimAccounts scim = directory.spec->kind == DirectoryKind::kJira
                                ? SiteAccountsOf(draft)
                                : ScimAccountsOf(draft, directory.spec->id);
  directory.links = LinkDirectory({*directory.spec, directory.roster(), people, input.memory,
                                   input.spec, scim.people.empty() ? nullptr : &scim.people,
                                   scim.gone.empty() ? nullptr : &scim.gone,
                                   scim.foreign.empty() ? nullptr : &scim.foreign,
                                   scim.doubtful.empty() ? nullptr : &scim.doubtful});
  directory.entitlement = Entitle(*directory.spec, input.exported);
  directory.groups =
      ResolveGroups(input.spec, *directory.spec, input.exported, input.memory, directory.roster());
  directory.projection =
      Project({input.spec, *directory.spec, input.exported, input.memory, directory.roster(),
               directory.links, directory.entitlement, draft.excluded, directory.groups});
  directory.rows = Diff(directory.projection.desired, directory.roster());
}

void Take(std::vector<Finding>& to, const std::vector<Finding>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::vector<Finding> FindingsOf(const PlanInput& input, const Draft& draft) {
  std::vector<Finding> findings = input.exported.findings;
  if (!input.exported.has_stable_ids) {
    findings.push_back({"no_stable_id",
                        Severity::kInfo,
                        "the export has no stable ids: user names serve as ids, renames cannot be "
                        "recognised, and nobody is deactivated for being absent",
                        "export a column with the identity provider's stable id",
                        "",
                        0,
                        0,
                        {}});
  }
  Take(findings, draft.findings);
  for (const DraftDirectory& directory : draft.directories) {
    Take(findings, NoteFindings(draft, directory));
    Take(findings, directory.links.findings);
    Take(findings, directory.entitlement.findings);
    Take(findings, directory.groups.findings);
    Take(findings, directory.projection.findings);
  }
  Take(findings, ConditionFindings(FindConditions(input, draft, Conditions::kOfPlans), findings));
  return findings;
}

bool Concerns(const Change& change, const std::string& person) {
  return change.person == person ||
         (change.person.empty() &&
          (FoldedEquals(change.linked_email, person) || FoldedEquals(change.user_name, person)));
}

// As findings name them: "directory/account".
std::set<std::string> AccountsCalled(const std::string& name, const Draft& draft) {
  std::set<std::string> result;
  for (const DraftDirectory& directory : draft.directories) {
    for (const Account& account : directory.roster().accounts) {
      if (FoldedEquals(account.user_name, name) || FoldedEquals(account.email, name)) {
        result.insert(absl::StrCat(directory.spec->id, "/", account.id));
      }
    }
  }
  return result;
}

// `rollcall deactivate EMAIL`: what concerns somebody else takes no part.
void KeepOnly(const PlanInput& input, const Draft& draft, std::vector<Change>& changes,
              std::vector<Finding>& findings) {
  const std::string& person = *input.only_person;
  const std::string gone = FindGonePerson(input.exported, input.memory, input.directories, person);
  std::set<std::string> subjects = AccountsCalled(person, draft);
  subjects.insert(person);
  std::erase_if(changes, [&](const Change& change) {
    return !Concerns(change, person) && (gone.empty() || change.person != gone);
  });
  subjects.insert(gone);
  for (const Change& change : changes) {
    subjects.insert(absl::StrCat(change.directory, "/", change.account));
  }
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.name != "unreadable_directory" && finding.name != kUnreadableAccounts &&
           std::none_of(finding.subjects.begin(), finding.subjects.end(),
                        [&](const std::string& subject) { return subjects.contains(subject); });
  });
}

// Rule G3: what keeps an account's activation out of the plan keeps its additions out too, and so
// does what another directory's change makes of it.
void DropAdditionsToInactive(const Draft& draft,
                             std::set<std::pair<std::string, std::string>> activated,
                             std::vector<Change>& changes) {
  std::set<std::pair<std::string, std::string>> taken_along;
  for (const Change& change : changes) {
    if (change.action == Action::kActivate) activated.insert({change.directory, change.account});
    for (const Effect& effect : change.effects) {
      if (effect.action == Action::kActivate) activated.insert({effect.directory, effect.account});
      if (effect.action == Action::kDeactivate) {
        taken_along.insert({effect.directory, effect.account});
      }
    }
  }
  auto stays_inactive = [&](const Change& change) {
    if (change.action != Action::kAddMembership) return false;
    if (taken_along.contains({change.directory, change.account})) return true;
    for (const DraftDirectory& directory : draft.directories) {
      if (directory.spec->id != change.directory) continue;
      AccountIndex i = directory.roster().FindAccount(change.account);
      return i != kNoAccount && directory.roster().accounts[i].state == AccountState::kInactive &&
             !activated.contains({change.directory, change.account});
    }
    return false;
  };
  std::erase_if(changes, stays_inactive);
}

// Rule O1, within the configuration's order of directories.
void Sort(const PlanInput& input, std::vector<Change>& changes) {
  std::map<std::string, size_t> place;
  for (size_t i = 0; i < input.spec.directories.size(); ++i) {
    place[input.spec.directories[i].id] = i;
  }
  auto phase = [](Action action) {
    switch (action) {
      case Action::kDeactivate:
        return 0;
      case Action::kRemoveMembership:
        return 1;
      case Action::kActivate:
        return 2;
      default:
        return 3;
    }
  };
  std::sort(changes.begin(), changes.end(), [&](const Change& a, const Change& b) {
    return std::forward_as_tuple(place[a.directory], phase(a.action), a.group, a.group_id,
                                 a.user_name, a.account, a.routed_from) <
           std::forward_as_tuple(place[b.directory], phase(b.action), b.group, b.group_id,
                                 b.user_name, b.account, b.routed_from);
  });
  for (size_t i = 0; i < changes.size(); ++i) changes[i].id = absl::StrCat("c", i + 1);
}

void SortFindings(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::forward_as_tuple(b.severity, a.name, a.directory, a.message) <
           std::forward_as_tuple(a.severity, b.name, b.directory, b.message);
  });
}

// Findings name people by their stable ids; people know each other by names.
void LabelSubjects(const Export& exported, Plan& plan) {
  absl::flat_hash_set<absl::string_view> subjects;
  for (const Finding& finding : plan.findings) {
    subjects.insert(finding.subjects.begin(), finding.subjects.end());
  }
  if (subjects.empty()) return;
  for (const Person& person : exported.people) {
    absl::string_view label = person.user_name.empty() ? person.email : person.user_name;
    if (label.empty() || label == person.id || !subjects.contains(person.id)) continue;
    plan.labels.emplace(person.id, label);
  }
}

Counts CountAll(const Draft& draft, const std::vector<Change>& changes) {
  Counts counts;
  std::set<std::pair<std::string, std::string>> changed;
  for (const Change& change : changes) {
    changed.insert({change.directory, change.account});
    counts.Add(change.action);
  }
  for (const DraftDirectory& directory : draft.directories) {
    const Projection& projection = directory.projection;
    counts.unchanged += std::count(projection.in_scope.begin(), projection.in_scope.end(), true);
    counts.out_of_scope +=
        std::count(projection.in_scope.begin(), projection.in_scope.end(), false);
    for (const auto& [id, account] : changed) {
      if (id != directory.spec->id) continue;
      AccountIndex i = directory.roster().FindAccount(account);
      if (i != kNoAccount && projection.in_scope[i]) --counts.unchanged;
    }
  }
  return counts;
}

PlanState StateOf(const Plan& plan) {
  bool blocked =
      std::any_of(plan.findings.begin(), plan.findings.end(),
                  [](const Finding& finding) { return finding.severity == Severity::kBlocking; });
  if (blocked) return PlanState::kBlocked;
  return plan.changes.empty() ? PlanState::kEmpty : PlanState::kReady;
}

void TakeDirectories(const PlanInput& input, const Draft& draft, Plan& plan) {
  for (const DraftDirectory& directory : draft.directories) {
    plan.directories.push_back(directory.spec->id);
    plan.snapshot_times[directory.spec->id] = directory.input->snapshot->complete_at;
    // Who looks at one person's changes has not looked at a group's.
    if (input.only_person.has_value()) continue;
    for (const ManagedGroup& group : directory.groups.groups) {
      plan.covered_groups.push_back(
          {directory.spec->id, Fold(directory.roster().groups[group.group].name)});
    }
  }
  plan.unreadable = draft.unreadable;
}

}  // namespace

Draft MakeDraft(const PlanInput& input) {
  Draft draft;
  std::map<std::string, std::string> unreadable = Unreadable(input);
  ReportUnreadable(unreadable, draft);
  draft.excluded = Excluded(input.spec, input.exported);
  for (const DirectorySpec& spec : input.spec.directories) {
    const DirectoryInput* directory = FindInput(input, spec.id);
    if (directory == nullptr || !directory->snapshot.has_value() || unreadable.contains(spec.id)) {
      continue;
    }
    DraftDirectory& entry = draft.directories.emplace_back();
    entry.spec = &spec;
    entry.input = directory;
  }
  PeopleIndex people(input.exported);
  // SCIM directories link before what they provision (rule L1), organisations before their sites.
  for (const int round : {0, 1, 2}) {
    for (DraftDirectory& directory : draft.directories) {
      const DirectoryKind kind = directory.spec->kind;
      const int own = kind == DirectoryKind::kScim ? 0 : kind == DirectoryKind::kJira ? 2 : 1;
      if (own == round) PlanDirectory(input, people, draft, directory);
    }
  }
  return draft;
}

std::map<std::string, ProbeRequest> WhatToProbe(const Draft& draft) {
  const Partners partners(draft);
  std::map<std::string, ProbeRequest> result;
  for (const DraftDirectory& directory : draft.directories) {
    std::set<std::string> accounts, groups;
    for (const DiffRow& row : directory.rows) {
      // Who owns what follows by itself does not matter: nothing is sent there.
      if (partners.CarriesAlong(directory, row)) continue;
      if (row.group == kNoGroup) {
        accounts.insert(std::string(directory.roster().accounts[row.account].id));
      } else {
        groups.insert(std::string(directory.roster().groups[row.group].id));
      }
    }
    if (accounts.empty() && groups.empty()) continue;
    result[directory.spec->id] = {{accounts.begin(), accounts.end()},
                                  {groups.begin(), groups.end()}};
  }
  return result;
}

PlanResult FinishPlan(const PlanInput& input, const Draft& draft,
                      const std::map<std::string, ProbeResult>& probes) {
  PlanResult result;
  Plan& plan = result.plan;
  plan.id = input.plan_id;
  plan.state_id = input.state_id;
  plan.create_time = input.now;
  plan.config_hash = input.spec.config_hash;
  plan.requests_used = input.requests_used;
  TakeDirectories(input, draft, plan);

  Routing routing = Route(input, draft, probes);
  plan.changes = std::move(routing.changes);
  plan.findings = FindingsOf(input, draft);
  Take(plan.findings, routing.findings);
  if (input.only_person.has_value()) {
    KeepOnly(input, draft, plan.changes, plan.findings);
  }

  Take(plan.findings, Withhold(input, draft, plan.changes));
  Take(plan.findings, LeaveOutRefused(input, plan.changes));
  DropAdditionsToInactive(draft, std::move(routing.active_already), plan.changes);
  DropUnsafeReroutes(input, draft, plan.changes);
  Sort(input, plan.changes);
  Take(plan.findings, RunGuards({input, draft, plan.changes}));
  SortFindings(plan.findings);
  LabelSubjects(input.exported, plan);
  plan.counts = CountAll(draft, plan.changes);
  plan.budget = ComputeBudget(input, plan.changes);
  plan.state = StateOf(plan);
  plan.etag = HashPlan(plan);
  result.to_remember = WhatToRemember(input, draft, plan.findings);
  return result;
}

}  // namespace rollcall
