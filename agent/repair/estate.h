// Estate: all directories as they were read, seen by who repairs an account: is it there, who bears
// an address, and would the guards leave it alone? Judges by the guards of plans themselves. Points
// into what it is made of. One thread.
#ifndef AGENT_REPAIR_ESTATE_H_
#define AGENT_REPAIR_ESTATE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/repair/repair_view.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

class Estate {
 public:
  // `organisation`: the directory's id.
  Estate(const PlanInput& input, const Draft& draft, std::string organisation);

  // Exit code 6 where something that decides was not read: the organisation, or, where there are
  // entries of `protected`, any directory.
  absl::Status CheckRead() const;
  // nullopt: the organisation does not show it.
  std::optional<SeenAccount> Find(const std::string& account) const;
  // By id.
  std::vector<SeenAccount> WithEmail(const std::string& email) const;
  // Exit code 3 where `protected`, `self` or `apply: false` would leave a change of the account, or
  // of one of the records, out of a plan.
  absl::Status CheckAllowed(const std::string& account,
                            const std::vector<SeenRecord>& records) const;

 private:
  Change ChangeOf(const DraftDirectory& directory, const std::string& account) const;

  const PlanInput& input_;
  const Draft& draft_;
  const std::string organisation_;
};

}  // namespace rollcall

#endif  // AGENT_REPAIR_ESTATE_H_
