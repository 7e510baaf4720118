// Properties of whole plans over random companies: applying one leaves nothing to do, nothing in it
// can be left out, it can be broken off after any change, and what it says follows, follows.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "tests/property/holds.h"
#include "tests/property/model.h"
#include "tests/property/worlds.h"
#include "tests/support/plan_text.h"

namespace rollcall::property {
namespace {

constexpr int kCases = 1000;

constexpr WorldOptions kSound = {.at_odds = false};

std::vector<const Change*> AllOf(const Plan& plan) {
  std::vector<const Change*> changes;
  for (const Change& change : plan.changes) changes.push_back(&change);
  return changes;
}

// What the next plan wants, without what may be new in it by rule G3: additions to an account that
// its own directory would have left inactive, and that became active as an effect.
std::set<std::string> RowsLeft(const Plan& again, const Plan& first) {
  std::set<std::string> rows = RowsOf(again);
  const std::set<std::string> known = RowsOf(first);
  std::set<std::pair<std::string, std::string>> activated;
  for (const Change& change : first.changes) {
    for (const Effect& effect : change.effects) {
      if (effect.action == Action::kActivate) activated.emplace(effect.directory, effect.account);
    }
  }
  for (const Change& change : again.changes) {
    if (change.action != Action::kAddMembership || known.contains(RowOf(change))) continue;
    if (activated.contains({change.directory, change.account})) rows.erase(RowOf(change));
  }
  return rows;
}

TEST(PlanProperty, AnAppliedPlanLeavesNothingToDo) {
  Holds(kCases, [] {
    const World world = *Worlds(kSound);
    const PlanResult result = PlanOf(world);
    const World after = AfterRun(world, result, AllOf(result.plan));
    const Plan again = PlanOf(after).plan;
    RC_LOG() << "applied:\n" << PlanText(result.plan) << "again:\n" << PlanText(again);
    RC_ASSERT(RowsLeft(again, result.plan) == std::set<std::string>());
  });
}

TEST(PlanProperty, NoChangeCanBeLeftOut) {
  Holds(kCases, [] {
    const World world = *Worlds(kSound);
    const PlanResult result = PlanOf(world);
    for (const Change& left_out : result.plan.changes) {
      std::vector<const Change*> applied = AllOf(result.plan);
      std::erase(applied, &left_out);
      const Plan again = PlanOf(AfterRun(world, result, applied)).plan;
      RC_LOG() << "left out " << RowOf(left_out) << ":\n" << PlanText(again);
      RC_ASSERT(RowsLeft(again, result.plan) == std::set<std::string>({RowOf(left_out)}));
    }
  });
}

TEST(PlanProperty, WhatIsLeftOfAPlanThatWasBrokenOffIsItsRest) {
  Holds(kCases, [] {
    const World world = *Worlds(kSound);
    const PlanResult result = PlanOf(world);
    std::set<std::string> rest = RowsOf(result.plan);
    std::vector<const Change*> applied;
    for (const Change& change : result.plan.changes) {
      applied.push_back(&change);
      rest.erase(RowOf(change));
      const Plan again = PlanOf(AfterRun(world, result, applied)).plan;
      RC_LOG() << "after " << applied.size() << " changes:\n" << PlanText(again);
      RC_ASSERT(RowsLeft(again, result.plan) == rest);
    }
  });
}

TEST(PlanProperty, WhatFollowsFromAChangeIsWhatItLists) {
  Holds(kCases, [] {
    const World world = *Worlds(kSound);
    const PlanResult result = PlanOf(world);
    World now = world;
    for (const Change& change : result.plan.changes) {
      RC_ASSERT(FollowsAsListed(now, change) == "");
      now = Applied(now, change);
    }
  });
}

}  // namespace
}  // namespace rollcall::property
