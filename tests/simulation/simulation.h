// Simulation: one seed, one world, from the first plan to the peace at the end. Under its trouble
// processes plan, apply, die and begin again; then all trouble ends, and at most two plans later
// nothing may be left to do.
//
//   const Verdict verdict = Simulate(17);
//   if (!verdict.failures.empty()) std::cout << Describe(verdict);
//
// One at a time in a program (see SimDisk).
#ifndef TESTS_SIMULATION_SIMULATION_H_
#define TESTS_SIMULATION_SIMULATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/fault_kind.h"

namespace rollcall::simulation {

// Whether the processes of a world are commands, one after another, or daemons (run manager,
// schedules, watchers). Drawn: about a third of the seeds are daemons; what else a seed draws does
// not depend on it.
enum class Kind : uint8_t { kDrawn, kCommands, kDaemon };

// Whether a world has a Jira site. Drawn: about half of the seeds have one; what else a seed draws
// does not depend on it.
enum class Site : uint8_t { kDrawn, kWithout, kWith };

struct Verdict {
  uint64_t seed = 0;
  std::vector<std::string> failures;  // empty: all went well
  std::vector<std::string> log;
  FaultCounts faults;
  int64_t requests = 0;
  int64_t effects = 0;
  int64_t turns = 0;      // of the baton
  int64_t processes = 0;  // that were started
  bool site = false;      // the world has a Jira site
  int64_t at_site = 0;    // effects of requests to it
  // Of a world of daemons:
  bool daemon = false;
  int64_t runs = 0;
  int64_t interruptions = 0;
  int64_t events = 0;  // of runs
  int64_t pages = 0;   // of events that somebody read
};

// `state`: where the state file is to be; only its name is used for what is in it.
Verdict Simulate(uint64_t seed, const std::string& state, Kind kind = Kind::kDrawn,
                 Site site = Site::kDrawn);

// What failed, the last events, and how to see it again.
std::string Describe(const Verdict& verdict);

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_SIMULATION_H_
