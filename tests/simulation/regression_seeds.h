// Seeds that have failed once, and what they found. They run for ever. A seed finds the same again
// only while the simulation draws its chances in the same order; what it found has a test of its
// own beside the code that was wrong.
#ifndef TESTS_SIMULATION_REGRESSION_SEEDS_H_
#define TESTS_SIMULATION_REGRESSION_SEEDS_H_

#include <cstdint>

namespace rollcall::simulation {

inline constexpr uint64_t kRegressionSeeds[] = {
    1,       17,      93,      98,      381,     1049,    1151,    1226,    402737,
    1008960, 1016665, 1016706, 1021987, 1027130, 1030738, 1034503, 1037201, 5014159};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_REGRESSION_SEEDS_H_
