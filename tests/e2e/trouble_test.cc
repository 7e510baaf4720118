// Trouble while applying: kills after any request, throttling, a server that breaks off. Nothing is
// lost and nothing happens twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int64_t kKills = 60;

struct Undisturbed {
  std::string world;
  int64_t requests = 0;
  int64_t writes = 0;
  int exit_code = 0;
};

Undisturbed ApplyInPeace(Workplace& place) {
  const std::string plan = place.MakePlan();
  const int64_t before = place.Requests();
  Undisturbed result;
  result.exit_code = place.Apply(plan).exit_code;
  result.world = place.World();
  result.requests = place.Requests() - before;
  result.writes = place.Writes();
  return result;
}

// Applies, and kills the process when its request number `kill_at` arrives: before the twin sees it
// or after. False: the run ended before.
enum class When { kBefore, kAfter };
bool ApplyAndKill(Workplace& place, const std::string& plan, int64_t kill_at, When when) {
  std::atomic<pid_t> pid{0};
  std::atomic<bool> killed{false};
  place.Exclusively([&] {
    place.watched().set_watch([&](int64_t number, const twins::TwinRequest&) {
      if (killed) return false;
      if (number != kill_at) return true;
      killed = true;
      kill(pid, SIGKILL);
      return when == When::kAfter;
    });
  });
  std::unique_ptr<ChildProcess> child;
  // The twin answers nothing until the child's id is known.
  place.Exclusively([&] {
    child = place.Start({"apply", plan, "--yes", "--waive", "first_run", "--reason", "tested"});
    pid = child->pid();
  });
  child->Wait();
  child.reset();
  place.Exclusively([&] { place.watched().set_watch(nullptr); });
  return killed;
}

void KillAtEachRequest(When when) {
  Workplace place;
  const Undisturbed peace = ApplyInPeace(place);
  ASSERT_GE(peace.requests, kKills);
  for (int64_t at = 1; at <= kKills; ++at) {
    SCOPED_TRACE(absl::StrCat("killed at request ", at));
    place.StartOver();
    const std::string plan = place.MakePlan();
    ASSERT_TRUE(ApplyAndKill(place, plan, at, when));
    const ChildResult again = place.Apply(plan);
    EXPECT_EQ(again.exit_code, peace.exit_code) << again.out << again.err;
    EXPECT_EQ(place.World(), peace.world);
    // Each change once: a write that the twin has seen is not sent again.
    EXPECT_EQ(place.Writes(), peace.writes);
    EXPECT_EQ(place.Apply(plan).exit_code, 5);
  }
}

TEST(TroubleTest, KilledBeforeAnyRequestArrivesTheNextStartEndsAsIfUndisturbed) {
  KillAtEachRequest(When::kBefore);
}

TEST(TroubleTest, KilledAfterAnyRequestArrivedTheNextStartEndsAsIfUndisturbed) {
  KillAtEachRequest(When::kAfter);
}

TEST(TroubleTest, AnInterruptedRunIsClosedWhenAnotherPlanIsApplied) {
  Workplace place;
  const std::string first = place.MakePlan();
  ASSERT_TRUE(ApplyAndKill(place, first, 4, When::kAfter));
  const std::string second = place.MakePlan();
  const ChildResult apply = place.Apply(second);
  EXPECT_EQ(apply.exit_code, 4) << apply.out << apply.err;
  EXPECT_THAT(apply.out, StartsWith("SUCCEEDED"));
  EXPECT_EQ(place.Apply(first).exit_code, 5);
  EXPECT_THAT(place.Rollcall({"runs", "list", "--format", "json"}).out,
              HasSubstr("closed when another plan was applied"));
  EXPECT_EQ(place.Rollcall({"plan"}).exit_code, 2);
}

TEST(TroubleTest, CtrlCFinishesWhatIsInFlightAndSaysHowToGoOn) {
  Workplace place;
  const Undisturbed peace = ApplyInPeace(place);
  place.StartOver();
  const std::string plan = place.MakePlan();
  std::atomic<pid_t> pid{0};
  std::unique_ptr<ChildProcess> child;
  place.Exclusively([&] {
    place.watched().set_watch([&](int64_t number, const twins::TwinRequest&) {
      if (number == 5) kill(pid, SIGINT);
      return true;
    });
    child = place.Start({"apply", plan, "--yes", "--waive", "first_run", "--reason", "tested"});
    pid = child->pid();
  });
  const ChildResult stopped = child->Wait();
  EXPECT_EQ(stopped.exit_code, 4) << stopped.err;
  EXPECT_THAT(stopped.out, StartsWith("INTERRUPTED"));
  EXPECT_THAT(stopped.out, HasSubstr(absl::StrCat("apply ", plan)));
  const ChildResult again = place.Apply(plan);
  EXPECT_EQ(again.exit_code, peace.exit_code) << again.out << again.err;
  EXPECT_EQ(place.World(), peace.world);
  EXPECT_EQ(place.Writes(), peace.writes);
}

// Writes that a twin took, of those that were sent to it.
int64_t WritesThatReached(Workplace& place) {
  int64_t reached = 0;
  place.Exclusively([&] {
    const nlohmann::json report = place.rehearsal().log().Report();
    for (const nlohmann::json& write : report["log"]) reached += write["reached"] ? 1 : 0;
  });
  return reached;
}

TEST(TroubleTest, A429OnEveryTenthRequestLosesNothingAndTheWaitIsShown) {
  Workplace place;
  const Undisturbed peace = ApplyInPeace(place);
  place.StartOver();
  const std::string plan = place.MakePlan();
  place.Exclusively([&] {
    twins::FaultRule rule;
    rule.nth = 10;
    rule.every = 10;
    rule.times = 0;
    rule.effect.kind = twins::FaultEffect::Kind::kAnswer;
    rule.effect.status = 429;
    rule.effect.retry_after = absl::Seconds(1);
    place.rehearsal().faults().Add(rule);
    // Which requests are the tenth ones depends on the workers; one write is refused in any case.
    rule.method = "PATCH";
    rule.nth = 3;
    rule.every = 0;
    rule.times = 1;
    place.rehearsal().faults().Add(rule);
  });
  const ChildResult apply = place.Apply(plan);
  EXPECT_EQ(apply.exit_code, peace.exit_code) << apply.out << apply.err;
  EXPECT_EQ(place.World(), peace.world);
  // Each change once: what was refused with 429 had no effect, and was sent again.
  EXPECT_EQ(WritesThatReached(place), peace.writes);
  EXPECT_GT(place.Writes(), peace.writes);
  EXPECT_THAT(apply.err, HasSubstr("the directory asks to wait (429), going on in "));
  EXPECT_THAT(apply.err, HasSubstr("corp: the directory asked to wait (429) "));
  EXPECT_THAT(apply.err, HasSubstr(" in all\n"));
  EXPECT_THAT(apply.out, HasSubstr("  corp asked to wait (429) "));
}

TEST(TroubleTest, AKeyThatIsRefusedEverywhereStopsTheRun) {
  Workplace place;
  const std::string plan = place.MakePlan();
  place.Write("token", "revoked");
  const ChildResult apply = place.Apply(plan);
  EXPECT_EQ(apply.exit_code, 1) << apply.out << apply.err;
  EXPECT_THAT(apply.out, StartsWith("FAILED"));
  EXPECT_EQ(apply.out.find("revoked"), std::string::npos);
}

TEST(TroubleTest, ADirectoryThatCannotBeReadIsSix) {
  Workplace place;
  place.Write("token", "revoked");
  const ChildResult plan = place.Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 6) << plan.out << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("unreadable_directory"));
}

}  // namespace
}  // namespace rollcall
