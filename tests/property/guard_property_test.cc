// Properties of guards: they are monotone. More of what they count never unblocks a plan, nor does
// a lower limit; what is withheld stays withheld when more is protected; switching a guard off (the
// configured kind of waiver) takes away that guard's findings and no other's.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "reconciler/plan/guards/guard.h"
#include "tests/property/holds.h"
#include "tests/property/model.h"
#include "tests/property/worlds.h"
#include "tests/support/plan_text.h"

namespace rollcall::property {
namespace {

constexpr int kGuardCases = 700;

using Blocks = std::set<std::pair<std::string, std::string>>;  // (guard, directory)

Blocks BlocksOf(const Plan& plan) {
  Blocks blocks;
  for (const Finding& finding : plan.findings) {
    if (finding.severity == Severity::kBlocking) blocks.emplace(finding.name, finding.directory);
  }
  return blocks;
}

std::vector<Limit*> LimitsOf(GuardSpec& guards) {
  return {&guards.max_deactivations, &guards.max_activations, &guards.max_removals,
          &guards.max_additions, &guards.max_group_removals};
}

void Lower(Limit& limit, int by) {
  limit.floor = std::max<int64_t>(0, limit.floor - by);
  if (limit.percent.has_value()) limit.percent = std::max<int64_t>(0, *limit.percent - 10 * by);
  if (limit.count.has_value()) limit.count = std::max<int64_t>(0, *limit.count - by);
}

// A limit that is passed in one directory is not told again over all.
std::set<std::string> GuardsOf(const Plan& plan) {
  std::set<std::string> guards;
  for (const auto& [guard, directory] : BlocksOf(plan)) guards.insert(guard);
  return guards;
}

bool Includes(const std::set<std::string>& all, const std::set<std::string>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

TEST(GuardProperty, ALowerLimitNeverUnblocks) {
  Holds(kGuardCases, [] {
    const World world = *Worlds();
    World stricter = world;
    const int by = *rc::gen::inRange(1, 600);
    for (Limit* limit : LimitsOf(stricter.spec.guards)) Lower(*limit, by);
    stricter.spec.guards.min_admins_limit += 1;
    RC_ASSERT(Includes(GuardsOf(PlanOf(stricter).plan), GuardsOf(PlanOf(world).plan)));
  });
}

// The export's counts and the snapshots stay; one row more was applied in the last 24 hours.
TEST(GuardProperty, MoreAppliedChangesNeverUnblock) {
  Holds(kGuardCases, [] {
    const World world = *Worlds();
    World later = world;
    const WorldDirectory& directory = world.directories.front();
    // A deactivation may excuse removals of the same person, which counts once then.
    const Action action =
        *rc::gen::element(Action::kActivate, Action::kRemoveMembership, Action::kAddMembership);
    later.memory.applied_last_24h.push_back({directory.spec.id,
                                             action,
                                             "x77",
                                             action == Action::kActivate ? "" : "eng",
                                             "p77",
                                             HoursAgo(1),
                                             {}});
    RC_ASSERT(Includes(GuardsOf(PlanOf(later).plan), GuardsOf(PlanOf(world).plan)));
  });
}

TEST(GuardProperty, WhatWasAppliedUnderAWaiverOfAGuardDoesNotCountForIt) {
  Holds(kGuardCases, [] {
    const World world = *Worlds();
    World later = world;
    later.memory.applied_last_24h.push_back({world.directories.front().spec.id,
                                             Action::kDeactivate,
                                             "x77",
                                             "",
                                             "p77",
                                             HoursAgo(1),
                                             {"max_deactivations"}});
    RC_ASSERT(BlocksOf(PlanOf(later).plan) == BlocksOf(PlanOf(world).plan));
  });
}

TEST(GuardProperty, AGuardThatIsOffTakesOnlyItsOwnBlocksAway) {
  Holds(kGuardCases, [] {
    const World world = *Worlds();
    const std::string guard = *rc::gen::elementOf(WaivableGuards());
    World without = world;
    GuardSpec& guards = without.spec.guards;
    if (guard == "empty_export") guards.empty_export = false;
    if (guard == "stale_export") guards.stale_export = std::nullopt;
    if (guard == "first_run") guards.first_run = false;
    if (guard == "max_deactivations") guards.max_deactivations.on = false;
    if (guard == "max_activations") guards.max_activations.on = false;
    if (guard == "max_removals") guards.max_removals.on = false;
    if (guard == "max_additions") guards.max_additions.on = false;
    if (guard == "max_group_removals") guards.max_group_removals.on = false;
    if (guard == "emptied_group") guards.emptied_group = false;
    if (guard == "min_admins") guards.min_admins = false;
    if (guard == "privileged") guards.privileged = false;
    // `duplicate_people` holds those people in any case; nothing was accepted to shrink from.
    RC_PRE(guard != "duplicate_people" && guard != "shrunken_export");
    const Plan plan = PlanOf(world).plan;
    const Plan other = PlanOf(without).plan;
    Blocks expected = BlocksOf(plan);
    std::erase_if(expected, [&](const auto& block) { return block.first == guard; });
    RC_ASSERT(BlocksOf(other) == expected);
    RC_ASSERT(RowsOf(other) == RowsOf(plan));
  });
}

TEST(GuardProperty, MoreProtectionNeverAddsAChange) {
  Holds(kGuardCases, [] {
    const World world = *Worlds();
    World safer = world;
    safer.spec.guards.protected_entries.push_back(
        *rc::gen::element<std::string>("ada@example.com", "p2", "group:eng", "members:staff"));
    const std::set<std::string> rows = RowsOf(PlanOf(world).plan);
    const std::set<std::string> fewer = RowsOf(PlanOf(safer).plan);
    RC_ASSERT(std::includes(rows.begin(), rows.end(), fewer.begin(), fewer.end()));
  });
}

// Monotone in the changes themselves: the guards judge a part of the plan's changes, then all.
TEST(GuardProperty, ExceedsIsMonotone) {
  Holds(2000, [] {
    Limit limit;
    limit.floor = *rc::gen::inRange<int64_t>(0, 20);
    if (*rc::gen::arbitrary<bool>()) limit.percent = *rc::gen::inRange<int64_t>(0, 101);
    if (*rc::gen::arbitrary<bool>()) limit.count = *rc::gen::inRange<int64_t>(0, 20);
    const int64_t n = *rc::gen::inRange<int64_t>(0, 40);
    const int64_t base = *rc::gen::inRange<int64_t>(0, 40);
    if (Exceeds(limit, n, base)) RC_ASSERT(Exceeds(limit, n + 1, base));
    RC_ASSERT((n > LargestAllowed(limit, base)) == Exceeds(limit, n, base));
  });
}

}  // namespace
}  // namespace rollcall::property
