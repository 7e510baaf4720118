// CrowdDirectory: the ports DirectoryReader and DirectoryWriter for Atlassian Crowd, as one of its
// applications sees it, over an HttpClient that retries, signs in and keeps the pace. An account's
// id is the user's key, else the user name; a group's id is its name. Status codes are those of
// reconciler/ports/directory.h. Thread-safe; all references must outlive it.
//
//   CrowdDirectory directory({.id = "crowd", .base_url = "https://h/crowd"}, client, runtime,
//                            &traits, progress);
//   ASSIGN_OR_RETURN(Snapshot snapshot, directory.ReadAll(managed_groups, context));
//
// Limits: CrowdPaging; one member a write.
#ifndef CLIENTS_CROWD_CROWD_DIRECTORY_H_
#define CLIENTS_CROWD_CROWD_DIRECTORY_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "clients/crowd/account_writer.h"
#include "clients/crowd/change_feed.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_lister.h"
#include "clients/crowd/crowd_users.h"
#include "clients/crowd/member_lookup.h"
#include "clients/crowd/member_writer.h"
#include "clients/crowd/name_book.h"
#include "clients/crowd/refusal_memory.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct CrowdOptions {
  std::string id;        // the directory's, for progress and traits
  std::string base_url;  // with Crowd's context path, without /rest
  CrowdPaging paging = {};
  double requests_per_second = 20;  // for the estimate; the client keeps the pace
  int concurrency = 4;
};

class CrowdDirectory final : public DirectoryReader, public DirectoryWriter {
 public:
  // `traits` may be null.
  CrowdDirectory(const CrowdOptions& options, HttpClient& client, Runtime& runtime,
                 TraitStore* traits, Progress& progress);

  DirectoryTraits Traits() const override;
  absl::StatusOr<Snapshot> ReadAll(const GroupFilter& managed, const CallContext& context) override;
  // Crowd does not tell what an application may change: nothing is asked.
  absl::StatusOr<ProbeResult> Probe(const ProbeRequest& request,
                                    const CallContext& context) override;
  absl::StatusOr<AccountRecord> ReadAccount(const std::string& account,
                                            const CallContext& context) override;
  absl::StatusOr<GroupMembers> ReadGroup(const std::string& group_id,
                                         const CallContext& context) override;
  // Who was removed is asked about one by one, unless the list shows him.
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
  WriteReply SetActive(const std::string& account, bool active, const CallContext& context);

  enum class GivesAllState : uint8_t { kUnknown, kYes, kNo };

  // Does one answer hold all members of a group, as far as was proven here or before?
  bool GivesAll() const;
  void LearnWhetherItGivesAll(bool yes);
  // `at_once`: one answer is taken for all of them.
  absl::StatusOr<GroupMembers> List(const std::string& group_id, bool at_once,
                                    const CallContext& context);
  // Is the group there? An empty list of members does not say so.
  absl::Status ProveGroup(const std::string& group_id, const CallContext& context);

  const CrowdOptions options_;
  Runtime& runtime_;
  TraitStore* const traits_;
  Progress& progress_;
  std::atomic<GivesAllState> gives_all_{GivesAllState::kUnknown};
  CrowdApi api_;
  NameBook book_;
  CrowdUsers users_;
  ChangeFeed feed_;
  CrowdAccountWriter account_writer_;
  CrowdMemberLookup member_lookup_;
  CrowdMemberWriter member_writer_;
  RefusalMemory refusals_;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_DIRECTORY_H_
