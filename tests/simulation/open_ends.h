// OpenEnds: what a run of peace left as it was: whom a finding must name then, and what nobody can
// settle because a Jira site refuses it whoever asks. Pure.
#ifndef TESTS_SIMULATION_OPEN_ENDS_H_
#define TESTS_SIMULATION_OPEN_ENDS_H_

#include <set>
#include <string>

#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"
#include "tests/simulation/sim_world.h"

namespace rollcall::simulation {

class OpenEnds {
 public:
  OpenEnds() = default;
  OpenEnds(const SimWorld& world, const Plan& plan, const RunRecord& run);

  const std::set<std::string>& subjects() const { return subjects_; }
  // May the next plan have this change again?
  bool Excuse(const Change& change) const { return refused_.count(TargetOf(change)) > 0; }

  // "site/aa-1 g-1"
  static std::string TargetOf(const Change& change);

 private:
  std::set<std::string> subjects_;
  std::set<std::string> refused_;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_OPEN_ENDS_H_
