// SnapshotReader: reads one whole SCIM directory into a Snapshot: discovery, users, groups, and the
// wanted groups one by one where the list of groups leaves out all members. One object a snapshot,
// one thread.
#ifndef CLIENTS_SCIM_SNAPSHOT_READER_H_
#define CLIENTS_SCIM_SNAPSHOT_READER_H_

#include <string>

#include "clients/scim/discovery.h"
#include "clients/scim/guarded_patch.h"
#include "clients/scim/scim_codec.h"
#include "clients/scim/scim_paging.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"

namespace rollcall {

class SnapshotReader {
 public:
  SnapshotReader(ScimApi& api, Discovery& discovery, GuardedPatch& patch,
                 const PagingOptions& paging, const std::string& directory, Progress& progress);

  // Everything but the time at which it was complete.
  absl::StatusOr<Snapshot> Read(const GroupFilter& managed, const CallContext& context);

 private:
  class Users;
  class Groups;

  absl::Status ReadGroups(ScimPager& pager, const GroupFilter& managed, const CallContext& context);
  absl::Status ReadMembersOneByOne(const CallContext& context);

  ScimApi& api_;
  Discovery& discovery_;
  GuardedPatch& patch_;
  const PagingOptions paging_;
  const std::string directory_;
  Progress& progress_;
  RosterBuilder builder_;
  UserListFacts user_facts_;
  GroupListFacts group_facts_;
  Snapshot snapshot_;
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SNAPSHOT_READER_H_
