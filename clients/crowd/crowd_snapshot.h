// CrowdSnapshot: reads one whole Crowd, as the application sees it, into a Snapshot: users, groups,
// and the memberships of the wanted groups in one document, or group by group where this Crowd does
// not know that call. One object a snapshot, one thread.
//
// No user at all is DATA_LOSS: an application that lost its directories sees an empty list too.
#ifndef CLIENTS_CROWD_CROWD_SNAPSHOT_H_
#define CLIENTS_CROWD_CROWD_SNAPSHOT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/crowd/crowd_api.h"
#include "clients/crowd/crowd_lister.h"
#include "reconciler/base/id_index.h"
#include "reconciler/base/string_arena.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"

namespace rollcall {

class CrowdSnapshot {
 public:
  CrowdSnapshot(CrowdApi& api, const CrowdPaging& paging, const std::string& directory,
                Progress& progress)
      : api_(api), paging_(paging), directory_(directory), progress_(progress) {}

  // Everything but the time at which it was complete.
  absl::StatusOr<Snapshot> Read(const GroupFilter& managed, const CallContext& context);

  // This Crowd gave all users in one answer, so the members of any group come in one too.
  bool gives_all() const { return gives_all_; }

 private:
  class Users;
  class Groups;
  class Members;
  struct ListedGroup {
    std::string name;
    uint32_t handle = 0;
    bool wanted = false;
    bool read = false;  // its members are known
  };

  absl::Status AddUser(const CrowdRow& row);
  absl::Status AddGroup(const CrowdRow& row, const GroupFilter& managed);
  // Groups and members belong together: read again where a group came in between.
  absl::Status ReadGroupsAndMembers(CrowdLister& lister, const GroupFilter& managed,
                                    const CallContext& context);
  // Sets `unlisted` to a wanted group that the list did not have, if there is one.
  absl::Status ReadMemberships(const GroupFilter& managed, std::string& unlisted,
                               const CallContext& context);
  absl::Status ReadOneByOne(const CallContext& context);
  absl::Status ReadMembersOf(ListedGroup& group, const CallContext& context);
  // The id of the account of that name; empty, and counted, where there is none.
  absl::string_view AccountOf(absl::string_view name);

  CrowdApi& api_;
  const CrowdPaging paging_;
  const std::string directory_;
  Progress& progress_;
  RosterBuilder builder_;
  StringArena texts_;
  IdIndex names_;                       // of the accounts, folded
  std::vector<absl::string_view> ids_;  // of the accounts, by the same numbers
  IdIndex group_names_;                 // folded
  std::vector<ListedGroup> groups_;     // by the same numbers
  bool gives_all_ = false;
  int64_t dangling_ = 0;
  Snapshot snapshot_;
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_CROWD_SNAPSHOT_H_
