#include "tests/twins/crowd_quirks.h"

namespace rollcall::twins {
namespace {

using CQ = CrowdQuirk;

constexpr CrowdQuirkInfo kCrowdQuirks[] = {
    {CQ::kAddressForbidden, "address_forbidden",
     "403 as an HTML page: the caller's address is not among the application's"},
    {CQ::kNewContainerPages, "new_container_pages",
     "HTML pages without the reason, as newer servlet containers write them"},
    {CQ::kPasswordBeforeAddress, "password_before_address",
     "a wrong password from a forbidden address: 401 instead of 403"},
    {CQ::kNoSessionReuse, "no_session_reuse", "every request has its password checked, no cookie"},
    {CQ::kSessionSuffices, "session_suffices", "the session's cookie replaces the Authorization"},
    {CQ::kNoChallenge, "no_challenge", "401 without WWW-Authenticate"},
    {CQ::kXsrfRequired, "xsrf_required", "a write without X-Atlassian-Token: no-check: 403"},
    {CQ::kNoRetryAfter, "no_retry_after", "429 without Retry-After"},

    {CQ::kDefaultJson, "default_json", "JSON where Accept leaves the choice"},
    {CQ::kNoVersionHeader, "no_version_header", "no X-Embedded-Crowd-Version"},
    {CQ::kSwaggerShapes, "swagger_shapes",
     "attributes.attribute, /user/attributes and results under group, as the 6.x pages show"},
    {CQ::kNewUserFields, "new_user_fields",
     "users have created-date, updated-date, directory-id and directory-name"},
    {CQ::kBlankOmitted, "blank_omitted", "blank fields are left out"},
    {CQ::kBlankNull, "blank_null", "blank fields are null (in JSON)"},
    {CQ::kNoListExpand, "no_list_expand", "lists have no expand member"},
    {CQ::kEmptyWithoutType, "empty_without_type", "empty answers have no Content-Type"},
    {CQ::kFrameworkErrorsJson, "framework_errors_json",
     "404, 405 and 415 of the framework as {message, status-code} without a reason"},
    {CQ::kAliasesIgnored, "aliases_ignored", "names are those of the directory, not the aliases"},

    {CQ::kZeroMaxResultsEmpty, "zero_max_results_empty", "max-results=0: an empty list, not 400"},
    {CQ::kNegativeStartIsZero, "negative_start_is_zero", "start-index below 0 counts as 0"},
    {CQ::kUnknownListEmpty, "unknown_list_empty",
     "memberships of an unknown user or group: 200 and an empty list"},
    {CQ::kMembershipPagesDrop, "membership_pages_drop",
     "later pages of memberships lack half of their rows"},
    {CQ::kMembershipPagesRepeat, "membership_pages_repeat",
     "later pages of memberships begin with the last row of the page before"},
    {CQ::kUnstableOrder, "unstable_order", "every list is in another order"},

    {CQ::kMissingParameter500, "missing_parameter_500", "no username or groupname: 500, not 400"},
    {CQ::kCreateWithoutBody, "create_without_body", "creating a user: 201 without a body"},
    {CQ::kCreateGroupWithBody, "create_group_with_body", "creating a group: 201 with the group"},
    {CQ::kCreateAttributesIgnored, "create_attributes_ignored",
     "attributes given with a new user are dropped"},
    {CQ::kCreatePasswordOptional, "create_password_optional", "a user without password is created"},
    {CQ::kPutNameInvalidUser, "put_name_invalid_user",
     "PUT with another name: INVALID_USER instead of ILLEGAL_ARGUMENT"},
    {CQ::kPutNameCaseSensitive, "put_name_case_sensitive",
     "PUT with the name in another case: 400"},
    {CQ::kActiveOmittedFalse, "active_omitted_false", "active left out means false"},
    {CQ::kActiveOmittedRejected, "active_omitted_rejected", "active left out: 400"},
    {CQ::kActiveStringRejected, "active_string_rejected", "\"active\": \"true\" in JSON: 400"},
    {CQ::kPutSetsPassword, "put_sets_password", "PUT of a user sets the password if it has one"},
    {CQ::kPutSetsAttributes, "put_sets_attributes",
     "PUT of a user replaces the attributes by those of the body, none by none"},
    {CQ::kUnknownMembersIgnored, "unknown_members_ignored", "unknown JSON members are ignored"},
    {CQ::kUnknownMembers500, "unknown_members_500", "unknown JSON members: 500, not 400"},
    {CQ::kEmailChangeRefused, "email_change_refused", "PUT with another e-mail: 403"},
    {CQ::kEmailChangeIgnored, "email_change_ignored", "PUT with another e-mail: 204, it stays"},
    {CQ::kEmailLowered, "email_lowered", "e-mails are shown in lower case"},
    {CQ::kNamesNotDerived, "names_not_derived", "blank names stay blank, as in connectors"},
    {CQ::kDeactivateDropsMemberships, "deactivate_drops_memberships",
     "a deactivated user leaves all groups"},
    {CQ::kRenameMissing, "rename_missing", "there is no /user/rename, as before 2.8"},
    {CQ::kEmptyValuesKept, "empty_values_kept", "an empty list of values removes no attribute"},
    {CQ::kAttributeLimit255, "attribute_limit_255", "values above 255 characters: 400"},

    {CQ::kBodyMissing404, "body_missing_404",
     "an unknown user or group named in a body: 404, not 400"},
    {CQ::kExistingMembershipOk, "existing_membership_ok", "adding a member again: 201, not 409"},
    {CQ::kOtherExistingMembership400, "other_existing_membership_400",
     "409 for an existing membership only at group/user/direct, else 400 INVALID_MEMBERSHIP"},
    {CQ::kAbsentMembershipOk, "absent_membership_ok", "removing an absent membership: 204"},
    {CQ::kParentFilterBoth, "parent_filter_both",
     "parent-group/direct takes parent-groupname as well as child-groupname"},
    {CQ::kMembershipMissing, "membership_missing", "there is no /group/membership, as before 2.3"},
    {CQ::kMembershipJson406, "membership_json_406", "/group/membership as JSON: 406, not XML"},
    {CQ::kMembershipTruncated, "membership_truncated", "/group/membership ends in the middle"},

    {CQ::kAddWhereUserLives, "add_where_user_lives",
     "a membership is added where the user is found first, not in the first writable directory"},
    {CQ::kUpdateFirstWritable, "update_first_writable",
     "PUT of a user reaches the first writable directory that has it, not the first"},
    {CQ::kReadOnlyUnsupported, "read_only_unsupported",
     "a forbidden operation: UNSUPPORTED_OPERATION instead of APPLICATION_PERMISSION_DENIED"},

    {CQ::kJsonSearchAccepted, "json_search_accepted",
     "POST /search with a JSON body: everything, instead of 500"},
    {CQ::kStaleSearchOnly, "stale_search_only", "stale_reads and stale_ms concern searches only"},
    {CQ::kEventsMissing, "events_missing", "there is no /event"},
    {CQ::kEventsUnavailable, "events_unavailable", "no incremental synchronisation"},
    {CQ::kEventsTwice, "events_twice", "every change of a user is two events"},
    {CQ::kEventsWhole, "events_whole", "events of users show all fields, not just the name"},
    {CQ::kEventsByKind, "events_by_kind",
     "events in one list for each kind, {\"userEvent\": [...]}, in JSON"},
    {CQ::kEventsXmlOnly, "events_xml_only", "/event as JSON: 406"},
    {CQ::kUnknownSession400, "unknown_session_400", "an unknown session token: 400, not 404"},
};

static_assert(sizeof(kCrowdQuirks) / sizeof(kCrowdQuirks[0]) == static_cast<size_t>(CQ::kCount_),
              "every quirk has one row");

}  // namespace

absl::Span<const CrowdQuirkInfo> AllCrowdQuirks() { return kCrowdQuirks; }

std::optional<CrowdQuirk> FindCrowdQuirk(absl::string_view name) {
  for (const CrowdQuirkInfo& info : kCrowdQuirks) {
    if (name == info.name) return info.quirk;
  }
  return std::nullopt;
}

}  // namespace rollcall::twins
