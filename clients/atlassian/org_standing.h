// OrgStanding: what is known of one account of the organisation, and what follows from it (rules A4
// and A5). Values and pure functions, any thread.
//
// What the API may say in other words than the documents is never taken for active: such an account
// is untouchable, and the oddity is told.
#ifndef CLIENTS_ATLASSIAN_ORG_STANDING_H_
#define CLIENTS_ATLASSIAN_ORG_STANDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/atlassian/org_rows.h"
#include "reconciler/plan/roster.h"

namespace rollcall {

enum class OrgMembership : uint8_t { kNone, kActive, kSuspended };

// The account in one directory, by the directory's number in the list of them.
struct OrgPlace {
  uint16_t directory = 0;
  OrgMembership status = OrgMembership::kNone;
  bool operator==(const OrgPlace&) const = default;
};

struct OrgStanding {
  bool claimed = false;           // managed by this organisation
  bool account_active = false;    // the account itself, whatever its directories say
  bool administrator = false;     // of the organisation, by role
  bool untouchable = false;       // rule A5, or not understood
  bool pending_deletion = false;  // therefore untouchable
  bool synced = false;            // an identity provider's directory manages it
  // The directories that it belongs to, in the order of their numbers.
  std::vector<OrgPlace> places;

  int Count(OrgMembership status) const;
};

// How accounts are taken out (policy `deactivate_by`).
enum class OrgWay : uint8_t { kAccount, kDirectory };

// Is suspending in directories the way to take this account out?
inline bool GoesByDirectory(const OrgStanding& standing, OrgWay way) {
  return way == OrgWay::kDirectory || !standing.claimed;
}

// Nothing could ever be changed: it goes by directory and belongs to none. Such an account is no
// account of these directories (rule A4 would call it fully active and fully inactive at once).
bool IsNowhere(const OrgStanding& standing, OrgWay way);

AccountState StateOf(const OrgStanding& standing, OrgWay way);

// Write requests that would take the account out, or bring it back.
int DeactivateWrites(const OrgStanding& standing, OrgWay way);
int ActivateWrites(const OrgStanding& standing);

// What a row says, without places; `oddity` is set to why the account is untouchable where that is
// not by rule A5, else left alone.
OrgStanding StandingOf(const OrgUser& user, std::string* oddity);

// "active", "suspended", "no_membership"; false for any other word.
bool ParseMembership(absl::string_view word, OrgMembership* status);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_STANDING_H_
