// A kill at every commit and every request of a run, before and after its effect: the next start
// ends with the world, the outcomes and the exit code of an undisturbed run, each change once.
#include <algorithm>
#include <memory>
#include <set>

#include "gtest/gtest.h"
#include "tests/reconciler/apply/apply_fixture.h"

namespace rollcall {
namespace {

// 21 changes in every phase, with a batch that is halved, a lost reply and a refusal.
class CrashTest : public ApplyFixture {
 protected:
  void SetUp() override {
    for (int i = 1; i <= 5; ++i) {
      AddActive(absl::StrCat("leaver", i));
      Want(Action::kDeactivate, absl::StrCat("leaver", i));
    }
    AddInactive("gone-already");
    Want(Action::kDeactivate, "gone-already");
    std::set<std::string> old;
    for (int i = 1; i <= 6; ++i) old.insert(absl::StrCat("mover", i));
    for (const std::string& mover : old) AddActive(mover);
    AddGroup("old", old);
    AddGroup("new", {});
    for (const std::string& mover : old) Want(Action::kRemoveMembership, mover, "old");
    for (int i = 1; i <= 3; ++i) {
      AddInactive(absl::StrCat("joiner", i));
      Want(Action::kActivate, absl::StrCat("joiner", i));
      Want(Action::kAddMembership, absl::StrCat("joiner", i), "new");
    }
    for (const std::string& mover : old) Want(Action::kAddMembership, mover, "new");
    DirectoryTraits traits = scim().Traits();
    traits.membership_batch = 4;
    scim().SetTraits(traits);
    scim().Script({.kind = Fault::Kind::kRefuseMember,
                   .object = "mover2",
                   .times = Fault::kAlways,
                   .code = absl::StatusCode::kInvalidArgument});
    scim().Script({.kind = Fault::Kind::kRefuse, .object = "leaver3", .times = Fault::kAlways});
    scim().Script({.kind = Fault::Kind::kLostAfter, .object = "leaver4"});
  }

  void SetCrash(CrashSwitch* crash) {
    scim().SetCrash(crash);
    journal_.SetCrash(crash);
  }
};

struct Ending {
  FakeWorld world;
  std::vector<FakeEffect> effects;  // sorted
  std::vector<std::string> outcomes;
  int exit_code = 0;
  bool operator==(const Ending&) const = default;
};

class CrashRun : public CrashTest {
 public:
  void TestBody() override {}

  // Runs with a kill at that step (0: none), then again until nothing kills it.
  Ending Play(int64_t step, CrashSwitch::Side side, int64_t* steps) {
    SetUp();
    CrashSwitch crash = step == 0 ? CrashSwitch() : CrashSwitch(step, side);
    SetCrash(&crash);
    RunResult result = Apply();
    if (steps != nullptr) *steps = crash.steps();
    if (crash.crashed()) {
      SetCrash(nullptr);
      result = Resume();
    }
    SetCrash(nullptr);
    EXPECT_TRUE(journal_.Durable().unknown.empty());
    EXPECT_EQ(journal_.Durable().outcomes, result.outcomes);
    Ending ending{scim().world(), scim().effects(), {}, ExitCodeFor(result)};
    std::sort(ending.effects.begin(), ending.effects.end());
    for (const Change& change : plan_.changes) {
      ending.outcomes.push_back(change.id + " " + Say(result, change.id));
    }
    return ending;
  }
};

TEST(KillTest, AtAnyStepTheNextStartEndsAsAnUndisturbedRun) {
  int64_t steps = 0;
  const Ending undisturbed = CrashRun().Play(0, CrashSwitch::Side::kBeforeEffect, &steps);
  ASSERT_GT(steps, 40);
  EXPECT_EQ(undisturbed.exit_code, 4);
  EXPECT_EQ(undisturbed.effects.size(), 4u + 5 + 3 + 8);
  for (const auto side : {CrashSwitch::Side::kBeforeEffect, CrashSwitch::Side::kAfterEffect}) {
    for (int64_t step = 1; step <= steps; ++step) {
      SCOPED_TRACE(absl::StrCat("killed at step ", step, " of ", steps, ", ",
                                side == CrashSwitch::Side::kBeforeEffect ? "before" : "after",
                                " its effect"));
      const Ending ending = CrashRun().Play(step, side, nullptr);
      EXPECT_EQ(ending.world, undisturbed.world);
      EXPECT_EQ(ending.effects, undisturbed.effects);
      EXPECT_EQ(ending.outcomes, undisturbed.outcomes);
      EXPECT_EQ(ending.exit_code, undisturbed.exit_code);
    }
  }
}

TEST(KillTest, TwoKillsInARowEndAsAnUndisturbedRun) {
  int64_t steps = 0;
  const Ending undisturbed = CrashRun().Play(0, CrashSwitch::Side::kBeforeEffect, &steps);
  for (int64_t step = 1; step <= steps; step += 3) {
    SCOPED_TRACE(absl::StrCat("killed at step ", step, " and 5 steps later"));
    class Twice : public CrashRun {
     public:
      Ending PlayTwice(int64_t step) {
        SetUp();
        CrashSwitch first(step, CrashSwitch::Side::kAfterEffect);
        SetCrash(&first);
        Apply();
        CrashSwitch second(5, CrashSwitch::Side::kBeforeEffect);
        SetCrash(&second);
        Resume();
        SetCrash(nullptr);
        const RunResult result = Resume();
        Ending ending{scim().world(), scim().effects(), {}, ExitCodeFor(result)};
        std::sort(ending.effects.begin(), ending.effects.end());
        for (const Change& change : plan_.changes) {
          ending.outcomes.push_back(change.id + " " + Say(result, change.id));
        }
        return ending;
      }
    };
    EXPECT_EQ(Twice().PlayTwice(step), undisturbed);
  }
}

}  // namespace
}  // namespace rollcall
