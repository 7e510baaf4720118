// Peace: what must be true of a world when all trouble is over and the last plan found nothing to
// do. Judged from the company as it was invented, not from what Rollcall linked or planned: who
// left is out, and nobody was locked out. Pure, but for the witness that is told.
#ifndef TESTS_SIMULATION_PEACE_H_
#define TESTS_SIMULATION_PEACE_H_

#include "reconciler/plan/plan.h"
#include "tests/simulation/facts.h"
#include "tests/simulation/sim_world.h"
#include "tests/simulation/witness.h"

namespace rollcall::simulation {

struct AtTheEnd {
  const SimWorld& world;
  Witness& witness;
  const Facts& begun;  // how the world was before anything
  const Plan& plan;    // the last one; what its findings name is excused
};

void CheckPeace(const AtTheEnd& end);

// The same world without any trouble must have come to the same end, but for what a finding names
// in either. `end`'s witness is told.
void CheckSameEnd(const AtTheEnd& end, const AtTheEnd& undisturbed);

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_PEACE_H_
