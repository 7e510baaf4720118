#include "clients/atlassian/org_account_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/atlassian/org_errors.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kAdminCure[] =
    "if the account administers the organisation, take that role away first: Atlassian refuses to "
    "suspend or restore an administrator";

// The later, the worse: what the executor must not take for less.
int Badness(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kAlreadyExists:
      return 0;
    case absl::StatusCode::kOk:
      return 1;
    case absl::StatusCode::kCancelled:
      return 2;
    case absl::StatusCode::kNotFound:
      return 3;
    case absl::StatusCode::kUnavailable:
      return 5;
    case absl::StatusCode::kUnauthenticated:
      return 6;
    case absl::StatusCode::kUnknown:
      return 7;
    default:
      return 4;
  }
}

}  // namespace

absl::StatusOr<OrgAccountWriter::Look> OrgAccountWriter::LookAt(const std::string& account,
                                                                const CallContext& context) {
  if (account.empty()) return absl::InvalidArgumentError("an account without an id");
  Look look;
  ASSIGN_OR_RETURN(look.directories, accounts_.Directories(context));
  if (std::optional<OrgStanding> fresh = book_.FindFresh(account, runtime_.Now())) {
    look.standing = *std::move(fresh);
  } else {
    ASSIGN_OR_RETURN(const OrgAccount read, accounts_.Read(account, OrgDepth::kPlaces, context));
    look.standing = read.standing;
  }
  // Places are numbers in that list: somebody else may have read another one meanwhile.
  ASSIGN_OR_RETURN(const OrgDirectories now, accounts_.Directories(context));
  const size_t known = now.ids.size();
  const bool fits = std::all_of(look.standing.places.begin(), look.standing.places.end(),
                                [&](const OrgPlace& place) { return place.directory < known; });
  if (fits && now.ids == look.directories.ids) return look;
  return absl::UnavailableError("the organisation's directories changed meanwhile; try again");
}

std::optional<OrgAccountWriter::Look> OrgAccountWriter::Begin(Job& job) {
  absl::StatusOr<Look> look = LookAt(job.account, job.context);
  if (!look.ok()) {
    job.reply.status = NothingWritten(job.what, look.status());
    return std::nullopt;
  }
  if (look->standing.untouchable) {
    job.reply.status = absl::FailedPreconditionError(absl::StrCat(
        job.what, ": it is closed, about to be deleted, no person's, or not understood (rule A5)"));
    return std::nullopt;
  }
  book_.Forget(job.account);
  return *std::move(look);
}

WriteReply OrgAccountWriter::Deactivate(const std::string& account, const CallContext& context) {
  Job job{account, context, absl::StrCat("deactivating account ", ForMessage(account, 80)), {}, {},
          {},      {}};
  const std::optional<Look> look = Begin(job);
  if (!look.has_value()) return job.reply;
  if (!GoesByDirectory(look->standing, accounts_.scope().way)) {
    if (look->standing.account_active) Take(job, Step::kDisable, "");
  } else {
    TakeEach(job, *look, OrgMembership::kActive, Step::kSuspend);
  }
  return Conclude(job);
}

WriteReply OrgAccountWriter::Activate(const std::string& account, const CallContext& context) {
  Job job{account, context, absl::StrCat("activating account ", ForMessage(account, 80)), {}, {},
          {},      {}};
  const std::optional<Look> look = Begin(job);
  if (!look.has_value()) return job.reply;
  if (!look->standing.account_active) Take(job, Step::kEnable, "");
  // Its directories only once the account is on: restoring costs licences.
  if (job.failed.empty()) TakeEach(job, *look, OrgMembership::kSuspended, Step::kRestore);
  return Conclude(job);
}

void OrgAccountWriter::TakeEach(Job& job, const Look& look, OrgMembership from, Step step) {
  for (const OrgPlace& place : look.standing.places) {
    if (place.status == from) Take(job, step, look.directories.ids[place.directory]);
  }
}

OrgApi::Reply OrgAccountWriter::Send(const Job& job, Step step, const std::string& directory) {
  switch (step) {
    case Step::kDisable:
      return api_.Disable(job.account, job.context);
    case Step::kEnable:
      return api_.Enable(job.account, job.context);
    case Step::kSuspend:
      return api_.Suspend(directory, job.account, job.context);
    case Step::kRestore:
      break;
  }
  return api_.Restore(directory, job.account, job.context);
}

void OrgAccountWriter::Take(Job& job, Step step, const std::string& directory) {
  const bool by_directory = step == Step::kSuspend || step == Step::kRestore;
  const std::string where = by_directory
                                ? absl::StrCat(step == Step::kSuspend ? "suspended" : "restored",
                                               " in directory ", ForMessage(directory, 80))
                                : std::string(step == Step::kDisable ? "disabled" : "enabled");
  const OrgApi::Reply answer = Send(job, step, directory);
  job.reply.attempts += AttemptsIn(answer);
  absl::Status status;
  std::string owner;
  if (!answer.ok()) {
    status = WriteTransportFailure(job.what, answer.status());
  } else {
    job.reply.http_status = answer->status;
    if (!IsSuccess(answer->status)) status = Judge(job, step, directory, *answer, &owner);
  }
  if (!owner.empty()) job.reply.owner = owner;
  if (by_directory && absl::IsNotFound(status)) {
    // It may belong to the others all the same.
    job.absent = status;
    return;
  }
  if (status.ok() || absl::IsAlreadyExists(status)) {
    job.done.push_back(where);
  } else {
    job.failed.push_back(absl::StrCat("not ", where, ": ", status.message()));
  }
  const bool first = job.done.size() + job.failed.size() == 1;
  if (first || Badness(status) > Badness(job.reply.status)) job.reply.status = status;
}

absl::Status OrgAccountWriter::Judge(const Job& job, Step step, const std::string& directory,
                                     const HttpResponse& answer, std::string* owner) {
  const OrgError error = ParseOrgError(answer);
  absl::Status status = OrgWriteFailure(job.what, error);
  if (absl::IsPermissionDenied(status)) *owner = error.reason;
  const bool doubtful =
      !error.IsLicenceLimit() && (error.status == 400 || error.status == 409 || error.IsNotFound());
  if (doubtful && IsSo(job, step, directory)) {
    // After a repetition it was our own first attempt, most likely.
    if (answer.attempts > 1) return absl::OkStatus();
    return absl::AlreadyExistsError(
        absl::StrCat(job.what, ": it was so already (the server answered ", error.ToString(), ")"));
  }
  const bool by_directory = step == Step::kSuspend || step == Step::kRestore;
  if (by_directory && error.status == 400 && !error.IsLicenceLimit()) {
    status = absl::FailedPreconditionError(absl::StrCat(status.message(), "; ", kAdminCure));
  }
  return RefusalInDoubt(status, answer.after_doubt);
}

bool OrgAccountWriter::IsSo(const Job& job, Step step, const std::string& directory) {
  const absl::StatusOr<OrgDirectories> directories = accounts_.Directories(job.context);
  const absl::StatusOr<OrgAccount> now =
      accounts_.Read(job.account, OrgDepth::kPlaces, job.context);
  book_.Forget(job.account);
  if (!now.ok() || !directories.ok()) return false;
  if (step == Step::kDisable) return !now->standing.account_active;
  if (step == Step::kEnable) return now->standing.account_active;
  OrgMembership status = OrgMembership::kNone;
  for (const OrgPlace& place : now->standing.places) {
    if (place.directory < directories->ids.size() &&
        directories->ids[place.directory] == directory) {
      status = place.status;
    }
  }
  // Who has left the directory has nothing to lose there, and nothing to get back.
  return status != (step == Step::kSuspend ? OrgMembership::kActive : OrgMembership::kSuspended);
}

WriteReply OrgAccountWriter::Conclude(Job& job) {
  WriteReply& reply = job.reply;
  if (job.failed.empty()) {
    if (job.done.empty() && !job.absent.ok()) {
      reply.status = job.absent;
    } else if (job.done.empty()) {
      reply.status = absl::AlreadyExistsError(absl::StrCat(job.what, ": it was so already"));
    }
    return reply;
  }
  if (job.done.empty() && job.failed.size() == 1) return reply;
  std::string text = absl::StrCat(job.what, ": done in part: ", absl::StrJoin(job.failed, "; "));
  if (!job.done.empty()) absl::StrAppend(&text, "; ", absl::StrJoin(job.done, ", "));
  reply.status = absl::Status(reply.status.code(), text);
  return reply;
}

}  // namespace rollcall
