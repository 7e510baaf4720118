// Tally: how many different things of one kind a plan does, with what was applied in the last 24
// hours, and nothing counted twice: an account that was deactivated this morning and is deactivated
// again is one. Internal to the limits. One thread.
#ifndef RECONCILER_PLAN_GUARDS_TALLY_H_
#define RECONCILER_PLAN_GUARDS_TALLY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "reconciler/plan/guards/impact.h"
#include "reconciler/plan/memory.h"

namespace rollcall {

class Tally {
 public:
  // All planned ones first, then the past. `subject` is who or what a finding names for it.
  void AddPlanned(std::string unit, std::string subject);
  void AddPast(std::string unit);

  // A guard that judges changes is silent where the plan itself does nothing of the kind.
  bool planned() const { return !subjects_.empty(); }
  int64_t count() const { return static_cast<int64_t>(units_.size()); }
  int64_t past_only() const { return past_only_; }
  const std::vector<std::string>& subjects() const { return subjects_; }

 private:
  absl::flat_hash_set<std::string> units_;
  std::vector<std::string> subjects_;
  int64_t past_only_ = 0;
};

// What limits count as one within a directory: an account, or an account in a group.
std::string UnitOf(Action action, absl::string_view account, absl::string_view group);

// Does a change of the past count for this guard now: within 24 hours, and not under its waiver?
bool Counts(const PastChange& past, const char* guard, absl::Time now);

// Who counts as one for a change of the past: whom it was about then; where that is not known,
// whose the account is by today's links.
std::string PersonOf(const PastChange& past, const Export& exported, const Draft& draft);

// People whom this plan deactivates, and those whom the plans of the last 24 hours did, each with
// the run: taking them out of groups by the same plan is no second event.
absl::flat_hash_set<std::string> DeactivatedPeople(const std::vector<Impact>& impacts);
absl::flat_hash_set<std::pair<int64_t, std::string>> DeactivatedPeople(const PlanInput& input,
                                                                       const Draft& draft);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_TALLY_H_
