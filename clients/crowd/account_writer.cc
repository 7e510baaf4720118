#include "clients/crowd/account_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"

namespace rollcall {
namespace {

bool SameButForActive(const CrowdUser& a, const CrowdUser& b) {
  const FieldDifferences differences = CompareFields(a, b);
  return differences.filled.empty() && differences.changed.empty();
}

std::string NoteOf(const FieldDifferences& differences) {
  std::string note;
  if (!differences.filled.empty()) {
    note = absl::StrCat("could not be kept blank, Crowd fills it by itself: ",
                        absl::StrJoin(differences.filled, ", "));
  }
  if (!differences.changed.empty()) {
    absl::StrAppend(&note, note.empty() ? "" : "; ",
                    "reads otherwise than it was written, somebody else or Crowd changed it: ",
                    absl::StrJoin(differences.changed, ", "));
  }
  return note;
}

}  // namespace

WriteReply CrowdAccountWriter::SetActive(const std::string& account, bool active,
                                         const CallContext& context) {
  Job job{account,
          active,
          context,
          absl::StrCat(active ? "activating" : "deactivating", " user ", ForMessage(account, 80)),
          {},
          {},
          {},
          {}};
  // Before the read: what comes after it must not be missed.
  if (!account.empty()) job.watched.token = feed_.Begin(context);
  absl::StatusOr<CrowdUser> user = users_.Read(account, context);
  if (!user.ok()) {
    job.reply.status = NothingWritten(job.what, user.status());
    return job.reply;
  }
  if (user->active == active) {
    job.reply.status = absl::AlreadyExistsError(absl::StrCat(job.what, ": it is so already"));
    return job.reply;
  }
  job.watched.base = *user;
  bool unmoved = false;
  for (int write = 1; write <= kMaxWrites && !unmoved; ++write) {
    if (!Write(job, *user)) return job.reply;
    user = ReadBack(job);
    if (!user.ok()) return job.reply;
    if (user->active == active) {
      Conclude(job, *user);
      return job.reply;
    }
    unmoved = job.answer.ok() && SameButForActive(job.sent, *user);
  }
  GiveUp(job, unmoved);
  return job.reply;
}

bool CrowdAccountWriter::Write(Job& job, const CrowdUser& base) {
  job.sent = base;
  job.sent.active = job.active;
  const CrowdApi::Reply answer = api_.PutUser(base.name, EncodeCrowdUser(job.sent), job.context);
  job.reply.attempts += AttemptsIn(answer);
  if (answer.ok()) job.reply.http_status = answer->status;
  if (!answer.ok()) {
    job.answer = WriteTransportFailure(job.what, answer.status());
  } else if (!IsSuccess(answer->status)) {
    job.answer =
        RefusalInDoubt(CrowdWriteFailure(job.what, ParseCrowdError(*answer)), answer->after_doubt);
  } else {
    job.answer = absl::OkStatus();
  }
  if (job.answer.ok() || absl::IsUnknown(job.answer)) {
    job.watched.sent.push_back(job.sent);
    return true;
  }
  // What an earlier write has done may show later than this refusal.
  job.reply.status = job.watched.sent.empty()
                         ? job.answer
                         : absl::UnknownError(absl::StrCat(
                               "an earlier write may have had its effect; ", job.answer.message()));
  return false;
}

absl::StatusOr<CrowdUser> CrowdAccountWriter::ReadBack(Job& job) {
  absl::StatusOr<CrowdUser> user = users_.Read(job.account, job.context);
  const bool unmoved = user.ok() && job.answer.ok() && user->active != job.active &&
                       SameButForActive(job.sent, *user);
  if (unmoved && runtime_.SleepUntil(runtime_.Now() + kPause, job.context).ok()) {
    user = users_.Read(job.account, job.context);
  }
  if (user.ok()) return user;
  job.reply.status = job.answer;
  if (job.answer.ok()) {
    job.reply.note =
        absl::StrCat("written, and not read back to see whether the other fields hold: ",
                     user.status().message());
  }
  return user;
}

void CrowdAccountWriter::Conclude(Job& job, const CrowdUser& after) {
  job.reply.status = absl::OkStatus();
  job.reply.note = NoteOf(CompareFields(job.sent, after));
  AskTheFeed(job, after);
}

void CrowdAccountWriter::GiveUp(Job& job, bool unmoved) {
  if (!job.answer.ok()) {
    job.reply.status = job.answer;
  } else if (!unmoved) {
    job.reply.status = absl::FailedPreconditionError(
        absl::StrCat(job.what,
                     ": somebody else writes this user at the same time and sets it back; "
                     "find out who, and plan again"));
  } else {
    job.reply.status = absl::OkStatus();
    job.reply.note =
        "Crowd says that it is done, and does not show it yet: if that stays so, another directory "
        "behind the application masks this one, or cannot be written; change the user where it "
        "lives, or the order of the directories";
    AskTheFeed(job, job.sent);
  }
}

void CrowdAccountWriter::AskTheFeed(Job& job, const CrowdUser& after) {
  job.watched.after = after;
  const std::string told = feed_.Look(job.watched, job.context);
  if (told.empty()) return;
  absl::StrAppend(&job.reply.note, job.reply.note.empty() ? "" : "; ", told);
}

}  // namespace rollcall
