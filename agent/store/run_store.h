// RunStore: the runs of a state file. A plan is used by one run: starting it and taking the plan
// out of READY are one step. Thread-safe. Errors are those of sqlite.h; NOT_FOUND names what is not
// there. Times are handed in.
#ifndef AGENT_STORE_RUN_STORE_H_
#define AGENT_STORE_RUN_STORE_H_

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/requester.h"
#include "agent/store/sqlite.h"
#include "reconciler/apply/outcome.h"

namespace rollcall {

struct RunSummary {
  int64_t place = 0;  // grows from run to run
  std::string id;
  std::string plan;
  RunState state = RunState::kQueued;
  absl::Time started;
  std::optional<absl::Time> ended;
  int64_t changes = 0;  // of its plan
  Requester requester;
};

// A run without its outcomes; with `unknown` while it has not ended.
struct RunHead {
  RunRecord run;
  int64_t settled = 0;  // changes with an outcome
  int64_t changes = 0;  // of its plan
  Requester requester;
};

struct RunEnd {
  RunState state = RunState::kFailed;  // one of which HasEnded is true
  absl::Time ended;
  int64_t drift_left = 0;
  int64_t requests_used = 0;
  std::string message;
  std::map<std::string, std::string> halted = {};  // directories that were given up, and why
};

// Within a transaction: the highest mark of any run, 0 where there is none. See RunStore::Mark.
absl::StatusOr<int64_t> HighestMark(Database& database);

// A run of another plan that makes a plan stale.
struct OvertakingRun {
  std::string run;
  std::string directory;
  std::optional<absl::Time> ended;  // nullopt: not ended yet
};

class RunStore {
 public:
  explicit RunStore(Database& database) : database_(database) {}

  // Makes the run RUNNING and its plan, READY or BLOCKED until now, APPLYING. FAILED_PRECONDITION
  // says why the plan cannot be applied: it was already, and by which run, or another run is at it.
  absl::Status Start(const std::string& id, const std::string& plan,
                     const std::vector<Waiver>& waivers, absl::Time started,
                     const Requester& requester = {});

  // For the states on the way (RUNNING, VERIFYING, CANCELLING, INTERRUPTED). FAILED_PRECONDITION
  // when the run has ended.
  absl::Status SetState(const std::string& id, RunState state, absl::Time now);

  // Makes the run INTERRUPTED: the same apply goes on with it. `requests_used`: by all its starts.
  // FAILED_PRECONDITION when it has ended.
  absl::Status Interrupt(const std::string& id, int64_t requests_used, absl::Time now);

  // Adds up over the starts of a run; directories without a wait are left out.
  absl::Status AddThrottling(const std::string& id, const ThrottlingByDirectory& added);

  // Ends the run for good; its plan becomes APPLIED, and the groups that the plan covers count as
  // covered where the run SUCCEEDED or was PARTIAL. FAILED_PRECONDITION when it has ended already.
  absl::Status Finish(const std::string& id, const RunEnd& end);

  // With outcomes, and with `unknown` set to the intents that have no outcome.
  absl::StatusOr<RunRecord> Load(const std::string& id);
  // Without outcomes: quick, however large the run.
  absl::StatusOr<RunHead> LoadHead(const std::string& id);
  // Outcomes of the plan's changes from place `first` on (from 0), in the plan's order. `next`:
  // the place to go on from; nullopt: there are no more.
  struct OutcomePage {
    std::vector<Outcome> outcomes;
    std::vector<std::string> through;  // for each: where it was re-routed to, or ""
    std::optional<int64_t> next;
  };
  absl::StatusOr<OutcomePage> LoadOutcomes(const std::string& id, int64_t first, int64_t limit);
  // Newest first; those before the place `before`.
  absl::StatusOr<std::vector<RunSummary>> List(
      int64_t limit, int64_t before = std::numeric_limits<int64_t>::max());
  // The runs that have not ended, oldest first.
  absl::StatusOr<std::vector<RunSummary>> Unfinished();
  absl::StatusOr<std::optional<std::string>> UnfinishedOf(const std::string& plan);
  absl::StatusOr<std::optional<std::string>> LastOf(const std::string& plan);

  // A number that grows whenever a run begins, goes on, is interrupted or ends: what was marked
  // later happened later, whatever the clock says.
  absl::StatusOr<int64_t> Mark();

  // A run of another plan that wrote (or may have written) in one of this plan's directories since
  // the plan was begun, or is at work (section 7, "Stale").
  absl::StatusOr<std::optional<OvertakingRun>> Overtaking(const std::string& plan);

 private:
  Database& database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_RUN_STORE_H_
