// Seeds that have failed once, and what they found. They run for ever. A seed finds the same again
// only while the simulation draws its chances in the same order; what it found has a test of its
// own beside the code that was wrong.
#ifndef TESTS_SIMULATION_REGRESSION_SEEDS_H_
#define TESTS_SIMULATION_REGRESSION_SEEDS_H_

#include <cstdint>

#include "tests/simulation/simulation.h"

namespace rollcall::simulation {

struct RegressionSeed {
  uint64_t seed;
  Kind kind;
  Site site = Site::kWithout;
};

inline constexpr RegressionSeed kRegressionSeeds[] = {
    {1, Kind::kCommands},
    {17, Kind::kCommands},
    {93, Kind::kCommands},
    {98, Kind::kCommands},
    {381, Kind::kCommands},
    {1049, Kind::kCommands},
    {1151, Kind::kCommands},
    {1226, Kind::kCommands},
    {402737, Kind::kCommands},
    {1008960, Kind::kCommands},
    {1016665, Kind::kCommands},
    {1016706, Kind::kCommands},
    {1021987, Kind::kCommands},
    {1027130, Kind::kCommands},
    {1030738, Kind::kCommands},
    {1034503, Kind::kCommands},
    {1037201, Kind::kCommands},
    {5014159, Kind::kCommands},
    {10001174, Kind::kDaemon},
    {20097, Kind::kDaemon, Site::kWith},
    {20375, Kind::kCommands, Site::kWith},
    {20629, Kind::kDaemon, Site::kWith},
    {20880, Kind::kCommands, Site::kWith},
    {20966, Kind::kDaemon, Site::kWith},
    {30403, Kind::kCommands, Site::kWith},
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_REGRESSION_SEEDS_H_
