// Chronicle: everything that anybody was ever told of the runs of a simulated state, and the judge
// of it. Every event has its place from 1 on, says the same to everybody for ever, crash or no
// crash, and together they say what the state says at that moment; after the end comes nothing. One
// thread at a time; outlives the processes.
#ifndef TESTS_SIMULATION_CHRONICLE_H_
#define TESTS_SIMULATION_CHRONICLE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/store/run_events.h"
#include "agent/store/store.h"
#include "reconciler/apply/outcome.h"
#include "tests/simulation/witness.h"

namespace rollcall::simulation {

class Chronicle {
 public:
  explicit Chronicle(Witness& witness) : witness_(witness) {}

  // Events `after` …, at most `limit`, as `who` has just read them from the state. `head` was read
  // with them.
  struct Page {
    std::string who;
    std::string run;
    int64_t after = 0;
    int64_t limit = 0;
  };
  void Note(const Page& page, const std::vector<RunEvent>& events, const RunHead& head,
            Store& store);

  // All trouble is over: every run has ended, and reads the same from the beginning.
  void CheckEnd(Store& store);

  int64_t events() const;  // of all runs
  int64_t interruptions() const;
  int64_t pages() const { return pages_; }
  int64_t runs() const { return static_cast<int64_t>(told_.size()); }

 private:
  struct Told {
    std::vector<RunEvent> events;
    std::optional<RunRecord> ended;  // as it was when that was told first
  };

  void Take(const std::string& who, Told& told, const std::string& run, const RunEvent& event);
  // Whoever has read all events knows what the state knows.
  void CheckState(const std::string& run, Told& told, const RunHead& head, Store& store);
  void CheckOutcomes(const Told& told, const RunRecord& run);
  void CheckUnchanged(Told& told, const RunRecord& run);

  Witness& witness_;
  std::map<std::string, Told> told_;  // by run
  int64_t pages_ = 0;
};

}  // namespace rollcall::simulation

#endif  // TESTS_SIMULATION_CHRONICLE_H_
