// RunDesk: applies plans for whoever asks the service, beside the asking, one run at a time on each
// directory of the state, across processes. What becomes of a run is in the state. Thread-safe.
//
// Errors carry their reason (reasons.h): ETAG_MISMATCH, PLAN_NOT_READY, PLAN_STALE, GUARD_BLOCKS,
// DIRECTORY_BUSY, NO_SUCH_RESOURCE, RUN_ELSEWHERE, SHUTTING_DOWN.
#ifndef AGENT_DAEMON_RUN_DESK_H_
#define AGENT_DAEMON_RUN_DESK_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/daemon/office.h"
#include "agent/runs/applying.h"
#include "agent/store/requester.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/call_context.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

struct ApplyOrder {
  std::string plan;  // id
  std::string etag;
  std::vector<Waiver> waivers = {};
  bool verify_full = false;
  Requester requester = {};
  // Under which the requester asked, empty: none; and what it asked for.
  std::string request_id = {};
  std::string digest = {};
};

class RunDesk {
 public:
  explicit RunDesk(const Office& office) : office_(office) {}
  // Closes and waits.
  ~RunDesk();

  // Could the plan be applied now, as it is ordered?
  absl::Status Check(const ApplyOrder& order) const;

  // Checks, records the run and begins it. The run's id; that of before, where the same was asked
  // for under the same request id.
  absl::StatusOr<std::string> Begin(const ApplyOrder& order);

  // The same on the caller's thread, until it has ended.
  absl::StatusOr<RunRecord> ApplyNow(const ApplyOrder& order, const CallContext& context);

  // The run stops after what is in flight and is CANCELLED then; nothing happens to one that has
  // ended. `why`: who asked for it and why, for the record.
  absl::Status Cancel(const std::string& run, const std::string& why);

  // Goes on with the runs of the service that were interrupted; one whose plan is too old, or of
  // another configuration, is closed and says so. What the command line began is left to it.
  absl::Status ResumeInterrupted();

  // Begins no more runs, and interrupts those at work: the next start goes on with them. Returns at
  // once.
  void Close();
  // Is none at work?
  bool idle() const { return active() == 0; }
  // How many are at work.
  int64_t active() const;

 private:
  struct Job {
    StopFlag stop;
    bool verify_full = false;
    std::string cancelled;  // why; empty: not
    bool done = false;
  };
  // The worker's task holds the job, and must never be the one to let go of the worker: it would
  // wait for itself.
  struct AtWork {
    std::shared_ptr<Job> job;
    std::unique_ptr<Runtime::Background> worker;
  };
  struct Tools;

  absl::StatusOr<Preparation> Prepare(Applying& applying, const ApplyOrder& order) const;
  // How many changes a plan would hold now (`--verify full`).
  absl::StatusOr<int64_t> CountChangesNow(const Tools& tools, const CallContext& context) const;
  std::string StartJob(const std::shared_ptr<Tools>& tools, const std::shared_ptr<Job>& job);
  absl::StatusOr<std::string> BeginNew(const ApplyOrder& order);
  absl::Status Resume(const RunSummary& run);
  std::shared_ptr<Tools> ConnectTools(const std::shared_ptr<Job>& job, absl::Status& status) const;
  void Reap();

  const Office& office_;
  mutable Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, AtWork> jobs_ ABSL_GUARDED_BY(mutex_);  // by run
};

}  // namespace rollcall

#endif  // AGENT_DAEMON_RUN_DESK_H_
