// Entitlement: who should have an account in a directory (rules E1 and E2). Pure.
#ifndef RECONCILER_PLAN_ENTITLEMENT_H_
#define RECONCILER_PLAN_ENTITLEMENT_H_

#include <string>
#include <vector>

#include "reconciler/plan/export.h"
#include "reconciler/plan/spec.h"

namespace rollcall {

struct Entitlement {
  std::vector<bool> entitled;  // parallel to Export::people
  // An entitling group is missing, held or doubled: nobody may lose an account for not being
  // entitled, since the list may be incomplete.
  bool uncertain = false;
  std::vector<Finding> findings;
};

Entitlement Entitle(const DirectorySpec& directory, const Export& exported);

// Rule E2, parallel to Export::people.
std::vector<bool> Excluded(const Spec& spec, const Export& exported);

bool Holds(const Condition& condition, const Person& person);

// Attributes that the export must keep for these rules (snake case).
std::vector<std::string> NeededAttributes(const Spec& spec);

// The export's groups of that name or e-mail, folded.
std::vector<size_t> FindExportGroups(const Export& exported, absl::string_view name);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_ENTITLEMENT_H_
