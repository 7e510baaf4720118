#include "reconciler/plan/finding.h"

#include <array>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"

namespace rollcall {

bool IsDrift(const Finding& finding) {
  static constexpr std::array<absl::string_view, 14> kDrift = {
      "ambiguous", "link_conflict", "identity_reused", "email_conflict", "blocked_route",
      "contested", "masked", "read_only", "group_not_in_export", "group_held", "group_missing",
      "duplicate_people",
      // A leaver may be among accounts that nobody could judge.
      "unreadable_accounts",
      // Withheld by `apply: false` or `allow`: still drift, or a staged start would look in step.
      "not_allowed"};
  return absl::c_linear_search(kDrift, finding.name);
}

}  // namespace rollcall
