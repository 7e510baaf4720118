// The real binary, killed at any moment: the next start goes on, and in the end everything is as if
// nothing had happened. The moments are random parts of the time that an undisturbed run takes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/company_place.h"

namespace rollcall {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;

constexpr int kKillsAtRandom = 100;
// A run that is killed more often has no luck, or does not get on.
constexpr int kMostStarts = 40;

CompanyPlaceOptions DriftedCompany() {
  CompanyPlaceOptions options;
  options.company.people = 280;
  options.company.groups = 4;
  options.company.cloud = 1;
  options.company.crowd = 1;
  options.company.seed = 11;
  options.guards =
      "guards: {max_deactivations: false, max_activations: false, max_removals: false,\n"
      "         max_additions: false, max_group_removals: false, emptied_group: false,\n"
      "         privileged: false, min_admins: false}\n";
  return options;
}

// What the directories hold, without the times of the last changes.
std::string Holdings(Workplace& place) {
  nlohmann::json world = nlohmann::json::parse(place.World());
  const std::function<void(nlohmann::json&)> forget = [&](nlohmann::json& part) {
    if (part.is_object()) {
      for (const char* key : {"modified", "last_modified", "lastModified", "updated"}) {
        part.erase(key);
      }
    }
    if (part.is_structured()) {
      for (nlohmann::json& inner : part) forget(inner);
    }
  };
  forget(world);
  return world.dump(1);
}

struct Peace {
  std::string holdings;
  int64_t writes = 0;
  int exit_code = -1;
  absl::Duration took;
};

Peace ApplyUndisturbed(Workplace& place) {
  const std::string plan = place.MakePlan();
  Peace peace;
  const absl::Time begin = absl::Now();
  const ChildResult result = place.Apply(plan);
  peace.took = absl::Now() - begin;
  peace.exit_code = result.exit_code;
  EXPECT_EQ(peace.exit_code, 4) << result.out << result.err;
  peace.holdings = Holdings(place);
  peace.writes = place.Writes();
  return peace;
}

uint64_t SeedOfMoments() {
  const char* given = std::getenv("ROLLCALL_KILL_SEED");
  uint64_t seed = 20261122;
  if (given != nullptr && !absl::SimpleAtoi(given, &seed)) ADD_FAILURE() << given;
  return seed;
}

class CrashTest : public testing::Test {
 protected:
  CrashTest() : company_(DriftedCompany()), moments_(SeedOfMoments()) {}

  absl::Duration Moment(absl::Duration within) {
    return within * std::uniform_real_distribution<double>(0, 1)(moments_);
  }

  CompanyPlace company_;
  Workplace& place_ = *company_;
  std::mt19937_64 moments_;
};

TEST_F(CrashTest, KilledAtAHundredRandomMomentsEverythingEndsAsIfUndisturbed) {
  const Peace peace = ApplyUndisturbed(place_);
  int kills = 0;
  while (kills < kKillsAtRandom) {
    SCOPED_TRACE(absl::StrCat("after ", kills, " kills"));
    place_.StartOver();
    const std::string plan = place_.MakePlan();
    ChildResult last;
    int starts = 0;
    do {
      ASSERT_LT(++starts, kMostStarts);
      last = place_
                 .Start({"apply", plan, "--yes", "--waive", "first_run", "--reason", "tested"},
                        // Later and later: on a machine that has become busy since, none of the
                        // first moments may be late enough to get anywhere.
                        Moment(peace.took * (1 + starts / 8)))
                 ->Wait();
      if (last.signal == SIGKILL) ++kills;
    } while (last.signal == SIGKILL);
    // 5: killed after its last step and before it could say so.
    EXPECT_THAT(last.exit_code, starts == 1 ? AnyOf(Eq(peace.exit_code), Eq(-2))
                                            : AnyOf(Eq(peace.exit_code), Eq(5)))
        << last.out << last.err;
    ASSERT_EQ(Holdings(place_), peace.holdings);
    // Each change once: what a killed run has done is seen, not sent again.
    ASSERT_EQ(place_.Writes(), peace.writes);
    EXPECT_EQ(place_.Apply(plan).exit_code, 5);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace rollcall
