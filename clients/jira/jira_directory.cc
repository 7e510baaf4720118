#include "clients/jira/jira_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/jira/jira_check.h"
#include "clients/jira/jira_snapshot.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

WriteReply RefuseJiraWrite(std::string why) {
  WriteReply reply;
  reply.status = absl::InvalidArgumentError(std::move(why));
  return reply;
}

// What the API takes.
JiraOptions SaneJira(JiraOptions options) {
  options.paging.page_size =
      std::clamp<int64_t>(options.paging.page_size, 1, JiraDirectory::kLargestPage);
  return options;
}

}  // namespace

JiraDirectory::JiraDirectory(const JiraOptions& options, HttpClient& client, Runtime& runtime,
                             TraitStore*, Progress& progress)
    : options_(SaneJira(options)),
      runtime_(runtime),
      progress_(progress),
      api_(options_.base_url, client),
      groups_(api_, options_.paging),
      access_(api_, groups_, options_.access) {}

DirectoryTraits JiraDirectory::Traits() const {
  DirectoryTraits traits;
  traits.membership_batch = 1;
  traits.requests_per_second = options_.requests_per_second;
  traits.concurrency = options_.concurrency;
  return traits;
}

absl::StatusOr<Snapshot> JiraDirectory::ReadAll(const GroupFilter& managed,
                                                const CallContext& context) {
  JiraSnapshot reader(api_, groups_, options_.paging, options_.id, progress_);
  ASSIGN_OR_RETURN(Snapshot snapshot, reader.Read(managed, context));
  snapshot.complete_at = runtime_.Now();
  return snapshot;
}

absl::StatusOr<ProbeResult> JiraDirectory::Probe(const ProbeRequest& request, const CallContext&) {
  ProbeResult result;
  if (access_.writes() == 1) return result;
  for (const std::string& account : request.accounts) {
    result.accounts[account].activate_writes = access_.writes();
  }
  return result;
}

absl::StatusOr<AccountRecord> JiraDirectory::ReadAccount(const std::string& account,
                                                         const CallContext& context) {
  return access_.Read(account, context);
}

absl::StatusOr<GroupMembers> JiraDirectory::ReadGroup(const std::string& group_id,
                                                      const CallContext& context) {
  ASSIGN_OR_RETURN(GroupMembers group, groups_.Read(group_id, context));
  group.name = groups_.NameOf(group_id);
  return group;
}

absl::StatusOr<GroupMembers> JiraDirectory::ReadMemberships(const MembershipQuestion& question,
                                                            const CallContext& context) {
  return groups_.ReadMemberships(question, context);
}

DirectoryCheck JiraDirectory::Check(const CallContext& context) {
  return CheckJira(api_, access_, options_.identity, options_.follows_activity, context);
}

WriteReply JiraDirectory::Activate(const std::string& account, const CallContext& context) {
  if (account.empty()) return RefuseJiraWrite("an account without an id cannot be changed");
  return access_.Give(account, context);
}

WriteReply JiraDirectory::Deactivate(const std::string& account, const CallContext& context) {
  if (account.empty()) return RefuseJiraWrite("an account without an id cannot be changed");
  return access_.Take(account, context);
}

WriteReply JiraDirectory::ChangeMembers(MembershipAction action, const std::string& group_id,
                                        absl::Span<const std::string> accounts,
                                        const CallContext& context) {
  if (group_id.empty()) return RefuseJiraWrite("a group without an id cannot be changed");
  if (accounts.empty()) return WriteReply{};
  if (accounts.size() > 1) {
    return RefuseJiraWrite(
        absl::StrCat(accounts.size(), " members at once, the limit of a site is 1"));
  }
  if (accounts[0].empty()) return RefuseJiraWrite("a member without an id cannot be changed");
  return groups_.Change(action, group_id, accounts[0], context);
}

}  // namespace rollcall
