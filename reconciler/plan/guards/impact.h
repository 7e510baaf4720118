// Impact: one thing that a plan does to one account, whether the change is sent or follows from
// another one by itself (an effect, rule R2): guards and withholding judge both alike. Values that
// point into the draft and the changes they were made from; keep those alive. Pure.
//
// The group of an effect on a membership is the group of that name (folded) in the effect's
// directory: a synced group keeps its name.
#ifndef RECONCILER_PLAN_GUARDS_IMPACT_H_
#define RECONCILER_PLAN_GUARDS_IMPACT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

struct Impact {
  size_t change = 0;  // index of the change that brings it
  bool effect = false;
  Action action = Action::kDeactivate;
  absl::string_view directory_id;
  const DraftDirectory* directory = nullptr;  // null: that directory was not read
  absl::string_view account_id;
  AccountIndex account = kNoAccount;  // kNoAccount: not in the snapshot
  absl::string_view group;            // the target's name; empty for (de)activations
  GroupIndex group_index = kNoGroup;
  std::string person;  // who counts as one: the stable id, else "directory/account"
};

// In the order of the changes, each followed by its effects.
std::vector<Impact> ImpactsOf(const Export& exported, const Draft& draft,
                              const std::vector<Change>& changes);

const DraftDirectory* FindDirectory(const Draft& draft, absl::string_view id);

// The stable id of the person behind an account, as far as linking knows one: linked, a second
// account of a linked person, or one whom the export no longer holds. Empty: nobody.
absl::string_view PersonBehind(const Export& exported, const DraftDirectory& directory,
                               AccountIndex account);

// "directory/account": how an account without a person is named in findings.
std::string AccountName(absl::string_view directory, absl::string_view account);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_IMPACT_H_
