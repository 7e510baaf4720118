// MembershipStep: all additions to one group, or all removals from it. Looks at the group first
// where the snapshot is old or an interrupted run may have sent something, then sends batches of at
// most traits.membership_batch, each announced before it is sent. One worker, one thread.
//
// A batch refused for its content is halved until the culprit stands alone (rule O2), so a batch of
// n costs at most 2n-1 requests. A lost reply costs one look, and one more request for what does
// not show. Changes without an outcome are left only when the run is being stopped, cannot be
// recorded, or hands them over to their owner's directory (rule R5).
#ifndef RECONCILER_APPLY_MEMBERSHIP_STEP_H_
#define RECONCILER_APPLY_MEMBERSHIP_STEP_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "reconciler/apply/apply_tools.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/apply/phases.h"
#include "reconciler/apply/worker_journal.h"
#include "reconciler/plan/plan.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class MembershipStep {
 public:
  // The item has at least one change; all are of one group and one action.
  MembershipStep(const ApplyTools& tools, WorkerJournal& journal, const WorkItem& item);
  MembershipStep(const MembershipStep&) = delete;
  MembershipStep& operator=(const MembershipStep&) = delete;

  void Run();

 private:
  struct Row {
    const Change* change;
    Outcome outcome;
    bool resumed = false;  // announced before this run
  };
  struct Batch {
    std::vector<Row> rows;
    bool looked = false;  // the group was read since the batch was first refused
    bool lost = false;    // a reply for these rows was lost: this is their last request
  };

  std::vector<Row> RowsOf(const WorkItem& item);
  // Rule G3; false: the row is settled.
  bool MayBeAdded(Row& row);
  bool MustLook(const std::vector<Row>& rows) const;
  absl::StatusOr<GroupMembers> Read(const std::vector<Row>& rows);
  // Reads the group and settles what it decides; the rest goes on. nullopt: nothing goes on.
  std::optional<std::vector<Row>> Look(std::vector<Row> rows);
  std::vector<Row> LeaveOutWhatHolds(std::vector<Row> rows, const GroupMembers& group);
  void LookFailed(std::vector<Row>& rows, const absl::Status& status);

  void SendInBatches(std::vector<Row> rows);
  // False: stop, nothing more may be sent.
  bool SendWithHalving(std::vector<Row> rows);
  WriteReply Send(Batch& batch);
  void JudgeReply(Batch batch, const WriteReply& reply);
  void JudgeDenied(Batch& batch, const WriteReply& reply);
  void JudgeRefused(Batch batch, const absl::Status& status);
  void JudgeFailed(Batch& batch, const absl::Status& status);
  void LookAfterLostReply(Batch batch, const absl::Status& status);
  void Halve(Batch batch);
  void LeaveRest();

  void SettleRefused(const Batch& batch, Row& row, const std::string& message);
  void Settle(Row& row, OutcomeState state, std::string message);
  void SettleAll(std::vector<Row>& rows, OutcomeState state, const std::string& message);

  const ApplyTools& tools_;
  WorkerJournal& journal_;
  const WorkItem& item_;
  const Action action_;
  const std::string group_;     // for messages
  std::vector<Batch> batches_;  // announced and still to be sent; the last one comes next
};

}  // namespace rollcall

#endif  // RECONCILER_APPLY_MEMBERSHIP_STEP_H_
