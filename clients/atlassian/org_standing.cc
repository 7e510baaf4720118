#include "clients/atlassian/org_standing.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/http/server_answer.h"

namespace rollcall {
namespace {

bool IsOneOf(absl::string_view word, std::initializer_list<absl::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string Unknown(absl::string_view field, absl::string_view word) {
  return word.empty() ? absl::StrCat("no `", field, "`")
                      : absl::StrCat("an unknown `", field, "`, ", ForMessage(word, 40));
}

// What makes no sense in the row; empty: nothing.
std::string OddityOf(const OrgUser& user) {
  if (!IsOneOf(user.account_type, {"atlassian", "app", "customer"})) {
    return Unknown("accountType", user.account_type);
  }
  if (!IsOneOf(user.account_status, {"active", "inactive", "closed"})) {
    return Unknown("accountStatus", user.account_status);
  }
  if (!IsOneOf(user.claim_status, {"managed", "unmanaged"})) {
    return Unknown("claimStatus", user.claim_status);
  }
  if (!IsOneOf(user.status,
               {"", "active", "suspended", "not_invited", "deactivated", "for_deletion"})) {
    return Unknown("status", user.status);
  }
  OrgMembership membership;
  // An account that is switched off may say nothing of memberships.
  const bool may_be_silent = user.account_status == "inactive" && user.membership_status.empty();
  if (!may_be_silent && !ParseMembership(user.membership_status, &membership)) {
    return Unknown("membershipStatus", user.membership_status);
  }
  const bool says_active = IsOneOf(user.status, {"active", "suspended", "not_invited"});
  const bool contradicts = user.account_status == "active"     ? user.status == "deactivated"
                           : user.account_status == "inactive" ? says_active
                                                               : false;
  return contradicts ? absl::StrCat("`accountStatus` ", user.account_status, " beside `status` ",
                                    user.status)
                     : "";
}

}  // namespace

int OrgStanding::Count(OrgMembership status) const {
  return static_cast<int>(std::count_if(
      places.begin(), places.end(), [&](const OrgPlace& place) { return place.status == status; }));
}

bool IsNowhere(const OrgStanding& standing, OrgWay way) {
  return !standing.untouchable && GoesByDirectory(standing, way) &&
         standing.Count(OrgMembership::kActive) + standing.Count(OrgMembership::kSuspended) == 0;
}

AccountState StateOf(const OrgStanding& standing, OrgWay way) {
  if (standing.untouchable) return AccountState::kUntouchable;
  if (!standing.account_active) return AccountState::kInactive;
  const bool suspended = standing.Count(OrgMembership::kSuspended) > 0;
  if (!suspended) return AccountState::kActive;
  const bool everywhere = standing.Count(OrgMembership::kActive) == 0;
  return everywhere && GoesByDirectory(standing, way) ? AccountState::kInactive
                                                      : AccountState::kPartlyActive;
}

int DeactivateWrites(const OrgStanding& standing, OrgWay way) {
  if (!GoesByDirectory(standing, way)) return standing.account_active ? 1 : 0;
  return standing.Count(OrgMembership::kActive);
}

int ActivateWrites(const OrgStanding& standing) {
  return (standing.account_active ? 0 : 1) + standing.Count(OrgMembership::kSuspended);
}

OrgStanding StandingOf(const OrgUser& user, std::string* oddity) {
  OrgStanding standing;
  standing.claimed = user.claim_status == "managed";
  standing.account_active = user.account_status == "active";
  standing.administrator = user.administrator;
  standing.pending_deletion = user.status == "for_deletion";
  standing.synced = user.management_source == "synced";
  standing.untouchable = user.account_status == "closed" || user.status == "for_deletion" ||
                         user.account_type == "app" || user.account_type == "customer";
  if (standing.untouchable) return standing;
  std::string odd = OddityOf(user);
  if (odd.empty()) return standing;
  standing.untouchable = true;
  if (oddity != nullptr) *oddity = std::move(odd);
  return standing;
}

bool ParseMembership(absl::string_view word, OrgMembership* status) {
  if (word == "active") {
    *status = OrgMembership::kActive;
  } else if (word == "suspended") {
    *status = OrgMembership::kSuspended;
  } else if (word == "no_membership") {
    *status = OrgMembership::kNone;
  } else {
    return false;
  }
  return true;
}

}  // namespace rollcall
