// What Okta's statuses of a user mean. Pure.
#ifndef CLIENTS_IDP_OKTA_STATUS_H_
#define CLIENTS_IDP_OKTA_STATUS_H_

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/export.h"

namespace rollcall::idp {

// In any case. PROVISIONED is active, since activation at Okta already provisions apps. Not a
// status of Okta: nullopt.
inline std::optional<Standing> StandingOfOktaStatus(absl::string_view status) {
  constexpr absl::string_view kActive[] = {"ACTIVE", "PASSWORD_EXPIRED", "LOCKED_OUT", "RECOVERY",
                                           "PROVISIONED"};
  constexpr absl::string_view kInactive[] = {"STAGED", "SUSPENDED", "DEPROVISIONED"};
  for (absl::string_view each : kActive) {
    if (absl::EqualsIgnoreCase(each, status)) return Standing::kActive;
  }
  for (absl::string_view each : kInactive) {
    if (absl::EqualsIgnoreCase(each, status)) return Standing::kInactive;
  }
  return std::nullopt;
}

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_OKTA_STATUS_H_
