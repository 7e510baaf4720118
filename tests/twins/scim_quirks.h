// The switchable oddities of a SCIM server: each is something a real server does. Without any, the
// twin keeps to RFC 7643 and RFC 7644. Names are those of `--quirk`; dialects are sets of them.
// Values are plain; no threads.
//
// Example:
//   ScimQuirks quirks = {Quirk::kPatch204, Quirk::kDuplicateMembers};
#ifndef TESTS_TWINS_SCIM_QUIRKS_H_
#define TESTS_TWINS_SCIM_QUIRKS_H_

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rollcall::twins {

enum class Quirk : uint8_t {
  // Creating
  kNoLocation,
  kRelativeLocation,
  kCreateWithoutId,
  kContentTypeText,
  kUserNameCaseSensitive,
  kUserNameOptional,
  kIdsAreUserNames,
  kPoisonPercent,
  kEmailUnique,
  kEmailStaysReserved,
  kConflictWithoutScimType,
  kDuplicatePatch500,
  kDuplicatePatchApplied500,
  kReservedGroupNames,
  kDuplicateGroupNames,
  // Listing
  kPagingIgnored,
  kLastPageRepeated,
  kDropPastEnd,
  kUnstableOrder,
  kItemsPerPageRequested,
  kTooMany500,
  kResourcesAbsentWhenEmpty,
  kResourcesNullWhenEmpty,
  kCountZero500,
  kBadStartIndex400,
  kBadStartIndexEchoed,
  kFilterLimited,
  kFilterFindsUserNameOnly,
  kFilterCompoundEmpty,
  kFilterUnknownEmpty,
  kFilterCaseSensitive,
  kFilterBackslashEmpty,
  kFilterEscapeRefused,
  kFilterPercent500,
  kFilterUpperCaseDrops,
  kAttributesDropId,
  kAttributesIgnored,
  kExcludedAttributesIgnored,
  kTrailingSlash404,
  kAbsoluteEndpoints,
  kUserGroups,
  kMembersAbsentInLists,
  kMembersAbsentWhenEmpty,
  // `active`
  kActiveSometimesAbsent,
  kActiveNeverShown,
  kActiveStringCoerced,
  kActiveStringStored,
  kActiveStringIsTrue,
  kPutActiveNull,
  // PATCH
  kPatch204,
  kPatchGroup204,
  kNoopPatch204,
  kNoopBumpsVersion,
  kPatchApplied500,
  kAddActive501,
  kOpCaseSensitive,
  kLowerOperationsAccepted,
  kLowerOperationsNoop,
  kUnknownPathNoop,
  kPatchNotAtomic,
  kMissingId500,
  kNoMatchCreates,
  // Groups and members
  kCreateMembersIgnored,
  kPutMembersIgnored,
  kUnknownMemberStored,
  kUnknownMember500,
  kUnknownMemberDropped,
  kUnknownMember404,
  kDuplicateMembers,
  kReplaceMembersMerges,
  kReplacePathlessAppends,
  kReplacePathlessNoop,
  kAddPathless400,
  kAddPathlessNoop,
  kRemoveAllNoop,
  kRemoveAll400,
  kRemoveFilter501,
  kRemoveFilterApplied400,
  kRemoveOrFilterNoop,
  kRemoveNoMatch400,
  kRemoveValueArray400,
  kRemoveValueArrayWipes,
  kSingleMember400,
  kSingleMember500,
  kRenameGroup501,
  kGroupNameImmutable,
  kGroupNameImmutableSilent,
  kDanglingMembers,
  kPutGroupJavaException,
  // Versions
  kEtagIgnored,
  kEtagChecked,
  kEtagRequired,
  kEtagDeleteIgnored,
  // Errors and discovery
  kErrorStatusInteger,
  kErrorDetailArray,
  kErrorText,
  kErrorHtml,
  kErrorEmpty,
  kErrorInventedScimType,
  kAuthErrorNotScim,
  kAuthErrorText,
  kNoWwwAuthenticate,
  kNoServiceProviderConfig,
  kServiceProviderConfigDenies,
  kMicrosecondTimes,
  kAtlassianAccounts,
  kAccountsStay,
  kNoopPatchAccountStays,
  kCount_,  // how many there are; no quirk
};

// One row of the table: the name for the command line and the sentence for `--list-quirks`.
struct QuirkInfo {
  Quirk quirk;
  const char* name;
  const char* meaning;
};
absl::Span<const QuirkInfo> AllQuirks();
std::optional<Quirk> FindQuirk(absl::string_view name);

class ScimQuirks {
 public:
  ScimQuirks() = default;
  ScimQuirks(std::initializer_list<Quirk> quirks) {
    for (const Quirk quirk : quirks) Set(quirk);
  }
  bool Has(Quirk quirk) const { return bits_.test(static_cast<size_t>(quirk)); }
  void Set(Quirk quirk) { bits_.set(static_cast<size_t>(quirk)); }
  bool operator==(const ScimQuirks&) const = default;

 private:
  std::bitset<static_cast<size_t>(Quirk::kCount_)> bits_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_QUIRKS_H_
