// PlanDesk: makes plans for whoever asks the service, beside the asking. A plan has its id, and is
// in the state (PLANNING), before anything is read; what becomes of it is in the state too: a plan
// that cannot be made is FAILED, with a finding `planning_failed` that says why. Thread-safe.
//
//   ASSIGN_OR_RETURN(const std::string id, desk.Begin(order));
//
// RESOURCE_EXHAUSTED: kMostAtOnce are being made. UNAVAILABLE: the desk is closed.
#ifndef AGENT_DAEMON_PLAN_DESK_H_
#define AGENT_DAEMON_PLAN_DESK_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/daemon/office.h"
#include "agent/runs/export_input.h"
#include "agent/store/requester.h"
#include "agent/store/run_lock.h"
#include "reconciler/base/call_context.h"
#include "reconciler/base/mutex.h"
#include "reconciler/plan/explain.h"

namespace rollcall {

struct PlanOrder {
  std::vector<std::string> directories = {};  // ids; empty: all
  // In place of the configured export.
  std::optional<ExportInput::HandedIn> export_files = {};
  // What was handed in counts as the configured export (rule A3).
  bool as_configured_source = false;
  Requester requester = {};
  // Under which the requester asked, empty: none; and what it asked for.
  std::string request_id = {};
  std::string digest = {};
  // Why it cannot be done now, such as an upload that is gone; told only where it was not asked for
  // before: the plan of a request may have used the upload up.
  absl::Status obstacle = {};
  // Called once the export was read, or could not be.
  std::function<void()> release = nullptr;
};

class PlanDesk {
 public:
  static constexpr size_t kMostAtOnce = 4;
  // Where the state cannot be written, that a plan FAILED is written so often, so far apart; after
  // that the next start does (CloseLeftovers).
  static constexpr int kMostSaves = 120;
  static constexpr absl::Duration kSaveRetry = absl::Seconds(30);

  explicit PlanDesk(const Office& office) : office_(office) {}
  // Closes and waits.
  ~PlanDesk();

  // Is what was asked for in order? INVALID_ARGUMENT names what is not.
  absl::Status Check(const PlanOrder& order) const;

  // Checks, gives the plan its id and begins to make it. The id of before, where the same was asked
  // for under the same request id.
  absl::StatusOr<std::string> Begin(const PlanOrder& order);

  // The same on the caller's thread, until it is made; FAILED plans are an error here.
  absl::StatusOr<std::string> MakeNow(const PlanOrder& order, const CallContext& context);

  // Everything about one person. Blocks as long as planning does.
  absl::StatusOr<Explanation> Explain(const std::string& person, const CallContext& context);

  // Plans that a process which is gone was making become FAILED.
  absl::Status CloseLeftovers();

  // Makes no more plans, and stops those that are being made. Returns at once.
  void Close();

 private:
  struct Job {
    std::unique_ptr<RunLock> lock;  // says that somebody is at it
    std::unique_ptr<Runtime::Background> worker;
    bool done = false;
  };

  absl::Status CheckForm(const PlanOrder& order) const;
  absl::Status Make(const std::string& id, const PlanOrder& order, const CallContext& context);
  absl::Status TryMake(const std::string& id, const PlanOrder& order, const CallContext& context);
  absl::Status SaveFailed(const std::string& id, const absl::Status& why);
  void Reap();

  const Office& office_;
  StopFlag stop_;
  Mutex mutex_;
  std::map<std::string, Job> jobs_ ABSL_GUARDED_BY(mutex_);  // by plan
};

}  // namespace rollcall

#endif  // AGENT_DAEMON_PLAN_DESK_H_
