// Managed groups: which groups of a directory the configuration names, with the export's groups
// that say who belongs in them (rules S1, G1, G4 to G7). Pure.
#ifndef RECONCILER_PLAN_MANAGED_GROUPS_H_
#define RECONCILER_PLAN_MANAGED_GROUPS_H_

#include <string>
#include <vector>

#include "reconciler/plan/export.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/roster.h"
#include "reconciler/plan/spec.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

struct ManagedGroup {
  GroupIndex group = kNoGroup;  // into the snapshot's groups
  GroupMode mode =
      GroupMode::kExact;            // after G7: additive until adopted where a pattern took it in
  bool removals_held = false;       // `group_held`: nothing is removed (rules G4, G5)
  std::vector<PersonIndex> wanted;  // people whom the export lists; sorted, unique
};

struct ManagedGroups {
  std::vector<ManagedGroup> groups;  // sorted by group index
  std::vector<Finding>
      findings;  // group_not_in_export, group_held, group_missing, ambiguous, nested_access
};

ManagedGroups ResolveGroups(const Spec& spec, const DirectorySpec& directory,
                            const Export& exported, const Memory& memory, const Roster& roster);

// The filter for reading: every group that could be managed in this directory by a rule, named in
// `managed: {groups}`, `protected` (group:, members:) or `min_admins`.
class ManagedGroupFilter final : public GroupFilter {
 public:
  ManagedGroupFilter(const Spec& spec, const DirectorySpec& directory, const Export& exported);
  bool Wants(absl::string_view group_name) const override;

 private:
  std::vector<std::string> exact_;  // folded, sorted
  std::vector<std::string> patterns_;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_MANAGED_GROUPS_H_
