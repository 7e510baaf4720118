// Protection: what the entries of `protected` mean in the directories that were read (the forms are
// listed in guard.h). Where an entry could mean more or less it means more: a change that is left
// out is named and can be made by hand. Pure; made once per plan.
#ifndef RECONCILER_PLAN_GUARDS_PROTECTION_H_
#define RECONCILER_PLAN_GUARDS_PROTECTION_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "reconciler/plan/guards/folded_names.h"
#include "reconciler/plan/guards/impact.h"

namespace rollcall {

class Protection {
 public:
  Protection(const PlanInput& input, const Draft& draft);

  bool CoversAccount(const Impact& impact) const;
  // The memberships of the group are protected.
  bool CoversGroup(const Impact& impact) const;

  // Warnings: entries that fit nothing, `members:` groups with groups inside.
  std::vector<Finding> Warnings() const;

 private:
  void Read(const std::vector<std::string>& entries);
  void FindPeople();
  void FindAccounts(const DraftDirectory& directory);
  void FindGroups(const DraftDirectory& directory);
  void ProtectMembers(const DraftDirectory& directory, GroupIndex group);
  void ProtectAccountAndPerson(const DraftDirectory& directory, AccountIndex account);

  const PlanInput& input_;
  const Draft& draft_;
  std::vector<bool> fits_;  // parallel to the entries
  FoldedNames names_;
  absl::flat_hash_map<std::string, size_t> ids_;         // entries that may be stable ids
  std::vector<std::pair<std::string, size_t>> groups_;   // patterns of group:
  std::vector<std::pair<std::string, size_t>> members_;  // patterns of members:
  absl::flat_hash_set<std::string> people_;              // stable ids
  absl::flat_hash_set<std::string> accounts_;            // "directory/account"
  std::set<std::string> nested_;  // "directory/group": members: groups with groups inside
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_PROTECTION_H_
