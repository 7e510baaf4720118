// RunEvents: what happened in each run, numbered from 1 without gaps: the states that it went
// through and what became of each change. Written in the same transaction as what it tells of, so
// that a kill neither loses an event nor tells of what is not so, and a run that goes on after one
// goes on counting. Read by whoever watches, in this process or another. Thread-safe.
#ifndef AGENT_STORE_RUN_EVENTS_H_
#define AGENT_STORE_RUN_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"
#include "reconciler/apply/outcome.h"

namespace rollcall {

// One of `state` and `outcome` is there.
struct RunEvent {
  int64_t number = 0;
  absl::Time time;
  std::optional<RunState> state;   // the run is in this state now
  std::optional<Outcome> outcome;  // what is known of one change now; replaces what was before
  std::string through = {};        // of a re-routed outcome: the directory
  bool operator==(const RunEvent&) const = default;
};

// Within a transaction; `run` is the row.
absl::Status AddEvent(Database& database, int64_t run, RunState state, absl::Time now);
absl::Status AddEvent(Database& database, int64_t run, const Outcome& outcome, absl::Time now);

class RunEvents {
 public:
  explicit RunEvents(Database& database) : database_(database) {}

  // At most `limit` events behind number `after`, in order. NOT_FOUND: there is no such run.
  absl::StatusOr<std::vector<RunEvent>> Read(const std::string& run, int64_t after, int64_t limit);

 private:
  Database& database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_RUN_EVENTS_H_
