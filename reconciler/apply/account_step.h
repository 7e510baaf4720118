// AccountStep: one activation or deactivation, from the look before it to its outcome. A straight
// function of at most four sends: read, write, and, where the reply was lost, read and write once
// more. One worker, one thread.
//
// Leaves the change without an outcome only when the run is being stopped, cannot be recorded, or
// hands the change over to its owner's directory (rule R5).
#ifndef RECONCILER_APPLY_ACCOUNT_STEP_H_
#define RECONCILER_APPLY_ACCOUNT_STEP_H_

#include <string>

#include "absl/status/status.h"
#include "reconciler/apply/apply_tools.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/apply/worker_journal.h"
#include "reconciler/plan/plan.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class AccountStep {
 public:
  AccountStep(const ApplyTools& tools, WorkerJournal& journal, const Change& change);
  AccountStep(const AccountStep&) = delete;
  AccountStep& operator=(const AccountStep&) = delete;

  void Run();

 private:
  enum class Next { kSend, kOver };

  Next Look();
  Next LookFailed(const absl::Status& status);
  Next JudgeAccount(const AccountRecord& account);
  // kSend: the reply was lost, and the change may be sent once more.
  Next Send();
  Next JudgeReply(const WriteReply& reply);
  Next SettleRefused(const std::string& message);
  Next JudgeDenied(const WriteReply& reply);
  Next JudgeFailedReply(const absl::Status& status);
  Next ReplyLost(const absl::Status& status);
  bool EffectsHold();
  Next Settle(OutcomeState state, std::string message);
  Next Leave();

  const ApplyTools& tools_;
  WorkerJournal& journal_;
  const Change& change_;
  Outcome outcome_;
  bool resumed_;     // announced before this run
  bool maybe_sent_;  // the effect may be there already
  int sends_ = 0;
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_ACCOUNT_STEP_H_
