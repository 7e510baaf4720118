#include "reconciler/apply/phases.h"

#include <array>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace rollcall {
namespace {

enum PhaseNumber : size_t {
  kRemovalsBefore,
  kDeactivations,
  kRemovals,
  kActivations,
  kAdditions,
  kPhases
};

std::set<std::string> AccountsToDeactivate(const std::vector<const Change*>& changes) {
  std::set<std::string> accounts;
  for (const Change* change : changes) {
    if (change->action == Action::kDeactivate) accounts.insert(change->account);
  }
  return accounts;
}

PhaseNumber PhaseOf(const Change& change, const std::set<std::string>& first_to_empty) {
  switch (change.action) {
    case Action::kDeactivate:
      return kDeactivations;
    case Action::kRemoveMembership:
      return first_to_empty.count(change.account) > 0 ? kRemovalsBefore : kRemovals;
    case Action::kActivate:
      return kActivations;
    case Action::kAddMembership:
      return kAdditions;
  }
  return kAdditions;
}

}  // namespace

std::vector<Phase> PhasesOf(const std::vector<const Change*>& changes,
                            const DirectoryTraits& traits) {
  std::set<std::string> first_to_empty;
  if (traits.refuses_changes_to_inactive) first_to_empty = AccountsToDeactivate(changes);
  std::array<Phase, kPhases> phases;
  std::map<std::pair<PhaseNumber, std::string>, size_t> items;  // (phase, group id) -> its item
  for (const Change* change : changes) {
    const PhaseNumber number = PhaseOf(*change, first_to_empty);
    Phase& phase = phases[number];
    if (IsMembership(change->action)) {
      const auto [place, is_new] = items.try_emplace({number, change->group_id}, phase.size());
      if (!is_new) {
        phase[place->second].changes.push_back(change);
        continue;
      }
    }
    phase.push_back({{change}});
  }
  std::vector<Phase> result;
  for (Phase& phase : phases) {
    if (!phase.empty()) result.push_back(std::move(phase));
  }
  return result;
}

}  // namespace rollcall
