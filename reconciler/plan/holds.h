// Holds: which recorded exception is in force for whom (rule H1). Where both kinds are, the one
// that keeps the person out wins. Pure; points into the Memory that it was made from.
#ifndef RECONCILER_PLAN_HOLDS_H_
#define RECONCILER_PLAN_HOLDS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/export.h"
#include "reconciler/plan/memory.h"
#include "reconciler/plan/roster.h"

namespace rollcall {

class HoldIndex {
 public:
  explicit HoldIndex(const std::vector<Hold>& holds);

  // The hold on a person of the export: by stable id; by user name, e-mail or alias where the hold
  // was recorded for somebody whom the export did not know. Null: none.
  const Hold* For(const Person& person) const;
  // The hold on a person who is gone from the export.
  const Hold* ForGone(absl::string_view person_id) const;
  // The hold on an account that belongs to nobody of the export.
  const Hold* For(const Account& account) const;

 private:
  const Hold* ForName(absl::string_view name) const;
  absl::flat_hash_map<std::string, const Hold*> by_person_;
  absl::flat_hash_map<std::string, const Hold*> by_name_;  // folded
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_HOLDS_H_
