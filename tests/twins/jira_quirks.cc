#include "tests/twins/jira_quirks.h"

namespace rollcall::twins {
namespace {

using JQ = JiraQuirk;

constexpr JiraQuirkInfo kJiraQuirks[] = {
    {JQ::kAnonymousReads, "anonymous_reads",
     "lists for wrong credentials: 200 and nothing in it, not 401"},
    {JQ::kBrowseForbidden, "browse_forbidden",
     "the caller may not browse users and groups: 403; searches find nothing"},
    {JQ::kNotAdmin, "not_admin", "the caller is no administrator: writes 403"},
    {JQ::kHtml200, "html_200", "every read: 200 and the page for logging in"},
    {JQ::kDataCenter, "data_center",
     "a Jira Data Center: /rest/api/2/serverInfo says Server, /rest/api/3 is an HTML 404"},
    {JQ::kDataCenterJson, "data_center_json", "with data_center: the 404 is JSON"},

    {JQ::kEdge429, "edge_429",
     "429 of the edge, without Retry-After: for calls above rate_limit, or for every call without "
     "one"},
    {JQ::kQuota429, "quota_429", "the 429 above rate_limit is that of an hourly quota"},
    {JQ::kNearLimit, "near_limit", "answers say that little is left: X-RateLimit-NearLimit"},
    {JQ::kQuotaHeaders, "quota_headers", "answers have the Beta-RateLimit headers"},
    {JQ::kSearchLimit, "search_limit", "every user/search: 429 with Retry-After"},
    {JQ::kUsersSearch409, "users_search_409", "every users/search: 409, as after ten seconds"},

    {JQ::kShortPages, "short_pages",
     "every third row is filtered out after paging: pages are short and not the last"},
    {JQ::kShortUsers, "short_users",
     "the same of users/search alone: lists of groups and members are whole"},
    {JQ::kEmptyPage, "empty_page", "the second page is empty, and more follow"},
    {JQ::kShiftedPages, "shifted_pages",
     "a row vanishes after the first page: the second begins one row too late"},
    {JQ::kRepeatedRows, "repeated_rows",
     "a row appears after the first page: the second begins with the first's last row"},
    {JQ::kTotalLies, "total_lies", "total counts no further than the page"},
    {JQ::kIsLastAbsent, "is_last_absent", "pages do not say isLast"},
    {JQ::kNextPageAbsent, "next_page_absent", "pages do not say nextPage"},
    {JQ::kMaxResultsLower, "max_results_lower",
     "pages are half as long as was asked for, and say so in maxResults"},
    {JQ::kAccessType500, "access_type_500", "group/bulk with any accessType: 500"},

    {JQ::kEmailHidden, "email_hidden", "nobody's e-mail is shown"},

    {JQ::kExternalUserManagement, "external_user_management",
     "users and memberships cannot be written: 400, external user management is enabled"},
    {JQ::kExternal403, "external_403",
     "the refusal of external user management and of synced groups is 403, not 400"},
    {JQ::kSyncedGroupRefused, "synced_group_refused",
     "members of a synced group cannot be written: the same refusal"},
    {JQ::kReaddOk, "readd_ok", "adding a member again: 201, not 400"},
    {JQ::kRemoveAbsent400, "remove_absent_400", "removing who is no member: 400, not 404"},
    {JQ::kRemoveAbsentOk, "remove_absent_ok", "removing who is no member: 200, not 404"},
    {JQ::kUninvitedJoins, "uninvited_joins",
     "a managed account that nobody invited can be added to a group, and is invited by it: 201, "
     "not 404"},
    {JQ::kCreateExists400, "create_exists_400",
     "POST /user for an account of the site without access: 400"},
    {JQ::kRevive500, "revive_500", "POST /user for who was taken off the site: 500"},
    {JQ::kDeleteUser400, "delete_user_400", "nobody can be taken off the site: 400"},
};

static_assert(sizeof(kJiraQuirks) / sizeof(kJiraQuirks[0]) == static_cast<size_t>(JQ::kCount_),
              "every quirk has one row");

constexpr const char* kUsual[] = {"already_member_400", "remove_absent_404", "uninvited_404"};

}  // namespace

absl::Span<const JiraQuirkInfo> AllJiraQuirks() { return kJiraQuirks; }

std::optional<JiraQuirk> FindJiraQuirk(absl::string_view name) {
  for (const JiraQuirkInfo& info : kJiraQuirks) {
    if (name == info.name) return info.quirk;
  }
  return std::nullopt;
}

bool IsUsualForJira(absl::string_view name) {
  for (const char* usual : kUsual) {
    if (name == usual) return true;
  }
  return false;
}

}  // namespace rollcall::twins
