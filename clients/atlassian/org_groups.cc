#include "clients/atlassian/org_groups.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_errors.h"
#include "clients/atlassian/org_members.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<OrgKnownGroup> OrgGroups::Fetch(const std::string& group,
                                               const CallContext& context) {
  const std::string what = absl::StrCat("reading group ", ForMessage(group, 80));
  const std::string& scope = accounts_.scope().directory;
  OrgApi::Reply reply = api_.GetGroup(scope, group, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return OrgReadFailure(what, ParseOrgError(*reply));
  RETURN_IF_ERROR(RequireOrgJson(what, *reply));
  OrgGroup row;
  const auto take = [&](const OrgGroup& read) {
    row = read;
    return absl::OkStatus();
  };
  OrgGroupReader reader(take);
  OrgPageHandler handler(reader);
  RETURN_IF_ERROR(ReadOrgPage(what, reply->body, handler));
  if (row.id != group) {
    return absl::DataLossError(
        absl::StrCat(what, ": the server sent group ", ForMessage(row.id, 80)));
  }
  OrgKnownGroup known;
  known.name = row.name;
  known.directory = row.directory;
  if (known.directory.empty()) {
    ASSIGN_OR_RETURN(const OrgDirectories directories, accounts_.Directories(context));
    if (directories.ids.size() != 1) {
      return absl::DataLossError(
          absl::StrCat(what, ": the answer does not say to which directory it belongs"));
    }
    known.directory = directories.ids[0];
  }
  book_.LearnGroup(group, known);
  return known;
}

absl::StatusOr<std::string> OrgGroups::DirectoryOf(const std::string& group,
                                                   const CallContext& context) {
  if (std::optional<OrgKnownGroup> known = book_.FindGroup(group)) return known->directory;
  ASSIGN_OR_RETURN(const OrgDirectories directories, accounts_.Directories(context));
  if (directories.ids.size() == 1) return directories.ids[0];
  ASSIGN_OR_RETURN(const OrgKnownGroup fetched, Fetch(group, context));
  return fetched.directory;
}

absl::StatusOr<GroupMembers> OrgGroups::Read(const std::string& group, const CallContext& context) {
  if (group.empty()) return absl::InvalidArgumentError("a group without an id cannot be read");
  std::optional<OrgKnownGroup> known = book_.FindGroup(group);
  const bool was_known = known.has_value();
  if (!was_known) {
    ASSIGN_OR_RETURN(known, Fetch(group, context));
  }
  ASSIGN_OR_RETURN(OrgMembers members,
                   ReadOrgMembers(api_, paging_, known->directory, group, context));
  if (members.accounts.empty() && was_known) RETURN_IF_ERROR(Fetch(group, context).status());
  GroupMembers result;
  result.id = group;
  result.name = known->name;
  result.members = std::move(members.accounts);
  known->pages = members.pages;
  book_.LearnGroup(group, *known);
  return result;
}

absl::Status OrgGroups::Judge(MembershipAction action, const std::string& what,
                              const std::string& directory, const std::string& group,
                              const std::string& account, const HttpResponse& answer,
                              const CallContext& context, std::string* owner) {
  const OrgError error = ParseOrgError(answer);
  const absl::Status status = OrgWriteFailure(what, error);
  if (absl::IsPermissionDenied(status)) *owner = error.reason;
  const bool adding = action == MembershipAction::kAdd;
  bool was_so = adding ? error.IsAlreadyMember() : error.IsNotFound();
  if (adding && error.status == 409 && !was_so && !error.IsLicenceLimit()) {
    // The documents promise no body: a member already, or no licence left. Reading tells.
    const absl::StatusOr<bool> member = IsOrgMember(api_, directory, group, account, context);
    was_so = member.ok() && *member;
    if (!was_so) {
      return RefusalInDoubt(
          absl::FailedPreconditionError(absl::StrCat(
              status.message(), "; perhaps no licence is left: free some, or extend the plan")),
          answer.after_doubt);
    }
  }
  if (!was_so) return RefusalInDoubt(status, answer.after_doubt);
  // After a repetition nobody knows whose doing it was; it was ours to do.
  if (answer.attempts > 1) return absl::OkStatus();
  const std::string text = absl::StrCat(what, ": the server answered ", error.ToString());
  return adding ? absl::AlreadyExistsError(text) : absl::NotFoundError(text);
}

WriteReply OrgGroups::Change(MembershipAction action, const std::string& group,
                             const std::string& account, const CallContext& context) {
  const bool adding = action == MembershipAction::kAdd;
  const std::string what =
      absl::StrCat(adding ? "adding " : "removing ", ForMessage(account, 80),
                   adding ? " to group " : " from group ", ForMessage(group, 80));
  WriteReply reply;
  const absl::StatusOr<std::string> directory = DirectoryOf(group, context);
  if (!directory.ok()) {
    reply.status = NothingWritten(what, directory.status());
    return reply;
  }
  const OrgApi::Reply answer = adding ? api_.AddMember(*directory, group, account, context)
                                      : api_.RemoveMember(*directory, group, account, context);
  reply.attempts = AttemptsIn(answer);
  if (!answer.ok()) {
    reply.status = WriteTransportFailure(what, answer.status());
    return reply;
  }
  reply.http_status = answer->status;
  if (!IsSuccess(answer->status)) {
    reply.status = Judge(action, what, *directory, group, account, *answer, context, &reply.owner);
  }
  return reply;
}

}  // namespace rollcall
