// The switchable oddities of an Atlassian organisation. Without any, the twin does what is
// documented or, where nothing is, what is believed most; each quirk is another reading of the
// documentation, what clients have seen, or what has been reported. Names are those of
// `--org-quirk`. Values are plain; no threads.
//
// Example:
//   OrgQuirks quirks = {OrgQuirk::kNextUrl, OrgQuirk::kStatusPerDirectory};
#ifndef TESTS_TWINS_ORG_QUIRKS_H_
#define TESTS_TWINS_ORG_QUIRKS_H_

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rollcall::twins {

enum class OrgQuirk : uint8_t {
  // Access
  kKeyExpired,
  kKeyScoped,
  kKeyScopedReads,
  kScope403Proxy,
  kForbidden,
  kWrongOrgGateway,
  kWrongOrg403,
  kRetryAfter,
  kNoRateHeaders,
  // Errors
  kErrorStatusNumber,
  kErrorWithoutId,
  kErrorsEmpty,
  kErrorsProxy,
  kErrorsGateway,
  kLegacyGone,
  kListsEnded,
  kSearchMissing,
  kHtml200,
  kEmpty200,
  // Lists
  kNextUrl,
  kV1NextToken,
  kNextNull,
  kNextEmpty,
  kNextLoops,
  kLinksAbsent,
  kCursorAlone,
  kShortPages,
  kEmptyPage,
  kRepeatedRows,
  kShiftedPages,
  // What a record says
  kStatusPerDirectory,
  kUninvitedEverywhere,
  kUninvitedHidden,
  kUnknownEnums,
  kUnknownStatuses,
  kEmailAbsent,
  kClaimAbsent,
  kSourceNull,
  kNoAssignments,
  // Writes in directories
  kDashWrite404,
  kReaddOk,
  kRemoveAbsentOk,
  kLicenceLimit,
  kLicenceLimit400,
  kLicenceLimitV1,
  kAdminSuspendAllowed,
  kSyncedSuspendRefused,
  kRestoreInactive400,
  kSyncedGroupWritable,
  kSyncedWriteIgnored,
  kAdminGroupRefused,
  kDefaultGroupRefused,
  // User management
  kDisableAgain409,
  kAdminDisableAllowed,
  kAdminDisable409,
  kPrivilegesLie,
  kPrivilegesMissing,
  kUnverifiedAllowed,
  kUnverifiedHidesPrivileges,
  kContextAbsent,
  kContextText,
  kPlainManageErrors,
  kNotFoundKey,
  kDeleteNamesAccount,
  // Links of SCIM records
  kUnlink200,
  kUnlink202,
  kUnlinkMissing,
  kUnlinkIgnored,
  kUnlinkForgets,
  kDeleteRecordsIgnored,
  kLinksMissing,
  kCount_,  // how many there are; no quirk
};

// One row of the table: the name for the command line and the sentence for `--list-quirks`.
struct OrgQuirkInfo {
  OrgQuirk quirk;
  const char* name;
  const char* meaning;
};
absl::Span<const OrgQuirkInfo> AllOrgQuirks();
std::optional<OrgQuirk> FindOrgQuirk(absl::string_view name);

class OrgQuirks {
 public:
  OrgQuirks() = default;
  OrgQuirks(std::initializer_list<OrgQuirk> quirks) {
    for (const OrgQuirk quirk : quirks) Set(quirk);
  }
  bool Has(OrgQuirk quirk) const { return bits_.test(static_cast<size_t>(quirk)); }
  void Set(OrgQuirk quirk) { bits_.set(static_cast<size_t>(quirk)); }

 private:
  std::bitset<static_cast<size_t>(OrgQuirk::kCount_)> bits_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_QUIRKS_H_
