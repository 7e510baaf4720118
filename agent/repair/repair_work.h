// RepairWork: sees what is wrong with the links between accounts and SCIM records, says which steps
// lead out of it, and does one of them at a time when it is told to. Looking sends reads only.
// Prints nothing and asks nobody. For one command; one thread; a call blocks.
//
//   RepairWork work(ports);
//   ASSIGN_OR_RETURN(RepairView view, work.LookToUnlink("aa-1", {"9f…", "u-1"}, context));
//   RETURN_IF_ERROR(work.Do(view.steps[0], "ticket 17", context));
//
// Errors carry their exit code (refusal.h): 6 what could not be read; 3 accounts that `protected`,
// `self` or `apply: false` keep from everybody; 5 it is no longer as it was shown; 1 everything
// else that stands in the way, an answer of the server among them.
#ifndef AGENT_REPAIR_REPAIR_WORK_H_
#define AGENT_REPAIR_REPAIR_WORK_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/repair/estate.h"
#include "agent/repair/repair_view.h"
#include "agent/runs/planning.h"
#include "agent/store/run_lock.h"
#include "agent/store/store.h"
#include "reconciler/base/call_context.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/runtime.h"
#include "reconciler/ports/scim_links.h"

namespace rollcall {

struct RepairPorts {
  const Spec& spec;
  Store& store;
  Runtime& runtime;
  Planning& planning;
  ScimLinkDesk& links;
  std::string organisation;  // the directory's id
  std::map<std::string, DirectoryReader*> readers;
  // What the organisation calls a configured SCIM directory, where its address says it.
  std::map<std::string, std::string> scim_ids;
  // The configured export, for who is who. Called once, and not to list.
  std::function<absl::StatusOr<Export>()> read_export;
};

class RepairWork {
 public:
  // So long an effect may take to show; waits double from kFirstWait on.
  static constexpr absl::Duration kFirstWait = absl::Seconds(1);
  static constexpr int kMostReads = 5;

  explicit RepairWork(RepairPorts ports) : ports_(std::move(ports)) {}

  // An account's id or an e-mail address: its records and whom they own.
  absl::StatusOr<RepairView> List(const std::string& query, const CallContext& context);

  // `link` without its account.
  absl::StatusOr<RepairView> LookToUnlink(const std::string& account, ScimLink link,
                                          const CallContext& context);
  absl::StatusOr<RepairView> LookToDelete(const std::string& account, const CallContext& context);
  absl::StatusOr<RepairView> LookAtEmailChange(const std::string& old_email,
                                               const std::string& new_email,
                                               const CallContext& context);

  // Gives an outcome to what was interrupted, by reading. Without any it reads nothing.
  absl::Status SettleInterrupted(const CallContext& context);

  // One request, and what is seen afterwards: the step's outcome and message. No run works on the
  // organisation or its SCIM directories meanwhile. It sends nothing where the links are no longer
  // what the step says.
  absl::Status Do(RepairStep& step, const std::string& reason, const CallContext& context);

 private:
  absl::StatusOr<std::vector<ScimLink>> LinksOf(const std::string& account,
                                                const CallContext& context);
  // Of accounts that records of an address own; what is not shown is a note.
  absl::Status ListOwned(const std::string& account, std::vector<ScimLink>& links, RepairView& view,
                         const CallContext& context);
  absl::StatusOr<SeenAccount> ReadAccount(const std::string& account, const CallContext& context);
  absl::Status See(const CallContext& context, absl::FunctionRef<absl::Status(const Estate&)> look);
  absl::StatusOr<SeenAccount> FindIn(const Estate& estate, const std::string& account) const;
  // Fills in what configured directories know of the records.
  absl::StatusOr<std::vector<SeenRecord>> Describe(const std::vector<ScimLink>& links,
                                                   const CallContext& context);
  absl::Status DescribeOne(SeenRecord& record, const CallContext& context);
  absl::StatusOr<std::string> LossesOf(const SeenRecord& record, const CallContext& context);
  absl::StatusOr<bool> IsUnlinked(const SeenAccount& account, const ScimLink& link,
                                  const CallContext& context);
  absl::Status FindEmailChange(const Estate& estate, const std::string& old_email,
                               const std::string& new_email, RepairView& view,
                               const CallContext& context);

  absl::StatusOr<std::unique_ptr<RunLock>> Lock() const;
  // True: there is nothing left to send.
  absl::StatusOr<bool> IsDone(const RepairStep& step, const CallContext& context);
  // Does a configured SCIM directory still have one of the records, naming the account?
  absl::StatusOr<bool> IsRecordLeft(const RepairStep& step, const CallContext& context);
  // What is to be told where the account itself is no longer as it was, which no repair should do.
  std::string ChangeOfAccount(const RepairStep& step, const CallContext& context);
  absl::Status SettleOne(const RepairRecord& repair, const CallContext& context);
  absl::StatusOr<bool> SeeDone(const RepairStep& step, const CallContext& context);
  absl::Status JudgeReply(const WriteReply& reply, int64_t number, RepairStep& step,
                          const CallContext& context);

  const RepairPorts ports_;
};

}  // namespace rollcall

#endif  // AGENT_REPAIR_REPAIR_WORK_H_
