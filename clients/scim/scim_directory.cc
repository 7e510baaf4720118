#include "clients/scim/scim_directory.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/scim/scim_check.h"
#include "clients/scim/scim_errors.h"
#include "clients/scim/snapshot_reader.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kUserWhat[] = "/Users/";

WriteReply Refuse(std::string why) { return {absl::InvalidArgumentError(std::move(why)), 0, 0}; }

}  // namespace

ScimDirectory::ScimDirectory(const ScimOptions& options, HttpClient& client, Runtime& runtime,
                             TraitStore* traits, Progress& progress)
    : options_(options),
      runtime_(runtime),
      progress_(progress),
      api_(options.base_url, client),
      discovery_(api_),
      patch_(api_),
      removal_memory_(options.id, traits),
      removal_(api_, patch_, discovery_, removal_memory_, runtime, options.membership_batch) {}

DirectoryTraits ScimDirectory::Traits() const {
  DirectoryTraits traits;
  traits.membership_batch = options_.membership_batch;
  traits.requests_per_second = options_.requests_per_second;
  traits.concurrency = options_.concurrency;
  // One more until a form of removal is proven (the group is read back), and for PUT always.
  const std::optional<RemovalForm> form = removal_memory_.proven();
  if (!form.has_value() || *form == RemovalForm::kPut) ++traits.reads_per_group_batch;
  return traits;
}

absl::StatusOr<Snapshot> ScimDirectory::ReadAll(const GroupFilter& managed,
                                                const CallContext& context) {
  SnapshotReader reader(api_, discovery_, patch_, options_.paging, options_.id, progress_);
  ASSIGN_OR_RETURN(Snapshot snapshot, reader.Read(managed, context));
  snapshot.complete_at = runtime_.Now();
  return snapshot;
}

absl::StatusOr<ProbeResult> ScimDirectory::Probe(const ProbeRequest&, const CallContext&) {
  return ProbeResult{};
}

absl::StatusOr<AccountRecord> ScimDirectory::ReadAccount(const std::string& account,
                                                         const CallContext& context) {
  const std::string what = absl::StrCat("GET ", kUserWhat, account);
  ScimApi::Reply reply = api_.Get(ScimResource::kUsers, account, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return ReadFailure(what, ParseServerError(*reply));
  RETURN_IF_ERROR(RequireJson(what, *reply));
  patch_.Note(ScimResource::kUsers, account, *reply);
  absl::StatusOr<AccountRecord> record = DecodeUser(reply->body);
  if (!record.ok()) return Annotate(record.status(), what);
  if (record->id != account) {
    return absl::DataLossError(
        absl::StrCat(what, ": the server sent user ", ForMessage(record->id, 80)));
  }
  return record;
}

absl::StatusOr<GroupMembers> ScimDirectory::ReadGroup(const std::string& group_id,
                                                      const CallContext& context) {
  ASSIGN_OR_RETURN(GroupRecordRead read, FetchGroup(api_, patch_, group_id, context));
  removal_memory_.Observe(read.group);
  return std::move(read.group);
}

DirectoryCheck ScimDirectory::Check(const CallContext& context) {
  return CheckScim(api_, discovery_, context);
}

WriteReply ScimDirectory::Activate(const std::string& account, const CallContext& context) {
  return SetActive(account, "activating", EncodeSetActive(true), context);
}

WriteReply ScimDirectory::Deactivate(const std::string& account, const CallContext& context) {
  return SetActive(account, "deactivating", EncodeSetActive(false), context);
}

WriteReply ScimDirectory::SetActive(const std::string& account, const char* verb,
                                    const std::string& body, const CallContext& context) {
  if (account.empty()) return Refuse("an account without an id cannot be changed");
  const std::string what = absl::StrCat(verb, " user ", account);
  ScimApi::Reply answer =
      patch_.Send(ScimResource::kUsers, account, body, Idempotency::kIdempotent, context);
  WriteReply reply{absl::OkStatus(), 0, AttemptsIn(answer)};
  if (!answer.ok()) {
    reply.status = WriteTransportFailure(what, answer.status());
    return reply;
  }
  reply.http_status = answer->status;
  if (!IsSuccess(answer->status)) {
    reply.status =
        RefusalInDoubt(WriteFailure(what, ParseServerError(*answer)), answer->after_doubt);
  }
  return reply;
}

WriteReply ScimDirectory::ChangeMembers(MembershipAction action, const std::string& group_id,
                                        absl::Span<const std::string> accounts,
                                        const CallContext& context) {
  if (group_id.empty()) return Refuse("a group without an id cannot be changed");
  if (static_cast<int64_t>(accounts.size()) > options_.membership_batch) {
    return Refuse(absl::StrCat(accounts.size(), " members at once, the limit is ",
                               options_.membership_batch));
  }
  for (const std::string& account : accounts) {
    if (account.empty()) return Refuse("a member without an id cannot be changed");
  }
  if (accounts.empty()) return WriteReply{};
  return action == MembershipAction::kAdd ? AddMembers(group_id, accounts, context)
                                          : removal_.Remove(group_id, accounts, context);
}

WriteReply ScimDirectory::AddMembers(const std::string& group_id,
                                     absl::Span<const std::string> accounts,
                                     const CallContext& context) {
  const std::string what = absl::StrCat("adding members to group ", group_id);
  ScimApi::Reply answer = patch_.Send(ScimResource::kGroups, group_id, EncodeAddMembers(accounts),
                                      Idempotency::kNotIdempotent, context);
  WriteReply reply{absl::OkStatus(), 0, AttemptsIn(answer)};
  if (!answer.ok()) {
    reply.status = WriteTransportFailure(what, answer.status());
    return reply;
  }
  reply.http_status = answer->status;
  if (IsSuccess(answer->status)) return reply;
  const ServerError error = ParseServerError(*answer);
  reply.status = RefusalInDoubt(WriteFailure(what, error), answer->after_doubt);
  const bool missing =
      error.status == 404 || error.status == 410 || (error.status == 500 && error.SaysNotFound());
  if (!missing) return reply;
  // The group, or one of the members? The group itself tells.
  absl::StatusOr<GroupRecordRead> group = FetchGroup(api_, patch_, group_id, context);
  if (absl::IsNotFound(group.status())) {
    reply.status = group.status();
  } else if (accounts.size() > 1) {
    reply.status = absl::InvalidArgumentError(
        absl::StrCat(what, ": the server does not know one of them: ", error.ToString()));
  } else {
    reply.status = absl::NotFoundError(
        absl::StrCat(what, ": the server does not know ", accounts[0], ": ", error.ToString()));
  }
  return reply;
}

}  // namespace rollcall
