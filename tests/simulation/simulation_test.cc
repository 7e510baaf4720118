// Simulated worlds, each from one seed: whatever the network, the directories, the machine and
// other administrators do, nothing is lost, nothing happens twice, and nothing happens that the
// plan does not say. `simulate` runs any number of them.
#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "absl/strings/numbers.h"
#include "tests/simulation/regression_seeds.h"
#include "tests/support/temp_folder.h"

namespace rollcall::simulation {
namespace {

constexpr uint64_t kFirstSeed = 1'000;
constexpr uint64_t kSeeds = 200;  // of each shard; ROLLCALL_SIMULATION_SEEDS says another number

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  uint64_t number = 0;
  return text != nullptr && absl::SimpleAtoi(text, &number) ? number : otherwise;
}

class SimulationTest : public testing::Test {
 protected:
  Verdict Play(uint64_t seed, Kind kind = Kind::kDrawn, Site site = Site::kDrawn) {
    return Simulate(seed, folder_.File("state.db"), kind, site);
  }

  TempFolder folder_;
};

TEST_F(SimulationTest, TheSameSeedGivesTheSameEventsByteForByte) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Kind kind = seed % 2 == 0 ? Kind::kDaemon : Kind::kCommands;
    const Site site = seed % 4 < 2 ? Site::kWith : Site::kWithout;
    const Verdict first = Play(seed, kind, site);
    Play(seed + 1000);  // whatever happens between the two
    const Verdict second = Play(seed, kind, site);
    ASSERT_GT(first.log.size(), 50u);
    EXPECT_EQ(first.log, second.log) << "seed " << seed;
    EXPECT_EQ(first.faults, second.faults) << "seed " << seed;
  }
}

TEST_F(SimulationTest, DifferentSeedsGiveDifferentEvents) { EXPECT_NE(Play(1).log, Play(2).log); }

TEST_F(SimulationTest, SeedsThatFailedOnceSucceed) {
  for (const auto& [seed, kind, site] : kRegressionSeeds) {
    const Verdict verdict = Play(seed, kind, site);
    EXPECT_TRUE(verdict.failures.empty()) << Describe(verdict);
  }
}

// Two shards run side by side (tests/CMakeLists.txt), each with its own seeds.
TEST_F(SimulationTest, NothingIsLostAndNothingHappensThatThePlanDoesNotSay) {
  const uint64_t seeds = FromEnvironment("ROLLCALL_SIMULATION_SEEDS", kSeeds);
  const uint64_t from = FromEnvironment("ROLLCALL_SIMULATION_FROM", kFirstSeed);
  FaultCounts faults;
  int64_t effects = 0;
  int64_t runs = 0;
  int64_t pages = 0;
  int64_t at_sites = 0;
  for (uint64_t seed = from; seed < from + seeds; ++seed) {
    const Verdict verdict = Play(seed);
    EXPECT_TRUE(verdict.failures.empty()) << Describe(verdict);
    faults.Add(verdict.faults);
    effects += verdict.effects;
    runs += verdict.runs;
    pages += verdict.pages;
    at_sites += verdict.at_site;
  }
  EXPECT_GT(effects, static_cast<int64_t>(seeds));
  // A third of the worlds are daemons, each with runs that are watched.
  EXPECT_GT(runs, static_cast<int64_t>(seeds / 8));
  EXPECT_GT(pages, runs);
  // Half of the worlds have a Jira site.
  EXPECT_GT(at_sites, static_cast<int64_t>(seeds / 4));
  if (seeds < kSeeds) return;  // too few for every kind to come up
  for (size_t i = 0; i < kFaultKinds; ++i) {
    const auto kind = static_cast<FaultKind>(i);
    EXPECT_GT(faults[kind], 0) << NameOf(kind) << " never happened: it proves nothing";
  }
}

}  // namespace
}  // namespace rollcall::simulation
