// Dice: the chances of one simulation, all from its seed. The same on every machine and with every
// standard library, since nobody else's distributions are used. One thread at a time.
#ifndef TESTS_SIMULATION_DICE_H_
#define TESTS_SIMULATION_DICE_H_

#include <cstdint>

namespace rollcall::simulation {

class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}

  // SplitMix64 (Steele, Lea and Flood, 2014): any seed will do, zero too.
  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15u;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
  }

  // 0 … below-1; `below` is above 0.
  int64_t Below(int64_t below) {
    return static_cast<int64_t>(Next() % static_cast<uint64_t>(below));
  }
  int64_t Between(int64_t least, int64_t most) { return least + Below(most - least + 1); }
  bool Chance(int64_t in_thousand) { return Below(1000) < in_thousand; }

  // Chances of somebody else: what one draws does not move the other.
  Dice Split() { return Dice(Next()); }

 private:
  uint64_t state_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_DICE_H_
