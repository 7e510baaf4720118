#include "tests/twins/org_quirks.h"

namespace rollcall::twins {
namespace {

using OQ = OrgQuirk;

constexpr OrgQuirkInfo kOrgQuirks[] = {
    {OQ::kKeyExpired, "key_expired", "the key counts for nothing: 401"},
    {OQ::kKeyScoped, "key_scoped",
     "a key with scopes: writes 401 INSUFFICIENT_SCOPE, /users/… 403 that names manage:org, "
     "/v1/orgs empty"},
    {OQ::kKeyScopedReads, "key_scoped_reads",
     "with key_scoped: the scopes for directories, users and groups are missing as well: 401"},
    {OQ::kScope403Proxy, "scope_403_proxy",
     "with key_scoped: the 403 of /users/… is {code, message} instead of {key}"},
    {OQ::kForbidden, "forbidden", "whoever made the key is no administrator: 403 of the gateway"},
    {OQ::kWrongOrgGateway, "wrong_org_gateway",
     "an unknown organisation: 404 of the gateway, not ADMIN-404-2"},
    {OQ::kWrongOrg403, "wrong_org_403",
     "an unknown organisation: 403 of the gateway, not ADMIN-404-2"},
    {OQ::kRetryAfter, "retry_after", "429 with Retry-After beside X-RateLimit-Reset"},
    {OQ::kNoRateHeaders, "no_rate_headers", "429 without a word when to come back"},

    {OQ::kErrorStatusNumber, "error_status_number", "errors[].status is a number"},
    {OQ::kErrorWithoutId, "error_without_id", "errors[] have no id"},
    {OQ::kErrorsEmpty, "errors_empty", "writes in directories are refused without a body"},
    {OQ::kErrorsProxy, "errors_proxy", "errors as {code, message}"},
    {OQ::kErrorsGateway, "errors_gateway",
     "errors as {timestamp, path, status, error, message, requestId}"},
    {OQ::kLegacyGone, "legacy_gone", "what has ended answers 410, not 404"},
    {OQ::kListsEnded, "lists_ended", "GET of a directory's users and groups has ended"},
    {OQ::kSearchMissing, "search_missing", "there is no users/search and groups/search yet: 404"},
    {OQ::kHtml200, "html_200", "every read: 200 and an HTML page"},
    {OQ::kEmpty200, "empty_200", "every read: 200 and nothing"},

    {OQ::kNextUrl, "next_url", "v2: links.next is a URL, not a token"},
    {OQ::kV1NextToken, "v1_next_token", "v1: links.next is a token, not a URL"},
    {OQ::kNextNull, "next_null", "on the last page links.next is null"},
    {OQ::kNextEmpty, "next_empty", "on the last page links.next is empty"},
    {OQ::kNextLoops, "next_loops", "the last page names itself as the next"},
    {OQ::kLinksAbsent, "links_absent", "the last page has no links"},
    {OQ::kCursorAlone, "cursor_alone", "anything beside a cursor: 400"},
    {OQ::kShortPages, "short_pages", "pages are half as long as they could be"},
    {OQ::kEmptyPage, "empty_page", "the second page is empty, and more follow"},
    {OQ::kRepeatedRows, "repeated_rows", "later pages begin with the last row of the page before"},
    {OQ::kShiftedPages, "shifted_pages", "later pages begin one row too late"},

    {OQ::kStatusPerDirectory, "status_per_directory",
     "membershipStatus is that of the directory that was asked, not of all"},
    {OQ::kUninvitedEverywhere, "uninvited_everywhere",
     "every directory lists the managed accounts that are in none"},
    {OQ::kUninvitedHidden, "uninvited_hidden",
     "managed accounts that are in no directory are "
     "listed nowhere but among the managed accounts"},
    {OQ::kUnknownEnums, "unknown_enums",
     "accountType, managementSource and managedBy have values that nobody knows"},
    {OQ::kUnknownStatuses, "unknown_statuses",
     "accountStatus, membershipStatus and status have values that nobody knows"},
    {OQ::kEmailAbsent, "email_absent", "accounts have no e-mail"},
    {OQ::kClaimAbsent, "claim_absent", "accounts have no claimStatus"},
    {OQ::kSourceNull, "source_null", "managementSource is always null"},
    {OQ::kNoAssignments, "no_assignments", "accounts have no role assignments in directories"},

    {OQ::kDashWrite404, "dash_write_404", "a write in the directory \"-\": 404, not 400"},
    {OQ::kReaddOk, "readd_ok", "adding a member again: 204, not 409"},
    {OQ::kRemoveAbsentOk, "remove_absent_ok", "removing who is no member: 204, not 404"},
    {OQ::kLicenceLimit, "licence_limit", "restore and adding a member: 409 ADMIN-UAM-409-3"},
    {OQ::kLicenceLimit400, "licence_limit_400", "restore and adding a member: 400 ADMIN-400-32"},
    {OQ::kLicenceLimitV1, "licence_limit_v1", "restore and adding a member: 409 ADMIN-409-3"},
    {OQ::kAdminSuspendAllowed, "admin_suspend_allowed",
     "an organisation administrator can be suspended and restored"},
    {OQ::kSyncedSuspendRefused, "synced_suspend_refused",
     "suspend and restore of an account that another directory owns: 403"},
    {OQ::kRestoreInactive400, "restore_inactive_400",
     "suspend and restore of a deactivated account: 400 ADMIN-UAM-400-2"},
    {OQ::kSyncedGroupWritable, "synced_group_writable", "members of a synced group can be written"},
    {OQ::kSyncedWriteIgnored, "synced_write_ignored",
     "writing members of a synced group: 204, and nothing moves"},
    {OQ::kAdminGroupRefused, "admin_group_refused",
     "adding to a group that makes administrators: 403 ADMIN-403-7"},
    {OQ::kDefaultGroupRefused, "default_group_refused",
     "writing members of a default group: 403 ADMIN-403-6"},

    {OQ::kDisableAgain409, "disable_again_409", "disabling a disabled account: 409, not 204"},
    {OQ::kAdminDisableAllowed, "admin_disable_allowed",
     "an organisation administrator can be disabled"},
    {OQ::kAdminDisable409, "admin_disable_409",
     "disabling an organisation administrator: 409, not 403, and the privilege says allowed"},
    {OQ::kPrivilegesLie, "privileges_lie", "privileges say that everything is allowed"},
    {OQ::kPrivilegesMissing, "privileges_missing", "privileges do not name lifecycle.enablement"},
    {OQ::kUnverifiedAllowed, "unverified_allowed",
     "accounts whose e-mail is not verified can be managed"},
    {OQ::kUnverifiedHidesPrivileges, "unverified_hides_privileges",
     "privileges of an account whose e-mail is not verified: 403"},
    {OQ::kContextAbsent, "context_absent", "forbidden.action has no context"},
    {OQ::kContextText, "context_text", "the context of forbidden.action is a text"},
    {OQ::kPlainManageErrors, "plain_manage_errors",
     "errors of /users/… have no errorKey and errorDetail"},
    {OQ::kNotFoundKey, "not_found_key", "an unknown account at /users/…: notFound"},
    {OQ::kDeleteNamesAccount, "delete_names_account", "the answer to a deletion names the account"},

    {OQ::kUnlink200, "unlink_200", "unlinking a SCIM record: 200 with a body, not 204"},
    {OQ::kUnlink202, "unlink_202", "unlinking a SCIM record: 202, not 204"},
    {OQ::kUnlinkMissing, "unlink_missing", "there is no call that unlinks a SCIM record: 404"},
    {OQ::kUnlinkIgnored, "unlink_ignored", "unlinking a SCIM record: success, and nothing moves"},
    {OQ::kUnlinkForgets, "unlink_forgets",
     "a record that owns no account shows in no list of links, not even by its e-mail"},
    {OQ::kDeleteRecordsIgnored, "delete_records_ignored",
     "deleting the SCIM records of an account: success, and nothing moves"},
    {OQ::kLinksMissing, "links_missing", "there are no calls about links of SCIM records: 404"},
};

static_assert(sizeof(kOrgQuirks) / sizeof(kOrgQuirks[0]) == static_cast<size_t>(OQ::kCount_),
              "every quirk has one row");

}  // namespace

absl::Span<const OrgQuirkInfo> AllOrgQuirks() { return kOrgQuirks; }

std::optional<OrgQuirk> FindOrgQuirk(absl::string_view name) {
  for (const OrgQuirkInfo& info : kOrgQuirks) {
    if (name == info.name) return info.quirk;
  }
  return std::nullopt;
}

}  // namespace rollcall::twins
