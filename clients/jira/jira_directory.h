// JiraDirectory: the ports DirectoryReader and DirectoryWriter for a Jira Cloud site, over an
// HttpClient that retries, signs in and keeps the pace. An account's id is its Atlassian account
// id, a group's id its `groupId`; accounts have no user names, and often no e-mail that the token
// may see. Status codes are those of reconciler/ports/directory.h. Thread-safe; all references must
// outlive it.
//
//   JiraOptions options;
//   options.id = "site";
//   options.base_url = "https://acme.atlassian.net";
//   JiraDirectory directory(options, client, runtime, &traits, progress);
//   ASSIGN_OR_RETURN(Snapshot snapshot, directory.ReadAll(managed_groups, context));
//
// Activate gives an account access to the site and Deactivate takes it off the site; neither
// touches the Atlassian account. Limits: JiraPaging; one member a write.
#ifndef CLIENTS_JIRA_JIRA_DIRECTORY_H_
#define CLIENTS_JIRA_JIRA_DIRECTORY_H_

#include <cstdint>
#include <string>

#include "clients/jira/jira_access.h"
#include "clients/jira/jira_api.h"
#include "clients/jira/jira_groups.h"
#include "clients/jira/jira_pager.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct JiraOptions {
  std::string id;        // the directory's, for progress
  std::string base_url;  // above /rest
  JiraAccessOptions access = {};
  bool follows_activity = false;  // the policy `site_access`
  std::string identity;           // the token's account; may be empty
  JiraPaging paging = {};
  double requests_per_second = 20;  // for the estimate; the client keeps the pace
  int concurrency = 4;
};

class JiraDirectory final : public DirectoryReader, public DirectoryWriter {
 public:
  static constexpr int64_t kLargestPage = 1000;  // what the API gives

  // `traits` may be null; nothing is remembered.
  JiraDirectory(const JiraOptions& options, HttpClient& client, Runtime& runtime,
                TraitStore* traits, Progress& progress);

  DirectoryTraits Traits() const override;
  absl::StatusOr<Snapshot> ReadAll(const GroupFilter& managed, const CallContext& context) override;
  // A site does not tell what may be changed: nothing is asked. Several access groups are several
  // writes.
  absl::StatusOr<ProbeResult> Probe(const ProbeRequest& request,
                                    const CallContext& context) override;
  absl::StatusOr<AccountRecord> ReadAccount(const std::string& account,
                                            const CallContext& context) override;
  absl::StatusOr<GroupMembers> ReadGroup(const std::string& group_id,
                                         const CallContext& context) override;
  absl::StatusOr<GroupMembers> ReadMemberships(const MembershipQuestion& question,
                                               const CallContext& context) override;
  DirectoryCheck Check(const CallContext& context) override;
  int64_t requests_sent() const override { return api_.requests_sent(); }

  WriteReply Activate(const std::string& account, const CallContext& context) override;
  WriteReply Deactivate(const std::string& account, const CallContext& context) override;
  WriteReply ChangeMembers(MembershipAction action, const std::string& group_id,
                           absl::Span<const std::string> accounts,
                           const CallContext& context) override;

 private:
  const JiraOptions options_;
  Runtime& runtime_;
  Progress& progress_;
  JiraApi api_;
  JiraGroups groups_;
  JiraAccess access_;
};

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_DIRECTORY_H_
