// Rule R5: what guards, `protected`, `self`, `apply` and `allow` make of the ways that changes may
// take if they are refused.
#include "reconciler/plan/guards/reroutes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reconciler/guards/guard_case.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Deactivations in "dir", each with a way through the account of the same id in "owner".
struct ReroutesCase : GuardCase {
  explicit ReroutesCase(int count) {
    People(40).People(40, "owner").Deactivate(count);
    for (Change& change : changes) {
      change.reroute = Reroute{"owner", change.account, change.user_name, "", "", "", ""};
    }
  }
  // The accounts of the changes that keep their way.
  std::vector<std::string> Ways() {
    PlanInput input = company.Input();
    Draft draft = MakeDraft(input);
    const size_t before = changes.size();
    DropUnsafeReroutes(input, draft, changes);
    EXPECT_EQ(changes.size(), before) << "the changes themselves stay";
    std::vector<std::string> ways;
    for (const Change& change : changes) {
      if (change.reroute.has_value()) ways.push_back(change.account);
    }
    return ways;
  }
};

TEST(Reroutes, NothingSpeaksAgainstThem) {
  EXPECT_THAT(ReroutesCase(2).Ways(), ElementsAre("a1", "a2"));
}

TEST(Reroutes, WhatIsProtectedOnTheWayIsNotTouched) {
  ReroutesCase c(2);
  c.company.spec().guards.protected_entries = {"owner/a1"};
  EXPECT_THAT(c.Ways(), ElementsAre("a2"));
}

TEST(Reroutes, RollcallsOwnAccountIsNotTouched) {
  ReroutesCase c(2);
  c.company.Directory("owner").spec().identity = "user2";
  EXPECT_THAT(c.Ways(), ElementsAre("a1"));
}

TEST(Reroutes, TheOwnersApplyAndAllowAreKept) {
  ReroutesCase c(2);
  c.company.Directory("owner").spec().allow = {Action::kActivate};
  EXPECT_THAT(c.Ways(), IsEmpty());
  ReroutesCase d(2);
  d.company.Directory("owner").spec().apply = false;
  EXPECT_THAT(d.Ways(), IsEmpty());
}

TEST(Reroutes, WhatTheOwnerRefusedLatelyIsNotTried) {
  ReroutesCase c(2);
  c.company.memory().refusals = {
      {"masked", "owner", Action::kDeactivate, "a1", "", c.company.now() - absl::Hours(1)}};
  EXPECT_THAT(c.Ways(), ElementsAre("a2"));
}

// The limit of the owner's directory is judged as if every way were taken: at it, and one past it.
TEST(Reroutes, WhereAGuardWouldBlockForThemThereAreNone) {
  for (int planned_there : {2, 3}) {
    ReroutesCase c(1);
    c.company.spec().guards.max_deactivations = {
        .on = true, .floor = 0, .percent = std::nullopt, .count = 3};
    for (int n = 11; n < 11 + planned_there; ++n) c.Add(Action::kDeactivate, n, "owner");
    if (planned_there == 2) {
      EXPECT_THAT(c.Ways(), ElementsAre("a1"));
    } else {
      EXPECT_THAT(c.Ways(), IsEmpty());
    }
  }
}

}  // namespace
}  // namespace rollcall
