// OrgDirectory: the ports DirectoryReader and DirectoryWriter for an Atlassian Cloud organisation
// (kind `atlassian_admin`), over an HttpClient that retries, signs in and keeps the pace. An
// account's id is its Atlassian account id, a group's id that of the organisation API; accounts
// have no user names. Status codes are those of reconciler/ports/directory.h. Thread-safe; all
// references must outlive it.
//
//   OrgOptions options;
//   options.id = "cloud";
//   options.base_url = "https://api.atlassian.com";
//   options.org_id = "1b2c…";
//   OrgDirectory directory(options, client, runtime, &traits, progress);
//   ASSIGN_OR_RETURN(Snapshot snapshot, directory.ReadAll(managed_groups, context));
//
// Limits: OrgPaging; OrgAccounts::kMaxDirectories; one member a write.
#ifndef CLIENTS_ATLASSIAN_ORG_DIRECTORY_H_
#define CLIENTS_ATLASSIAN_ORG_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "clients/atlassian/org_account_writer.h"
#include "clients/atlassian/org_accounts.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_book.h"
#include "clients/atlassian/org_groups.h"
#include "clients/atlassian/org_links.h"
#include "clients/atlassian/org_pager.h"
#include "clients/atlassian/org_probe.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct OrgOptions {
  std::string id;        // the directory's, for progress and traits
  std::string base_url;  // above /admin and /users
  std::string org_id;
  OrgScope scope = {};
  std::string identity;  // the account behind the key; may be empty
  OrgPaging paging = {};
  double requests_per_second = 20;  // for the estimate; the client keeps the pace
  int concurrency = 4;
};

class OrgDirectory final : public DirectoryReader, public DirectoryWriter {
 public:
  static constexpr int64_t kLargestPage = 100;  // what the API gives

  // `traits` may be null.
  OrgDirectory(const OrgOptions& options, HttpClient& client, Runtime& runtime, TraitStore* traits,
               Progress& progress);

  DirectoryTraits Traits() const override;
  absl::StatusOr<Snapshot> ReadAll(const GroupFilter& managed, const CallContext& context) override;
  absl::StatusOr<ProbeResult> Probe(const ProbeRequest& request,
                                    const CallContext& context) override;
  absl::StatusOr<AccountRecord> ReadAccount(const std::string& account,
                                            const CallContext& context) override;
  absl::StatusOr<GroupMembers> ReadGroup(const std::string& group_id,
                                         const CallContext& context) override;
  // Its API tokens, and the directories in which it is not suspended.
  absl::StatusOr<std::vector<std::string>> AccessLeft(const std::string& account,
                                                      const CallContext& context) override;
  // 14 days after the account was deactivated. Source: "for_deletion" is a grace of 14 days; the
  // account alone tells `deactivatedOn`, nothing tells when the deletion was asked for.
  absl::StatusOr<std::optional<absl::Time>> DeletedNotBefore(const std::string& account,
                                                             const CallContext& context) override;
  // By the links of SCIM records, in one request.
  absl::StatusOr<std::vector<std::string>> OwnersOf(const std::string& account,
                                                    const CallContext& context) override;
  // For who repairs them; lives as long as this object.
  ScimLinkDesk& links() { return links_; }
  DirectoryCheck Check(const CallContext& context) override;
  int64_t requests_sent() const override { return api_.requests_sent(); }

  WriteReply Activate(const std::string& account, const CallContext& context) override;
  WriteReply Deactivate(const std::string& account, const CallContext& context) override;
  WriteReply ChangeMembers(MembershipAction action, const std::string& group_id,
                           absl::Span<const std::string> accounts,
                           const CallContext& context) override;

 private:
  const OrgOptions options_;
  Runtime& runtime_;
  Progress& progress_;
  OrgApi api_;
  mutable OrgBook book_;
  OrgAccounts accounts_;
  OrgProbe probe_;
  OrgAccountWriter account_writer_;
  OrgGroups groups_;
  OrgLinks links_;
};

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_DIRECTORY_H_
