// The switchable oddities of a Jira Cloud site. Without any, the twin does what is documented or,
// where nothing is, what is believed most; each quirk is another reading of the documentation, what
// clients have seen, or what has been reported. Names are those of `--jira-quirk`. Values are
// plain; no threads.
//
// Example:
//   JiraQuirks quirks = {JiraQuirk::kShortPages, JiraQuirk::kReaddOk};
#ifndef TESTS_TWINS_JIRA_QUIRKS_H_
#define TESTS_TWINS_JIRA_QUIRKS_H_

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rollcall::twins {

enum class JiraQuirk : uint8_t {
  // Access
  kAnonymousReads,
  kBrowseForbidden,
  kNotAdmin,
  kHtml200,
  kDataCenter,
  kDataCenterJson,
  // Limits
  kEdge429,
  kQuota429,
  kNearLimit,
  kQuotaHeaders,
  kSearchLimit,
  kUsersSearch409,
  // Lists
  kShortPages,
  kShortUsers,
  kEmptyPage,
  kShiftedPages,
  kRepeatedRows,
  kTotalLies,
  kIsLastAbsent,
  kNextPageAbsent,
  kMaxResultsLower,
  kAccessType500,
  // What a record says
  kEmailHidden,
  // Writes
  kExternalUserManagement,
  kExternal403,
  kSyncedGroupRefused,
  kReaddOk,
  kRemoveAbsent400,
  kRemoveAbsentOk,
  kUninvitedJoins,
  kCreateExists400,
  kRevive500,
  kDeleteUser400,
  kCount_,  // how many there are; no quirk
};

// One row of the table: the name for the command line and the sentence for `--list-quirks`.
struct JiraQuirkInfo {
  JiraQuirk quirk;
  const char* name;
  const char* meaning;
};
absl::Span<const JiraQuirkInfo> AllJiraQuirks();
std::optional<JiraQuirk> FindJiraQuirk(absl::string_view name);
// Is this the name of what a twin does without any quirk (already_member_400, remove_absent_404,
// uninvited_404)? Such names may be given and change nothing.
bool IsUsualForJira(absl::string_view name);

class JiraQuirks {
 public:
  JiraQuirks() = default;
  JiraQuirks(std::initializer_list<JiraQuirk> quirks) {
    for (const JiraQuirk quirk : quirks) Set(quirk);
  }
  bool Has(JiraQuirk quirk) const { return bits_.test(static_cast<size_t>(quirk)); }
  void Set(JiraQuirk quirk) { bits_.set(static_cast<size_t>(quirk)); }

 private:
  std::bitset<static_cast<size_t>(JiraQuirk::kCount_)> bits_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_QUIRKS_H_
