// Outlook: how many active members a group has now, and how many it will have when the plan is
// applied, effects included. Direct members only (rule G1). Pure; made once per guard.
#ifndef RECONCILER_PLAN_GUARDS_OUTLOOK_H_
#define RECONCILER_PLAN_GUARDS_OUTLOOK_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "reconciler/plan/guards/impact.h"

namespace rollcall {

struct ActiveMembers {
  int64_t now = 0;
  int64_t then = 0;
};

class Outlook {
 public:
  explicit Outlook(const std::vector<Impact>& impacts);
  ActiveMembers Of(const DraftDirectory& directory, GroupIndex group) const;
  // Of(…).then > 0, at the cost of the members up to the first one who stays: nearly always one.
  bool KeepsActiveMember(const DraftDirectory& directory, GroupIndex group) const;
  // Those who administer the organisation by role and have access.
  ActiveMembers Administrators(const DraftDirectory& directory) const;

 private:
  struct DirectoryOutlook {
    absl::flat_hash_map<AccountIndex, bool> active;  // as the plan leaves it, where it changes
    absl::flat_hash_set<std::pair<GroupIndex, AccountIndex>> removed;
    absl::flat_hash_map<GroupIndex, absl::flat_hash_set<AccountIndex>> added;

    bool ActiveThen(const Roster& roster, AccountIndex account) const;
    bool StaysActive(const Roster& roster, const Membership& member) const;
    // Active accounts that are no members yet.
    int64_t Joining(const Roster& roster, GroupIndex group) const;
  };
  const DirectoryOutlook& In(const DraftDirectory& directory) const;

  absl::flat_hash_map<const DraftDirectory*, DirectoryOutlook> directories_;
  DirectoryOutlook nothing_;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_OUTLOOK_H_
