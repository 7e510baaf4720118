// ScimDirectory: the ports DirectoryReader and DirectoryWriter for a SCIM 2.0 server, over an
// HttpClient that retries, signs in and keeps the pace. Right for servers that differ (paging that
// repeats or moves, `active` left out, removals that do nothing): whatever cannot be proven fails
// closed. Status codes are those of reconciler/ports/directory.h. Thread-safe; all references must
// outlive it.
//
//   ScimDirectory directory({.id = "cloud-scim", .base_url = "https://h/scim/v2"}, client, runtime,
//                           &traits, progress);
//   ASSIGN_OR_RETURN(Snapshot snapshot, directory.ReadAll(managed_groups, context));
//
// Limits: PagingOptions; `membership_batch` members a write.
#ifndef CLIENTS_SCIM_SCIM_DIRECTORY_H_
#define CLIENTS_SCIM_SCIM_DIRECTORY_H_

#include <cstdint>
#include <string>

#include "clients/http/client.h"
#include "clients/scim/discovery.h"
#include "clients/scim/guarded_patch.h"
#include "clients/scim/member_removal.h"
#include "clients/scim/removal_memory.h"
#include "clients/scim/scim_api.h"
#include "clients/scim/scim_paging.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct ScimOptions {
  std::string id;        // the directory's, for progress and traits
  std::string base_url;  // without /Users
  PagingOptions paging = {};
  int64_t membership_batch = 1000;
  double requests_per_second = 20;  // for the estimate; the client keeps the pace
  int concurrency = 4;
};

class ScimDirectory final : public DirectoryReader, public DirectoryWriter {
 public:
  // `traits` may be null.
  ScimDirectory(const ScimOptions& options, HttpClient& client, Runtime& runtime,
                TraitStore* traits, Progress& progress);

  DirectoryTraits Traits() const override;
  absl::StatusOr<Snapshot> ReadAll(const GroupFilter& managed, const CallContext& context) override;
  // Nothing owns a SCIM record but its directory: nothing is asked.
  absl::StatusOr<ProbeResult> Probe(const ProbeRequest& request,
                                    const CallContext& context) override;
  absl::StatusOr<AccountRecord> ReadAccount(const std::string& account,
                                            const CallContext& context) override;
  absl::StatusOr<GroupMembers> ReadGroup(const std::string& group_id,
                                         const CallContext& context) override;
  DirectoryCheck Check(const CallContext& context) override;
  int64_t requests_sent() const override { return api_.requests_sent(); }

  WriteReply Activate(const std::string& account, const CallContext& context) override;
  WriteReply Deactivate(const std::string& account, const CallContext& context) override;
  WriteReply ChangeMembers(MembershipAction action, const std::string& group_id,
                           absl::Span<const std::string> accounts,
                           const CallContext& context) override;

 private:
  WriteReply SetActive(const std::string& account, const char* verb, const std::string& body,
                       const CallContext& context);
  WriteReply AddMembers(const std::string& group_id, absl::Span<const std::string> accounts,
                        const CallContext& context);

  const ScimOptions options_;
  Runtime& runtime_;
  Progress& progress_;
  mutable ScimApi api_;
  Discovery discovery_;
  GuardedPatch patch_;
  mutable RemovalMemory removal_memory_;
  MemberRemoval removal_;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SCIM_DIRECTORY_H_
