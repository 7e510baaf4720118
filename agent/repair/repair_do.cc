// RepairWork, what it sends, and what it sees afterwards.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/render/wording.h"
#include "agent/repair/repair_steps.h"
#include "agent/repair/repair_work.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

RepairStep StepOf(const RepairRecord& repair) {
  RepairStep step;
  step.account = repair.account;
  step.kind = RepairStep::Kind::kDeleteRecords;
  if (repair.action == RepairAction::kUnlink) {
    step.kind = RepairStep::Kind::kUnlink;
    step.links = {{repair.scim_directory, repair.record, repair.account}};
  }
  return step;
}

RepairRecord RecordOf(const RepairStep& step, const std::string& organisation,
                      const std::string& reason, absl::Time now) {
  RepairRecord repair;
  repair.time = now;
  repair.organisation = organisation;
  repair.account = step.account;
  repair.reason = reason;
  if (step.kind == RepairStep::Kind::kUnlink) {
    repair.action = RepairAction::kUnlink;
    repair.scim_directory = step.links[0].directory;
    repair.record = step.links[0].record;
  } else {
    repair.action = RepairAction::kDeleteRecords;
  }
  return repair;
}

// What the server says may be true or not: only reading tells.
bool MustBeRead(const absl::Status& status) {
  return status.ok() || absl::IsNotFound(status) || absl::IsUnknown(status);
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunLock>> RepairWork::Lock() const {
  std::vector<std::string> directories = {ports_.organisation};
  for (const DirectorySpec& spec : ports_.spec.directories) {
    if (spec.provisions == ports_.organisation) directories.push_back(spec.id);
  }
  return RunLock::Acquire(ports_.store.file(), "a repair of SCIM links", std::move(directories));
}

absl::StatusOr<bool> RepairWork::IsDone(const RepairStep& step, const CallContext& context) {
  absl::StatusOr<std::vector<ScimLink>> links = ports_.links.OfAccount(step.account, context);
  if (!links.ok()) return WithExitCode(ExitCode::kUnreadable, links.status());
  if (step.kind == RepairStep::Kind::kDeleteRecords) {
    if (!links->empty()) return false;
    ASSIGN_OR_RETURN(const bool left, IsRecordLeft(step, context));
    return !left;
  }
  return std::find(links->begin(), links->end(), step.links[0]) == links->end();
}

absl::StatusOr<bool> RepairWork::IsRecordLeft(const RepairStep& step, const CallContext& context) {
  for (const ScimLink& link : step.links) {
    for (const DirectorySpec& spec : ports_.spec.directories) {
      if (spec.provisions != ports_.organisation) continue;
      const absl::StatusOr<AccountRecord> read =
          ports_.readers.at(spec.id)->ReadAccount(link.record, context);
      if (read.ok() && read->linked_account == step.account) return true;
      if (read.ok() || absl::IsNotFound(read.status())) continue;
      return WithExitCode(ExitCode::kUnreadable, Annotate(read.status(), spec.id));
    }
  }
  return false;
}

std::string RepairWork::ChangeOfAccount(const RepairStep& step, const CallContext& context) {
  if (!step.state.has_value()) return "";
  const absl::StatusOr<AccountRecord> read =
      ports_.readers.at(ports_.organisation)->ReadAccount(step.account, context);
  if (!read.ok()) {
    return absl::StrCat("; the account itself could not be looked at: ",
                        std::string(read.status().message()));
  }
  if (read->state == *step.state) return "";
  return absl::StrCat("; the account was ", InWords(*step.state), " and is ", InWords(read->state),
                      " now: look at it");
}

absl::StatusOr<bool> RepairWork::SeeDone(const RepairStep& step, const CallContext& context) {
  absl::Duration wait = kFirstWait;
  for (int read = 1;; ++read, wait *= 2) {
    ASSIGN_OR_RETURN(const bool done, IsDone(step, context));
    if (done || read == kMostReads) return done;
    RETURN_IF_ERROR(ports_.runtime.SleepUntil(ports_.runtime.Now() + wait, context));
  }
}

absl::Status RepairWork::SettleInterrupted(const CallContext& context) {
  ASSIGN_OR_RETURN(std::vector<RepairRecord> repairs, ports_.store.repairs().List());
  std::erase_if(repairs, [this](const RepairRecord& repair) {
    return repair.ended.has_value() || repair.organisation != ports_.organisation;
  });
  if (repairs.empty()) return absl::OkStatus();
  // Who is at work holds the lock; whatever is open under ours was interrupted.
  ASSIGN_OR_RETURN(const std::unique_ptr<RunLock> lock, Lock());
  for (const RepairRecord& repair : repairs) RETURN_IF_ERROR(SettleOne(repair, context));
  return absl::OkStatus();
}

absl::Status RepairWork::SettleOne(const RepairRecord& repair, const CallContext& context) {
  const absl::StatusOr<bool> done = IsDone(StepOf(repair), context);
  const bool gone = absl::IsNotFound(done.status());
  if (!done.ok() && !gone) return done.status();
  const char* message = gone    ? "interrupted; the organisation no longer shows the account"
                        : *done ? "interrupted; seen to have worked, later"
                                : "interrupted; not seen to have worked";
  const absl::Status ended = ports_.store.repairs().End(
      repair.number, !gone && *done ? RepairOutcome::kDone : RepairOutcome::kNotSeen, message,
      ports_.runtime.Now());
  // Not found: somebody else settled it before we had the lock.
  return absl::IsNotFound(ended) ? absl::OkStatus() : ended;
}

absl::Status RepairWork::Do(RepairStep& step, const std::string& reason,
                            const CallContext& context) {
  if (!step.IsSent()) return absl::InternalError("a step by hand is not for Rollcall to do");
  ASSIGN_OR_RETURN(const std::unique_ptr<RunLock> lock, Lock());
  ASSIGN_OR_RETURN(std::vector<ScimLink> links, LinksOf(step.account, context));
  const std::set<ScimLink> shown(step.links.begin(), step.links.end());
  if (step.kind == RepairStep::Kind::kUnlink) {
    std::erase_if(links, [&](const ScimLink& link) { return !shown.contains(link); });
  }
  if (links.empty()) {
    step.outcome = RepairOutcome::kDone;
    step.message = "it was so already; nothing was sent";
    return absl::OkStatus();
  }
  if (std::set<ScimLink>(links.begin(), links.end()) != shown) {
    return Refuse(ExitCode::kStale,
                  absl::StrCat("the links of account ", step.account,
                               " are no longer what was shown; nothing was sent. Run the same "
                               "command again, and look at what it would do now"));
  }
  ASSIGN_OR_RETURN(const SeenAccount account, ReadAccount(step.account, context));
  step.state = account.state;
  ASSIGN_OR_RETURN(const int64_t number,
                   ports_.store.repairs().Begin(
                       RecordOf(step, ports_.organisation, reason, ports_.runtime.Now())));
  const WriteReply reply = step.kind == RepairStep::Kind::kUnlink
                               ? ports_.links.Unlink(step.links[0], context)
                               : ports_.links.DeleteRecords(step.account, context);
  return JudgeReply(reply, number, step, context);
}

absl::Status RepairWork::JudgeReply(const WriteReply& reply, int64_t number, RepairStep& step,
                                    const CallContext& context) {
  const std::string said = std::string(reply.status.message());
  if (!MustBeRead(reply.status)) {
    step.outcome = RepairOutcome::kRefused;
    step.message = said;
    RETURN_IF_ERROR(
        ports_.store.repairs().End(number, RepairOutcome::kRefused, said, ports_.runtime.Now()));
    return WithExitCode(absl::IsCancelled(reply.status) ? ExitCode::kPartial : ExitCode::kFailure,
                        reply.status);
  }
  const absl::StatusOr<bool> done = SeeDone(step, context);
  if (!done.ok()) {
    // It stays open: the next repair that is applied reads it, and says what came of it.
    step.outcome = RepairOutcome::kOpen;
    step.message = absl::StrCat("sent, and what came of it could not be read: ",
                                std::string(done.status().message()));
    return WithExitCode(
        absl::IsCancelled(done.status()) ? ExitCode::kPartial : ExitCode::kUnreadable,
        absl::Status(done.status().code(), step.message));
  }
  step.outcome = *done ? RepairOutcome::kDone : RepairOutcome::kNotSeen;
  step.message = *done               ? absl::StrCat("seen: ", step.seen_by)
                 : reply.status.ok() ? absl::StrCat("the server answered ", reply.http_status,
                                                    ", and it is not seen to have worked")
                                     : absl::StrCat("not seen to have worked: ", said);
  if (*done) absl::StrAppend(&step.message, ChangeOfAccount(step, context));
  return ports_.store.repairs().End(number, *step.outcome, step.message, ports_.runtime.Now());
}

}  // namespace rollcall
