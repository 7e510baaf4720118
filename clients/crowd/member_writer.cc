#include "clients/crowd/member_writer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"

namespace rollcall {
namespace {

// The object of the URL is missing with 404, the one of the body with 400, by the same reason.
bool IsMissing(const CrowdError& error, absl::string_view reason) {
  return (error.status == 404 || error.status == 400) && error.Says(reason);
}

absl::Status JudgeMember(MembershipAction action, const std::string& what, const CrowdError& error,
                         const HttpResponse& answer) {
  const bool adding = action == MembershipAction::kAdd;
  const std::string text = absl::StrCat(what, ": the server answered ", error.ToString());
  const bool was_so = adding ? error.Says("MEMBERSHIP_ALREADY_EXISTS") || error.status == 409
                             : error.Says("MEMBERSHIP_NOT_FOUND") && error.status == 404;
  if (was_so) {
    // After a repetition nobody knows whose doing it was; it was ours to do.
    if (answer.attempts > 1) return absl::OkStatus();
    return adding ? absl::AlreadyExistsError(text) : absl::NotFoundError(text);
  }
  if (IsMissing(error, "USER_NOT_FOUND") || IsMissing(error, "GROUP_NOT_FOUND")) {
    return absl::NotFoundError(text);
  }
  return RefusalInDoubt(CrowdWriteFailure(what, error), answer.after_doubt);
}

}  // namespace

WriteReply CrowdMemberWriter::Change(MembershipAction action, const std::string& group,
                                     const std::string& account, const CallContext& context) {
  const bool adding = action == MembershipAction::kAdd;
  const std::string what =
      absl::StrCat(adding ? "adding " : "removing ", ForMessage(account, 80),
                   adding ? " to group " : " from group ", ForMessage(group, 80));
  WriteReply reply;
  absl::StatusOr<std::string> name = users_.NameOf(account, context);
  while (true) {  // at most twice: a name that was just read is not looked up again
    if (!name.ok()) {
      reply.status = NothingWritten(what, name.status());
      return reply;
    }
    const CrowdApi::Reply answer =
        adding ? api_.AddMember(group, *name, context) : api_.RemoveMember(group, *name, context);
    const bool renamed_already = reply.attempts > 0;
    reply.attempts += AttemptsIn(answer);
    if (!answer.ok()) {
      reply.status = WriteTransportFailure(what, answer.status());
      return reply;
    }
    reply.http_status = answer->status;
    reply.status = absl::OkStatus();
    if (IsSuccess(answer->status)) return reply;
    const CrowdError error = ParseCrowdError(*answer);
    reply.status = JudgeMember(action, what, error, *answer);
    if (renamed_already || !IsMissing(error, "USER_NOT_FOUND")) return reply;
    absl::StatusOr<CrowdUser> user = users_.Read(account, context);
    if (user.ok() && user->name == *name) return reply;
    name = user.ok() ? absl::StatusOr<std::string>(user->name) : user.status();
  }
}

}  // namespace rollcall
