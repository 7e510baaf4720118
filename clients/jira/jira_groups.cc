#include "clients/jira/jira_groups.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"
#include "clients/jira/jira_caller.h"
#include "clients/jira/jira_errors.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr int64_t kUnknownPages = INT64_MAX;  // of a group that this process has not read

}  // namespace

void JiraGroups::Learn(const std::string& group, const std::string& name, int64_t pages) {
  const MutexLock lock(mutex_);
  known_[group] = {name, std::max<int64_t>(1, pages)};
}

std::string JiraGroups::NameOf(const std::string& group) {
  const MutexLock lock(mutex_);
  const auto found = known_.find(group);
  return found == known_.end() ? "" : found->second.name;
}

absl::StatusOr<GroupMembers> JiraGroups::Read(const std::string& group,
                                              const CallContext& context) {
  GroupMembers result;
  result.id = group;
  bool caller_named = false;
  const auto fetch = [&](int64_t start, int64_t count) {
    JiraApi::Reply reply = api_.ListMembers(group, start, count, context);
    caller_named = reply.ok() && NamesCaller(*reply);
    return reply;
  };
  const auto restart = [&] { result.members.clear(); };
  const auto take = [&](const JiraRow& row) {
    if (!row.is_broken()) result.members.push_back(row.id);
  };
  const auto advance = [](int64_t) {};
  JiraPager pager(paging_);
  RETURN_IF_ERROR(pager.Read(
      JiraList{absl::StrCat("the members of group ", ForMessage(group, 80)), JiraRowKind::kUser,
               std::min(paging_.page_size, kMembersPerPage), fetch, restart, take, advance},
      context));
  if (result.members.empty() && !caller_named) RETURN_IF_ERROR(ProveSignedIn(api_, context));
  std::sort(result.members.begin(), result.members.end());
  Learn(group, NameOf(group), pager.pages());
  return result;
}

absl::StatusOr<std::map<std::string, std::string>> JiraGroups::GroupsOf(
    const std::string& account, const CallContext& context) {
  const std::string what = absl::StrCat("the groups of account ", ForMessage(account, 80));
  JiraApi::Reply reply = api_.ListGroupsOf(account, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return JiraReadFailure(what, ParseJiraError(*reply));
  RETURN_IF_ERROR(RequireJiraJson(what, *reply));
  ASSIGN_OR_RETURN(const JiraPage page, ReadJiraPage(what, JiraRowKind::kGroup, reply->body));
  std::map<std::string, std::string> groups;
  for (const JiraRow& row : page.rows) groups[row.id] = row.name;
  if (groups.empty() && !NamesCaller(*reply)) RETURN_IF_ERROR(ProveSignedIn(api_, context));
  return groups;
}

absl::StatusOr<GroupMembers> JiraGroups::ReadMemberships(const MembershipQuestion& question,
                                                         const CallContext& context) {
  std::vector<std::string> accounts = question.added;
  accounts.insert(accounts.end(), question.removed.begin(), question.removed.end());
  int64_t pages = kUnknownPages;
  {
    const MutexLock lock(mutex_);
    const auto found = known_.find(question.group_id);
    if (found != known_.end()) pages = found->second.pages;
  }
  // One page proves that the group is there, too.
  if (static_cast<int64_t>(accounts.size()) >= pages) return Read(question.group_id, context);
  GroupMembers result;
  result.id = question.group_id;
  for (const std::string& account : accounts) {
    const absl::StatusOr<std::map<std::string, std::string>> groups = GroupsOf(account, context);
    // An account that the site hides may be a member all the same: the group knows.
    if (absl::IsNotFound(groups.status())) return Read(question.group_id, context);
    if (!groups.ok()) return groups.status();
    const auto found = groups->find(question.group_id);
    if (found == groups->end()) continue;
    result.name = found->second;
    result.members.push_back(account);
  }
  std::sort(result.members.begin(), result.members.end());
  return result;
}

absl::Status JiraGroups::SeeGroup(const std::string& group, const CallContext& context) {
  const std::string what = absl::StrCat("group ", ForMessage(group, 80));
  const JiraApi::Reply reply = api_.ListMembers(group, 0, 1, context);
  if (!reply.ok()) return reply.status();
  return IsSuccess(reply->status) ? absl::OkStatus()
                                  : JiraReadFailure(what, ParseJiraError(*reply));
}

// 404 says too little: the group, the account or the right may be missing; and what 400 says, it
// may say in another language. Reading tells.
absl::Status JiraGroups::JudgeUnclear(MembershipAction action, const absl::Status& refusal,
                                      const std::string& group, const std::string& account,
                                      const CallContext& context) {
  const bool adding = action == MembershipAction::kAdd;
  const auto groups = GroupsOf(account, context);
  if (!groups.ok()) return refusal;
  if (groups->contains(group) == adding) return absl::AlreadyExistsError(refusal.message());
  if (!absl::IsNotFound(refusal)) return refusal;
  if (!adding) {
    return absl::PermissionDeniedError(absl::StrCat(
        refusal.message(), "; the account is a member, so the token's account may not remove it"));
  }
  const absl::Status seen = SeeGroup(group, context);
  if (!seen.ok()) return refusal;
  return absl::PermissionDeniedError(
      absl::StrCat(refusal.message(),
                   "; the site has both the group and the account: the token's account may not "
                   "change this group, or the account was never given access to the site (invite "
                   "it, or let `site_access` do so)"));
}

absl::Status JiraGroups::Judge(MembershipAction action, const std::string& what,
                               const std::string& group, const std::string& account,
                               const HttpResponse& answer, const CallContext& context,
                               WriteReply& reply) {
  const JiraError error = ParseJiraError(answer);
  absl::Status status = JiraWriteFailure(what, error);
  if (error.IsManagedElsewhere()) reply.owner = kExternalUserManagement;
  if (absl::IsNotFound(status) || absl::IsInvalidArgument(status)) {
    status = JudgeUnclear(action, status, group, account, context);
  }
  // After a repetition nobody knows whose doing it was; it was ours to do.
  if (absl::IsAlreadyExists(status) && answer.attempts > 1) return absl::OkStatus();
  return RefusalInDoubt(status, answer.after_doubt);
}

WriteReply JiraGroups::Change(MembershipAction action, const std::string& group,
                              const std::string& account, const CallContext& context) {
  const bool adding = action == MembershipAction::kAdd;
  const std::string name = NameOf(group);
  const std::string what = absl::StrCat(adding ? "adding " : "removing ", ForMessage(account, 80),
                                        adding ? " to group " : " from group ",
                                        ForMessage(name.empty() ? group : name, 80));
  const JiraApi::Reply answer =
      adding ? api_.AddMember(group, account, context) : api_.RemoveMember(group, account, context);
  WriteReply reply;
  reply.attempts = AttemptsIn(answer);
  if (!answer.ok()) {
    reply.status = WriteTransportFailure(what, answer.status());
    return reply;
  }
  reply.http_status = answer->status;
  reply.status = IsSuccess(answer->status)
                     ? JiraWriteSuccess(what, *answer)
                     : Judge(action, what, group, account, *answer, context, reply);
  return reply;
}

}  // namespace rollcall
