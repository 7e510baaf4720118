// RunTally: how many changes became what, for the report of a run. Values and pure functions, any
// thread.
#ifndef AGENT_RENDER_RUN_TALLY_H_
#define AGENT_RENDER_RUN_TALLY_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

struct RunTally {
  std::array<int64_t, 6> by_state{};  // by OutcomeState
  int64_t changes = 0;
  int64_t verified = 0;
  int64_t holding = 0;  // applied or so already, and seen to be so
  int64_t pending = 0;  // without an outcome

  int64_t of(OutcomeState state) const { return by_state[static_cast<size_t>(state)]; }
  int64_t open() const { return changes - holding; }
  void Add(const Change& change, const RunRecord& run);
};

RunTally TallyOf(const std::vector<Change>& changes, const RunRecord& run);

// "37 applied, 1 so already, 1 refused; 38 verified"; "all applied and verified".
std::string InWords(const RunTally& tally);

}  // namespace rollcall

#endif  // AGENT_RENDER_RUN_TALLY_H_
