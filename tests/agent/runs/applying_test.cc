#include "agent/runs/applying.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// What a run locks, and what makes interrupted runs its leftovers.
TEST(TouchedDirectoriesTest, EffectsAndTheWaysOfReRoutesCount) {
  Plan plan;
  EXPECT_THAT(TouchedDirectories(plan), IsEmpty());
  Change change;
  change.directory = "cloud";
  plan.changes = {change};
  EXPECT_THAT(TouchedDirectories(plan), ElementsAre("cloud"));
  plan.changes[0].effects = {{"site", "a1", Action::kDeactivate}};
  plan.changes[0].reroute = Reroute{"cloud-scim", "s1", "", "", "", "", ""};
  EXPECT_THAT(TouchedDirectories(plan), ElementsAre("cloud", "cloud-scim", "site"));
}

}  // namespace
}  // namespace rollcall
