#include "clients/jira/jira_access.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/jira/jira_account.h"
#include "clients/jira/jira_errors.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kMostEmails = 10'000;
constexpr char kGroupCure[] =
    "name the groups that give access in `access_groups` of this directory, or give the access in "
    "Atlassian Administration";
constexpr char kTakeCure[] =
    "administrators and the token's own account cannot be taken off a site: take their "
    "administration away first, in Atlassian Administration";

}  // namespace

absl::StatusOr<AccountRecord> JiraAccess::Read(const std::string& account,
                                               const CallContext& context) {
  const std::string what = absl::StrCat("reading account ", ForMessage(account, 80));
  JiraApi::Reply reply = api_.GetUser(account, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return JiraReadFailure(what, ParseJiraError(*reply));
  RETURN_IF_ERROR(RequireJiraJson(what, *reply));
  ASSIGN_OR_RETURN(const JiraRow row, ReadJiraRow(what, JiraRowKind::kUser, reply->body));
  if (row.id != account) {
    return absl::DataLossError(
        absl::StrCat(what, ": the site sent account ", ForMessage(row.id, 80)));
  }
  AccountRecord record;
  record.id = account;
  record.email = row.email;
  record.state = StateOfJiraUser(row);
  const MutexLock lock(mutex_);
  if (emails_.size() >= kMostEmails) emails_.clear();
  emails_[account] = record.email;
  return record;
}

absl::StatusOr<std::string> JiraAccess::EmailOf(const std::string& account,
                                                const CallContext& context) {
  {
    const MutexLock lock(mutex_);
    const auto found = emails_.find(account);
    if (found != emails_.end()) {
      std::string email = std::move(found->second);
      emails_.erase(found);
      return email;
    }
  }
  ASSIGN_OR_RETURN(AccountRecord record, Read(account, context));
  return std::move(record.email);
}

absl::StatusOr<std::string> JiraAccess::GroupId(const std::string& name,
                                                const CallContext& context) {
  {
    const MutexLock lock(mutex_);
    const auto found = group_ids_.find(name);
    if (found != group_ids_.end()) return found->second;
  }
  const std::string what = absl::StrCat("finding the access group ", ForMessage(name, 80));
  JiraApi::Reply reply = api_.FindGroup(name, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return JiraReadFailure(what, ParseJiraError(*reply));
  RETURN_IF_ERROR(RequireJiraJson(what, *reply));
  ASSIGN_OR_RETURN(const JiraPage page, ReadJiraPage(what, JiraRowKind::kGroup, reply->body));
  for (const JiraRow& row : page.rows) {
    if (!FoldedEquals(row.name, name)) continue;
    const MutexLock lock(mutex_);
    group_ids_[name] = row.id;
    return row.id;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(what, ": the site has none of that name; correct `access_groups`"));
}

WriteReply JiraAccess::Give(const std::string& account, const CallContext& context) {
  return options_.groups.empty() ? GiveByAddress(account, context) : GiveByGroups(account, context);
}

// The first that fails ends it: half of the access is not what was wanted, and the next plan sees
// the account as it is.
WriteReply JiraAccess::GiveByGroups(const std::string& account, const CallContext& context) {
  WriteReply reply;
  for (const std::string& name : options_.groups) {
    const absl::StatusOr<std::string> group = GroupId(name, context);
    if (!group.ok()) {
      reply.status = NothingWritten("giving access to the site", group.status());
      return reply;
    }
    const int before = reply.attempts;
    reply = groups_.Change(MembershipAction::kAdd, *group, account, context);
    reply.attempts += before;
    if (!reply.status.ok() && !absl::IsAlreadyExists(reply.status)) return reply;
  }
  reply.status = absl::OkStatus();
  return reply;
}

WriteReply JiraAccess::GiveByAddress(const std::string& account, const CallContext& context) {
  const std::string what = absl::StrCat("giving ", ForMessage(account, 80), " access to the site");
  WriteReply reply;
  const absl::StatusOr<std::string> email = EmailOf(account, context);
  if (!email.ok()) {
    reply.status = NothingWritten(what, email.status());
    return reply;
  }
  if (email->empty()) {
    reply.status = absl::FailedPreconditionError(absl::StrCat(
        what, ": the site hides the account's e-mail, by which it would have to be invited; ",
        kGroupCure));
    return reply;
  }
  const JiraApi::Reply answer = api_.CreateUser(*email, options_.products, context);
  reply.attempts = AttemptsIn(answer);
  if (!answer.ok()) {
    reply.status = WriteTransportFailure(what, answer.status());
    return reply;
  }
  reply.http_status = answer->status;
  if (IsSuccess(answer->status)) {
    reply.status = SeeWhoCame(what, account, *answer);
    return reply;
  }
  const JiraError error = ParseJiraError(*answer);
  reply.status = JiraWriteFailure(what, error);
  if (error.IsManagedElsewhere()) reply.owner = kExternalUserManagement;
  if (answer->status == 400 && !error.IsManagedElsewhere()) {
    reply.status = absl::FailedPreconditionError(
        absl::StrCat(reply.status.message(), "; the account exists without access; ", kGroupCure));
  }
  if (answer->status < 500) return reply;
  // Reported for users who were removed: it may have worked all the same.
  const absl::StatusOr<AccountRecord> after = Read(account, context);
  if (!after.ok()) return reply;
  reply.status = after->state == AccountState::kActive
                     ? absl::OkStatus()
                     : absl::FailedPreconditionError(absl::StrCat(
                           what, ": the site answered ", error.ToString(),
                           ", and the account has no access: a removed user cannot be revived this "
                           "way; ",
                           kGroupCure));
  return reply;
}

// An address may be another account's by now.
absl::Status JiraAccess::SeeWhoCame(const std::string& what, const std::string& account,
                                    const HttpResponse& answer) {
  RETURN_IF_ERROR(JiraWriteSuccess(what, answer));
  std::string body = answer.body;
  const absl::StatusOr<JiraRow> row = ReadJiraRow(what, JiraRowKind::kUser, body);
  if (!row.ok() || row->id == account) return absl::OkStatus();  // reading it will tell
  return absl::FailedPreconditionError(absl::StrCat(
      what, ": the site has given access to account ", ForMessage(row->id, 80),
      " instead, whose e-mail it is now: take that one off the site if it does not belong there; ",
      kGroupCure));
}

// 404 may stand for a right that is missing.
absl::Status JiraAccess::JudgeAbsence(const absl::Status& refusal, const std::string& account,
                                      const CallContext& context) {
  const absl::StatusOr<AccountRecord> now = Read(account, context);
  if (!now.ok()) return refusal;
  if (now->state == AccountState::kInactive) return absl::AlreadyExistsError(refusal.message());
  return absl::PermissionDeniedError(absl::StrCat(
      refusal.message(),
      "; the account is on the site, so the token's account may not take it off: that takes an "
      "administrator of the organisation"));
}

WriteReply JiraAccess::Take(const std::string& account, const CallContext& context) {
  const std::string what = absl::StrCat("taking ", ForMessage(account, 80), " off the site");
  WriteReply reply;
  const JiraApi::Reply answer = api_.DeleteUser(account, context);
  reply.attempts = AttemptsIn(answer);
  if (!answer.ok()) {
    reply.status = WriteTransportFailure(what, answer.status());
    return reply;
  }
  reply.http_status = answer->status;
  if (IsSuccess(answer->status)) {
    reply.status = JiraWriteSuccess(what, *answer);
    return reply;
  }
  const JiraError error = ParseJiraError(*answer);
  absl::Status status = JiraWriteFailure(what, error);
  if (absl::IsNotFound(status)) status = JudgeAbsence(status, account, context);
  if (absl::IsInvalidArgument(status)) {
    status = absl::InvalidArgumentError(absl::StrCat(status.message(), "; ", kTakeCure));
  }
  reply.status = RefusalInDoubt(status, answer->after_doubt);
  if (error.IsManagedElsewhere()) reply.owner = kExternalUserManagement;
  return reply;
}

}  // namespace rollcall
