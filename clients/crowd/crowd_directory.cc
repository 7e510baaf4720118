#include "clients/crowd/crowd_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_check.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/crowd/crowd_list.h"
#include "clients/crowd/crowd_snapshot.h"
#include "clients/crowd/member_list.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// A look before, the read that the write stands on, its read-back, and the verification.
constexpr int64_t kReadsPerAccountChange = 4;
// The event feed before the read that the write stands on, and after its read-back.
constexpr int64_t kFeedReadsPerAccountChange = 2;
// Before and after: the membership, and the member where his name is not known or must be proven.
constexpr int64_t kReadsPerMembership = 4;
// Memberships of one group that one list is asked for first.
constexpr size_t kWorthAList = 2;
constexpr char kGivesAllTrait[] = "gives_all";

WriteReply RefuseCrowdWrite(std::string why) {
  WriteReply reply;
  reply.status = absl::InvalidArgumentError(std::move(why));
  return reply;
}

}  // namespace

CrowdDirectory::CrowdDirectory(const CrowdOptions& options, HttpClient& client, Runtime& runtime,
                               TraitStore* traits, Progress& progress)
    : options_(options),
      runtime_(runtime),
      traits_(traits),
      progress_(progress),
      api_(options.base_url, client),
      users_(api_, book_, runtime),
      feed_(api_),
      account_writer_(api_, users_, feed_, runtime),
      member_lookup_(api_, users_),
      member_writer_(api_, users_),
      refusals_(options.id, traits, runtime) {}

DirectoryTraits CrowdDirectory::Traits() const {
  DirectoryTraits traits;
  traits.membership_batch = 1;
  traits.reads_per_account_change =
      kReadsPerAccountChange + (feed_.off() ? 0 : kFeedReadsPerAccountChange);
  traits.reads_per_group_batch = kReadsPerMembership;
  traits.requests_per_second = options_.requests_per_second;
  traits.concurrency = options_.concurrency;
  return traits;
}

absl::StatusOr<Snapshot> CrowdDirectory::ReadAll(const GroupFilter& managed,
                                                 const CallContext& context) {
  CrowdSnapshot reader(api_, options_.paging, options_.id, progress_);
  // Names are as old as the beginning of the reading.
  const absl::Time begun = runtime_.Now();
  ASSIGN_OR_RETURN(Snapshot snapshot, reader.Read(managed, context));
  snapshot.complete_at = runtime_.Now();
  LearnWhetherItGivesAll(reader.gives_all());
  book_.LearnAll(snapshot.roster, begun);
  return snapshot;
}

absl::StatusOr<ProbeResult> CrowdDirectory::Probe(const ProbeRequest&, const CallContext&) {
  return ProbeResult{};
}

absl::StatusOr<AccountRecord> CrowdDirectory::ReadAccount(const std::string& account,
                                                          const CallContext& context) {
  ASSIGN_OR_RETURN(const CrowdUser user, users_.Read(account, context));
  AccountRecord record = user.record();
  record.id = account;  // where it is the name, the case in which it is served may change
  return record;
}

absl::StatusOr<GroupMembers> CrowdDirectory::ReadGroup(const std::string& group_id,
                                                       const CallContext& context) {
  ASSIGN_OR_RETURN(GroupMembers group, List(group_id, false, context));
  if (group.members.empty()) RETURN_IF_ERROR(ProveGroup(group_id, context));
  return group;
}

absl::StatusOr<GroupMembers> CrowdDirectory::ReadMemberships(const MembershipQuestion& question,
                                                             const CallContext& context) {
  const std::string& id = question.group_id;
  GroupMembers group{id, id, {}};
  const bool list = GivesAll() && question.added.size() + question.removed.size() >= kWorthAList;
  if (list) {
    ASSIGN_OR_RETURN(group, List(id, true, context));
    if (group.members.empty()) RETURN_IF_ERROR(ProveGroup(id, context));
  }
  std::vector<std::string> more;
  for (const std::string& account : question.removed) {
    if (std::binary_search(group.members.begin(), group.members.end(), account)) continue;
    // The list names accounts, whatever they are called now.
    ASSIGN_OR_RETURN(const bool member, list ? member_lookup_.SeemsMember(id, account, context)
                                             : member_lookup_.IsMember(id, account, context));
    if (member) more.push_back(account);
  }
  for (const std::string& account : question.added) {
    if (list) break;
    ASSIGN_OR_RETURN(const bool member, member_lookup_.SeemsMember(id, account, context));
    if (member) more.push_back(account);
  }
  group.members.insert(group.members.end(), more.begin(), more.end());
  std::sort(group.members.begin(), group.members.end());
  return group;
}

absl::StatusOr<GroupMembers> CrowdDirectory::List(const std::string& group_id, bool at_once,
                                                  const CallContext& context) {
  GroupMembers group;
  group.id = group_id;
  group.name = group_id;
  const absl::Time now = runtime_.Now();
  const auto sink = [&](const CrowdRow& row) {
    if (!row.active.has_value()) {
      return absl::DataLossError(absl::StrCat("user ", ForMessage(row.name, 80),
                                              " comes without its fields, so its key is unknown"));
    }
    group.members.push_back(row.key.empty() ? row.name : row.key);
    book_.Learn(group.members.back(), row.name, now);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(ReadCrowdMembers(api_, group_id, at_once, sink, context));
  std::sort(group.members.begin(), group.members.end());
  group.members.erase(std::unique(group.members.begin(), group.members.end()), group.members.end());
  return group;
}

bool CrowdDirectory::GivesAll() const {
  const GivesAllState known = gives_all_.load();
  if (known != GivesAllState::kUnknown) return known == GivesAllState::kYes;
  return traits_ != nullptr && traits_->Get(options_.id, kGivesAllTrait) == "yes";
}

void CrowdDirectory::LearnWhetherItGivesAll(bool yes) {
  const GivesAllState now = yes ? GivesAllState::kYes : GivesAllState::kNo;
  if (gives_all_.exchange(now) == now || traits_ == nullptr) return;
  traits_->Set(options_.id, kGivesAllTrait, yes ? "yes" : "no");
}

absl::Status CrowdDirectory::ProveGroup(const std::string& group_id, const CallContext& context) {
  const std::string what = absl::StrCat("GET /group ", ForMessage(group_id, 80));
  const CrowdApi::Reply reply = api_.GetGroup(group_id, context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return CrowdReadFailure(what, ParseCrowdError(*reply));
  return RequireCrowdJson(what, *reply);
}

DirectoryCheck CrowdDirectory::Check(const CallContext& context) {
  DirectoryCheck check = CheckCrowd(api_, context);
  for (std::string& warning : refusals_.Warnings()) check.warnings.push_back(std::move(warning));
  return check;
}

WriteReply CrowdDirectory::Activate(const std::string& account, const CallContext& context) {
  return SetActive(account, true, context);
}

WriteReply CrowdDirectory::Deactivate(const std::string& account, const CallContext& context) {
  return SetActive(account, false, context);
}

WriteReply CrowdDirectory::SetActive(const std::string& account, bool active,
                                     const CallContext& context) {
  WriteReply reply = account_writer_.SetActive(account, active, context);
  refusals_.Note(RefusalMemory::Write::kUser, reply);
  return reply;
}

WriteReply CrowdDirectory::ChangeMembers(MembershipAction action, const std::string& group_id,
                                         absl::Span<const std::string> accounts,
                                         const CallContext& context) {
  if (group_id.empty()) return RefuseCrowdWrite("a group without a name cannot be changed");
  if (accounts.empty()) return WriteReply{};
  if (accounts.size() > 1) {
    return RefuseCrowdWrite(
        absl::StrCat(accounts.size(), " members at once, the limit of Crowd is 1"));
  }
  if (accounts[0].empty()) return RefuseCrowdWrite("a member without an id cannot be changed");
  WriteReply reply = member_writer_.Change(action, group_id, accounts[0], context);
  refusals_.Note(RefusalMemory::Write::kMembership, reply);
  return reply;
}

}  // namespace rollcall
