// Journal: what makes a run survive a kill. Every write is announced by a durable intent before it
// is sent, and its outcome is recorded before the worker's next step.
#ifndef RECONCILER_PORTS_JOURNAL_H_
#define RECONCILER_PORTS_JOURNAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "reconciler/apply/outcome.h"

namespace rollcall {

// One durable transaction. Outcomes are recorded first, then withdrawals and re-routes, then
// intents: a worker gives the results of its last step and announces its next one in a single
// commit.
struct JournalBatch {
  std::vector<Outcome> outcomes;       // replace earlier ones of the same change
  std::vector<std::string> withdrawn;  // changes whose intent was not followed by a send
  std::vector<std::string> intents;    // ids of the changes that are about to be sent
  // Sent for this run until now, by all of its starts together; the largest one counts, since
  // workers commit side by side.
  int64_t requests_used = 0;
  // Changes that their directory refused and that go through Change::reroute from now on; like
  // withdrawn ones until their next intent.
  std::vector<std::string> rerouted = {};
  bool verifying = false;  // whatever was to be sent has been; from now on it is read again
};

class Journal {
 public:
  virtual ~Journal() = default;
  // OK means: on the disk. Thread-safe. An error must stop the caller from sending.
  virtual absl::Status Commit(const JournalBatch& batch) = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_PORTS_JOURNAL_H_
