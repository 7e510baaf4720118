// Trouble: what one seed switches on, and how much of it. A value.
#ifndef TESTS_SIMULATION_TROUBLE_H_
#define TESTS_SIMULATION_TROUBLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "tests/simulation/dice.h"
#include "tests/simulation/fault_kind.h"

namespace rollcall::simulation {

struct Trouble {
  std::array<bool, kDrawnFaultKinds> on = {};
  int64_t network = 0;  // requests that something happens to, in thousand
  int64_t events = 0;   // requests around which something happens elsewhere, in thousand

  bool operator[](FaultKind kind) const { return on[static_cast<size_t>(kind)]; }

  // Nothing but what other people do: every request is answered as it should be, by a process that
  // lives to the end.
  bool OnlyPeople() const {
    for (const FaultKind kind : {FaultKind::kStaleReads, FaultKind::kClockBack, FaultKind::kStop,
                                 FaultKind::kCrashAtRequest, FaultKind::kCrashAtCommit,
                                 FaultKind::kDiskFull, FaultKind::kDiskError}) {
      if ((*this)[kind]) return false;
    }
    return network == 0;
  }

  // Nothing at all: an undisturbed world.
  static Trouble None() { return {}; }

  // Each kind on or off; one seed in sixteen has none at all.
  static Trouble Draw(Dice& dice) {
    Trouble trouble;
    if (dice.Chance(60)) return trouble;
    const int64_t share = dice.Between(100, 700);
    for (bool& kind : trouble.on) kind = dice.Chance(share);
    constexpr int64_t kRates[] = {5, 20, 60, 150};
    // Some networks are good: there it shows what only other people do.
    trouble.network = dice.Chance(150) ? 0 : kRates[dice.Below(4)];
    trouble.events = kRates[dice.Below(3)];
    return trouble;
  }
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_TROUBLE_H_
