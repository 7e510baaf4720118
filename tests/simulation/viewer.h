// Viewer: somebody who watches runs of a simulated daemon: page by page, at moments of the seed's
// choice; leaves one in the middle for another and comes back to it; goes on in the next process
// where the last one died. Remembers nothing but the number of the last event of each run. One
// thread at a time; outlives the processes.
#ifndef TESTS_SIMULATION_VIEWER_H_
#define TESTS_SIMULATION_VIEWER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "agent/store/store.h"
#include "tests/simulation/chronicle.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/sim_runtime.h"

namespace rollcall::simulation {

class Viewer {
 public:
  Viewer(std::string name, Dice dice, SimRuntime& runtime, Chronicle& chronicle);

  // Watches until `leaving`; on a worker of its own.
  void Watch(Store& store, const bool& leaving);
  // Reads what is left of every run, to its end.
  void CatchUp(Store& store);

  int64_t seen() const;

 private:
  // Was there anything new?
  bool LookOnce(Store& store);
  // Chooses another run where there is one that it has not seen to the end.
  void Turn(Store& store);
  // Reads the next page. False: there was none.
  bool Read(Store& store, const std::string& run, int64_t limit);

  const std::string name_;
  Dice dice_;
  SimRuntime& runtime_;
  Chronicle& chronicle_;
  const int64_t page_;                   // events at once
  const absl::Duration patience_;        // between two looks, at most
  std::string run_;                      // that is being watched; empty: none
  std::map<std::string, int64_t> seen_;  // by run: the number of the last event
  std::set<std::string> over_;           // runs that were seen to the end
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_VIEWER_H_
