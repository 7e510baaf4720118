// The switchable oddities of a Crowd server. Without any, the twin does what is documented or
// believed most; each quirk is what another version does, what is only believed, or what has been
// reported. Names are those of `--crowd-quirk`. Values are plain; no threads.
//
// Example:
//   CrowdQuirks quirks = {CrowdQuirk::kUnknownListEmpty, CrowdQuirk::kActiveOmittedFalse};
#ifndef TESTS_TWINS_CROWD_QUIRKS_H_
#define TESTS_TWINS_CROWD_QUIRKS_H_

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rollcall::twins {

enum class CrowdQuirk : uint8_t {
  // Access
  kAddressForbidden,
  kNewContainerPages,
  kPasswordBeforeAddress,
  kNoSessionReuse,
  kSessionSuffices,
  kNoChallenge,
  kXsrfRequired,
  kNoRetryAfter,
  // Shapes of answers
  kDefaultJson,
  kNoVersionHeader,
  kSwaggerShapes,
  kNewUserFields,
  kBlankOmitted,
  kBlankNull,
  kNoListExpand,
  kEmptyWithoutType,
  kFrameworkErrorsJson,
  kAliasesIgnored,
  // Lists
  kZeroMaxResultsEmpty,
  kNegativeStartIsZero,
  kUnknownListEmpty,
  kMembershipPagesDrop,
  kMembershipPagesRepeat,
  kUnstableOrder,
  // Users
  kMissingParameter500,
  kCreateWithoutBody,
  kCreateGroupWithBody,
  kCreateAttributesIgnored,
  kCreatePasswordOptional,
  kPutNameInvalidUser,
  kPutNameCaseSensitive,
  kActiveOmittedFalse,
  kActiveOmittedRejected,
  kActiveStringRejected,
  kPutSetsPassword,
  kPutSetsAttributes,
  kUnknownMembersIgnored,
  kUnknownMembers500,
  kEmailChangeRefused,
  kEmailChangeIgnored,
  kEmailLowered,
  kNamesNotDerived,
  kDeactivateDropsMemberships,
  kRenameMissing,
  kEmptyValuesKept,
  kAttributeLimit255,
  // Groups and memberships
  kBodyMissing404,
  kExistingMembershipOk,
  kOtherExistingMembership400,
  kAbsentMembershipOk,
  kParentFilterBoth,
  kMembershipMissing,
  kMembershipJson406,
  kMembershipTruncated,
  // Several directories
  kAddWhereUserLives,
  kUpdateFirstWritable,
  kReadOnlyUnsupported,
  // Search, events, sessions
  kJsonSearchAccepted,
  kStaleSearchOnly,
  kEventsMissing,
  kEventsUnavailable,
  kEventsTwice,
  kEventsWhole,
  kEventsByKind,
  kEventsXmlOnly,
  kUnknownSession400,
  kCount_,  // how many there are; no quirk
};

// One row of the table: the name for the command line and the sentence for `--list-quirks`.
struct CrowdQuirkInfo {
  CrowdQuirk quirk;
  const char* name;
  const char* meaning;
};
absl::Span<const CrowdQuirkInfo> AllCrowdQuirks();
std::optional<CrowdQuirk> FindCrowdQuirk(absl::string_view name);

class CrowdQuirks {
 public:
  CrowdQuirks() = default;
  CrowdQuirks(std::initializer_list<CrowdQuirk> quirks) {
    for (const CrowdQuirk quirk : quirks) Set(quirk);
  }
  bool Has(CrowdQuirk quirk) const { return bits_.test(static_cast<size_t>(quirk)); }
  void Set(CrowdQuirk quirk) { bits_.set(static_cast<size_t>(quirk)); }

 private:
  std::bitset<static_cast<size_t>(CrowdQuirk::kCount_)> bits_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_QUIRKS_H_
