#include "clients/scim/member_removal.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/scim/scim_errors.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr absl::Duration kPause = absl::Seconds(2);  // for a change to show up in reads

// Both sorted.
std::vector<std::string> Both(const std::vector<std::string>& a,
                              const std::vector<std::string>& b) {
  std::vector<std::string> result;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

std::vector<std::string> Without(const std::vector<std::string>& a,
                                 const std::vector<std::string>& b) {
  std::vector<std::string> result;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(result));
  return result;
}

// Refusals that may be about the form of the request. Others are about the key, the state, the
// load.
bool MayBeAboutTheForm(int status) {
  switch (status) {
    case 400:
    case 404:
    case 405:
    case 410:
    case 413:
    case 422:
    case 500:
    case 501:
      return true;
    default:
      return false;
  }
}

std::string What(absl::string_view group_id) {
  return absl::StrCat("removing members of group ", group_id);
}

}  // namespace

absl::StatusOr<GroupRecordRead> FetchGroup(ScimApi& api, GuardedPatch& patch,
                                           const std::string& group_id,
                                           const CallContext& context) {
  const std::string what = absl::StrCat("GET /Groups/", group_id);
  ScimApi::Reply reply = api.Get(ScimResource::kGroups, group_id, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return ReadFailure(what, ParseServerError(*reply));
  RETURN_IF_ERROR(RequireJson(what, *reply));
  patch.Note(ScimResource::kGroups, group_id, *reply);
  absl::StatusOr<GroupRecordRead> read = DecodeGroup(reply->body);
  if (!read.ok()) return Annotate(read.status(), what);
  if (read->group.id != group_id) {
    return absl::DataLossError(
        absl::StrCat(what, ": the server sent group ", ForMessage(read->group.id, 80)));
  }
  return read;
}

WriteReply MemberRemoval::Remove(const std::string& group_id,
                                 absl::Span<const std::string> accounts,
                                 const CallContext& context) {
  Job job{.group_id = group_id,
          .context = context,
          .asked = 0,
          .left = {},
          .before = {},
          .plain_ids = true,
          .said_yes = false,
          .unsupported = false,
          .reply = {}};
  job.left.assign(accounts.begin(), accounts.end());
  std::sort(job.left.begin(), job.left.end());
  job.left.erase(std::unique(job.left.begin(), job.left.end()), job.left.end());
  job.asked = job.left.size();
  for (const std::string& id : job.left) {
    if (id.find_first_of("\"\\") != std::string::npos) job.plain_ids = false;
  }
  if (TryAllForms(job) == Next::kReturn) {
    if (job.said_yes) DoubtRefusal(job);
    return job.reply;
  }
  if (job.said_yes) {
    job.reply.status = absl::UnknownError(absl::StrCat(
        What(group_id), ": the server says yes and still shows ", job.left.size(),
        " of them; no form of removal that it accepts has an effect that can be seen"));
  } else if (job.reply.status.ok()) {
    job.reply.status = absl::FailedPreconditionError(
        absl::StrCat(What(group_id),
                     ": no safe form of removal is left for this server; remove "
                     "them by hand"));
  }
  return job.reply;
}

MemberRemoval::Next MemberRemoval::TryAllForms(Job& job) {
  for (RemovalForm form : memory_.Order()) {
    // What reads do not show may have happened all the same: they may lag, and a PUT of what they
    // show would take out whom somebody else has put in meanwhile.
    if (form == RemovalForm::kPut && job.said_yes) break;
    constexpr int kTries = 2;  // the second for those whom a first try has left
    for (int attempt = 0; attempt < kTries; ++attempt) {
      const Next next = Try(job, form);
      if (next == Next::kReturn) return next;
      if (next == Next::kNextForm) break;
    }
  }
  return Next::kNextForm;
}

void MemberRemoval::DoubtRefusal(Job& job) {
  const absl::Status& status = job.reply.status;
  if (status.ok() || absl::IsUnknown(status) || absl::IsNotFound(status)) return;
  job.reply.status =
      absl::UnknownError(absl::StrCat(status.message(),
                                      "; the server had said yes to another form of the request, "
                                      "which may show late"));
}

MemberRemoval::Next MemberRemoval::Settle(Job& job, absl::Status status) {
  job.reply.status = std::move(status);
  return Next::kReturn;
}

absl::StatusOr<GroupRecordRead> MemberRemoval::ReadBack(const Job& job) {
  return FetchGroup(api_, patch_, job.group_id, job.context);
}

ScimApi::Reply MemberRemoval::Send(Job& job, RemovalForm form) {
  if (form == RemovalForm::kPut) return SendPut(job);
  std::string body = form == RemovalForm::kPathFilter ? EncodeRemoveByFilter(job.left)
                                                      : EncodeRemoveByValue(job.left);
  return patch_.Send(ScimResource::kGroups, job.group_id, body, Idempotency::kIdempotent,
                     job.context);
}

// Reads the group anew, since what is not in the PUT is lost.
ScimApi::Reply MemberRemoval::SendPut(Job& job) {
  ScimApi::Reply read = api_.Get(ScimResource::kGroups, job.group_id, job.context);
  if (!read.ok() || !IsSuccess(read->status)) {
    if (read.ok()) read->attempts = 0;
    return read;
  }
  ASSIGN_OR_RETURN(ServiceConfig config, discovery_.Get(job.context));
  const std::string etag = config.etag.value_or(false) ? EtagOf(*read) : "";
  std::string copy = read->body;
  ASSIGN_OR_RETURN(GroupRecordRead before, DecodeGroup(copy));
  ASSIGN_OR_RETURN(std::string body, EncodeGroupWithout(read->body, job.left));
  job.before = std::move(before);
  return api_.PutGroup(job.group_id, std::move(body), etag, job.context);
}

MemberRemoval::Next MemberRemoval::Try(Job& job, RemovalForm form) {
  const bool proven = memory_.proven() == form && job.plain_ids;
  if (form == RemovalForm::kValueArray && !proven) {
    // Who was there before must be known, in case the server empties the group.
    if (!job.before.has_value()) {
      absl::StatusOr<GroupRecordRead> before = ReadBack(job);
      if (!before.ok()) return Settle(job, before.status());
      job.before = *std::move(before);
    }
    // Nested groups could not be put back.
    if (job.before->nested) return Next::kNextForm;
  }
  ScimApi::Reply answer = Send(job, form);
  job.reply.attempts += AttemptsIn(answer);
  if (!answer.ok()) return Settle(job, WriteTransportFailure(What(job.group_id), answer.status()));
  job.reply.http_status = answer->status;
  const ServerError error = IsSuccess(answer->status) ? ServerError{answer->status, "", "", ""}
                                                      : ParseServerError(*answer);
  if (IsSuccess(answer->status) && proven) {
    memory_.Watch(job.group_id, job.left);
    return Settle(job, absl::OkStatus());
  }
  if (!IsSuccess(answer->status)) {
    job.reply.status = RefusalInDoubt(WriteFailure(What(job.group_id), error), answer->after_doubt);
    if (!MayBeAboutTheForm(answer->status)) return Next::kReturn;
    if (answer->status == 405 || answer->status == 501) job.unsupported = true;
  }
  return JudgeByReading(job, form, proven, error);
}

absl::Status MemberRemoval::WaitForEffect(const Job& job, GroupRecordRead& after) {
  RETURN_IF_ERROR(runtime_.SleepUntil(runtime_.Now() + kPause, job.context));
  ASSIGN_OR_RETURN(after, ReadBack(job));
  return absl::OkStatus();
}

MemberRemoval::Next MemberRemoval::JudgeByReading(Job& job, RemovalForm form, bool proven,
                                                  const ServerError& answer) {
  const bool yes = IsSuccess(answer.status);
  absl::StatusOr<GroupRecordRead> after = ReadBack(job);
  if (after.ok() && yes && Both(job.left, after->group.members) == job.left) {
    absl::Status waited = WaitForEffect(job, *after);
    if (!waited.ok()) after = waited;
  }
  if (absl::IsNotFound(after.status())) return Settle(job, after.status());
  if (!after.ok()) {
    return Settle(job, absl::UnknownError(absl::StrCat(
                           What(job.group_id), ": sent, but the group cannot be read back: ",
                           after.status().message())));
  }
  const std::vector<std::string> still = Both(job.left, after->group.members);
  if (form != RemovalForm::kPathFilter && job.before.has_value() && after->group.members.empty()) {
    const std::vector<std::string> lost = Without(job.before->group.members, job.left);
    if (!lost.empty()) return PutBack(job, form, lost);
  }
  if (still.empty()) return Finish(job, form);
  const bool progress = still.size() < job.left.size();
  job.left = still;
  job.before = *std::move(after);
  // Also where some are gone: those who are still shown may be shown late.
  if (yes) job.said_yes = true;
  if (progress) return Next::kSameForm;
  // A batch that is refused because of one member: the caller halves it.
  const bool about_a_member = proven || answer.status == 404 || answer.status == 413;
  if (!yes && about_a_member && job.asked > 1) {
    return Settle(job, absl::InvalidArgumentError(job.reply.status.message()));
  }
  return Next::kNextForm;
}

MemberRemoval::Next MemberRemoval::Finish(Job& job, RemovalForm form) {
  // PUT after refusals of a whole batch may owe its turn to one odd member, not to the server.
  const bool sure = form != RemovalForm::kPut || job.asked == 1 || job.unsupported;
  if (job.plain_ids) {
    memory_.Prove(form,
                  sure ? RemovalMemory::Lasting::kStored : RemovalMemory::Lasting::kThisProcess);
  }
  return Settle(job, absl::OkStatus());
}

MemberRemoval::Next MemberRemoval::PutBack(Job& job, RemovalForm form,
                                           const std::vector<std::string>& lost) {
  memory_.MarkWiping(form);
  // Not to be interrupted: these people have lost their access by our doing.
  const CallContext context;
  for (size_t from = 0; from < lost.size(); from += static_cast<size_t>(batch_)) {
    const size_t size = std::min(lost.size() - from, static_cast<size_t>(batch_));
    const auto part = absl::MakeConstSpan(lost).subspan(from, size);
    ScimApi::Reply reply = patch_.Send(ScimResource::kGroups, job.group_id, EncodeAddMembers(part),
                                       Idempotency::kNotIdempotent, context);
    job.reply.attempts += AttemptsIn(reply);
  }
  absl::StatusOr<GroupRecordRead> now = FetchGroup(api_, patch_, job.group_id, context);
  const size_t missing = now.ok() ? Without(lost, now->group.members).size() : lost.size();
  if (missing > 0) {
    return Settle(job, absl::UnknownError(absl::StrCat(
                           What(job.group_id), ": the server emptied the whole group (form ",
                           RemovalFormName(form), "), and ", missing, " of ", lost.size(),
                           " others could not be put back for certain; plan again at once")));
  }
  return Settle(job, absl::OkStatus());
}

}  // namespace rollcall
