#include "clients/atlassian/org_directory.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_check.h"
#include "clients/atlassian/org_errors.h"
#include "clients/atlassian/org_snapshot.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// In which a deletion can be taken back.
constexpr absl::Duration kDeletionGrace = absl::Hours(24 * 14);

WriteReply RefuseOrgWrite(std::string why) {
  WriteReply reply;
  reply.status = absl::InvalidArgumentError(std::move(why));
  return reply;
}

// What the API takes: a larger page is a 400.
OrgOptions Sane(OrgOptions options) {
  options.paging.page_size =
      std::clamp<int64_t>(options.paging.page_size, 1, OrgDirectory::kLargestPage);
  if (options.scope.directory.empty()) options.scope.directory = kAllDirectories;
  return options;
}

}  // namespace

OrgDirectory::OrgDirectory(const OrgOptions& options, HttpClient& client, Runtime& runtime,
                           TraitStore* traits, Progress& progress)
    : options_(Sane(options)),
      runtime_(runtime),
      progress_(progress),
      api_(options_.base_url, options_.org_id, client),
      book_(options_.id, options_.scope.directory, traits),
      accounts_(api_, book_, runtime, options_.scope, options_.paging),
      probe_(api_, accounts_, book_, runtime, progress, options_.id, options_.concurrency),
      account_writer_(api_, accounts_, book_, runtime),
      groups_(api_, accounts_, book_, options_.paging),
      links_(api_) {}

DirectoryTraits OrgDirectory::Traits() const {
  DirectoryTraits traits;
  traits.membership_batch = 1;
  const std::optional<OrgDirectories> directories = book_.Directories();
  // Before and after: the account; where the organisation has several directories also its role
  // assignments, and each directory of which they do not speak.
  if (directories.has_value() && !directories->only) {
    traits.reads_per_account_change = 2 * (2 + static_cast<int64_t>(directories->ids.size()));
  }
  // Before and after: the members, and once the group itself.
  traits.reads_per_group_batch = 1 + 2 * book_.MostPages();
  traits.requests_per_second = options_.requests_per_second;
  traits.concurrency = options_.concurrency;
  return traits;
}

absl::StatusOr<Snapshot> OrgDirectory::ReadAll(const GroupFilter& managed,
                                               const CallContext& context) {
  OrgSnapshot reader(api_, accounts_, book_, options_.paging, options_.id, progress_);
  ASSIGN_OR_RETURN(Snapshot snapshot, reader.Read(managed, context));
  snapshot.complete_at = runtime_.Now();
  return snapshot;
}

absl::StatusOr<ProbeResult> OrgDirectory::Probe(const ProbeRequest& request,
                                                const CallContext& context) {
  return probe_.Run(request, context);
}

absl::StatusOr<AccountRecord> OrgDirectory::ReadAccount(const std::string& account,
                                                        const CallContext& context) {
  ASSIGN_OR_RETURN(const OrgAccount read, accounts_.Read(account, OrgDepth::kState, context));
  AccountRecord record;
  record.id = account;
  record.email = read.email;
  record.state = StateOf(read.standing, options_.scope.way);
  return record;
}

absl::StatusOr<GroupMembers> OrgDirectory::ReadGroup(const std::string& group_id,
                                                     const CallContext& context) {
  return groups_.Read(group_id, context);
}

absl::StatusOr<std::vector<std::string>> OrgDirectory::AccessLeft(const std::string& account,
                                                                  const CallContext& context) {
  std::vector<std::string> left;
  ASSIGN_OR_RETURN(const OrgAccount read, accounts_.Read(account, OrgDepth::kPlaces, context));
  const int active = read.standing.Count(OrgMembership::kActive);
  const int suspended = read.standing.Count(OrgMembership::kSuspended);
  // An account that is off is out of all of them.
  if (read.standing.account_active && active > 0) {
    left.push_back(absl::StrCat("not suspended in ", active, " of ", active + suspended,
                                " directories of the organisation"));
  }
  if (!read.standing.claimed) return left;  // its tokens are not the organisation's to see
  const OrgApi::Reply reply = api_.ListApiTokens(account, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) {
    return OrgReadFailure("the API tokens of the account", ParseOrgError(*reply));
  }
  const absl::StatusOr<json::Value> body = json::Value::Parse(reply->body);
  if (!body.ok() || !body->is_array()) {
    return absl::DataLossError("the API tokens of the account: the answer is no list");
  }
  if (!body->items().empty()) {
    left.push_back(absl::StrCat(body->items().size(), " API token",
                                body->items().size() == 1 ? "" : "s",
                                read.standing.account_active ? "" : ", of no use while it is off"));
  }
  return left;
}

absl::StatusOr<std::optional<absl::Time>> OrgDirectory::DeletedNotBefore(
    const std::string& account, const CallContext& context) {
  ASSIGN_OR_RETURN(const OrgAccount read, accounts_.Read(account, OrgDepth::kState, context));
  if (!read.standing.pending_deletion || !read.deactivated.has_value()) {
    return std::optional<absl::Time>();
  }
  // Asking for the deletion deactivates the account, unless it was off already: not before, then.
  return std::optional<absl::Time>(*read.deactivated + kDeletionGrace);
}

absl::StatusOr<std::vector<std::string>> OrgDirectory::OwnersOf(const std::string& account,
                                                                const CallContext& context) {
  ASSIGN_OR_RETURN(const std::vector<ScimLink> links, links_.OfAccount(account, context));
  std::vector<std::string> owners;
  for (const ScimLink& link : links) {
    owners.push_back(absl::StrCat("SCIM directory ", ForMessage(link.directory, 80), ", record ",
                                  ForMessage(link.record, 80)));
  }
  return owners;
}

DirectoryCheck OrgDirectory::Check(const CallContext& context) {
  return CheckOrg(api_, accounts_, options_.paging, options_.identity, context);
}

WriteReply OrgDirectory::Activate(const std::string& account, const CallContext& context) {
  return account_writer_.Activate(account, context);
}

WriteReply OrgDirectory::Deactivate(const std::string& account, const CallContext& context) {
  return account_writer_.Deactivate(account, context);
}

WriteReply OrgDirectory::ChangeMembers(MembershipAction action, const std::string& group_id,
                                       absl::Span<const std::string> accounts,
                                       const CallContext& context) {
  if (group_id.empty()) return RefuseOrgWrite("a group without an id cannot be changed");
  if (accounts.empty()) return WriteReply{};
  if (accounts.size() > 1) {
    return RefuseOrgWrite(
        absl::StrCat(accounts.size(), " members at once, the limit of the organisation is 1"));
  }
  if (accounts[0].empty()) return RefuseOrgWrite("a member without an id cannot be changed");
  return groups_.Change(action, group_id, accounts[0], context);
}

}  // namespace rollcall
