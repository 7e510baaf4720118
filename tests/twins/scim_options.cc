#include "tests/twins/scim_options.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace rollcall::twins {
namespace {

struct Dialect {
  const char* name;
  const char* quirks;  // separated by spaces, as on the command line
};

// Compositions of what was seen of each server; the servers G, S, D, I and R are not named.
constexpr Dialect kDialects[] = {
    {"rfc", ""},
    {"atlassian",
     "auth_error_not_scim no_www_authenticate filter_limited items_per_page_requested email_unique "
     "group_name_immutable reserved_group_names unknown_member_404 put_group_java_exception "
     "lower_operations_accepted active_sometimes_absent user_groups microsecond_times "
     "atlassian_accounts default_page=10000"},
    {"scimmy",
     "no_location relative_location last_page_repeated items_per_page_requested "
     "filter_case_sensitive filter_unknown_empty filter_escape_refused filter_backslash_empty "
     "unknown_member_stored duplicate_members replace_pathless_appends noop_patch_204 "
     "noop_bumps_version put_active_null etag_ignored no_www_authenticate default_page=20"},
    {"scimmy_express5",
     "paging_ignored no_location relative_location filter_case_sensitive unknown_member_stored "
     "duplicate_members replace_pathless_appends noop_patch_204 etag_ignored no_www_authenticate"},
    {"better_auth",
     "filter_limited email_unique email_stays_reserved active_string_coerced single_member_400 "
     "max_group_members=1000 page_cap=100"},
    {"server_g",
     "ids_are_user_names create_without_id user_name_case_sensitive poison_percent "
     "duplicate_patch_applied_500 filter_compound_empty filter_unknown_empty filter_percent_500 "
     "active_string_stored patch_group_204 noop_bumps_version lower_operations_noop "
     "unknown_path_noop patch_not_atomic missing_id_500 no_match_creates unknown_member_500 "
     "replace_members_merges replace_pathless_appends remove_all_noop remove_or_filter_noop "
     "user_groups etag_checked etag_delete_ignored error_invented_scim_type no_www_authenticate"},
    {"server_s",
     "active_string_coerced noop_bumps_version unknown_member_stored add_pathless_400 "
     "remove_all_400 single_member_400 dangling_members etag_checked error_detail_array "
     "page_cap=200"},
    {"server_d",
     "user_name_optional user_name_case_sensitive duplicate_patch_500 conflict_without_scim_type "
     "items_per_page_requested filter_finds_user_name_only filter_compound_empty "
     "filter_escape_refused attributes_ignored absolute_endpoints add_active_501 "
     "create_members_ignored put_members_ignored unknown_member_500 remove_all_noop "
     "remove_filter_501 single_member_500 rename_group_501 user_groups error_status_integer"},
    {"server_i",
     "no_location relative_location content_type_text drop_past_end unstable_order too_many_500 "
     "resources_absent_when_empty filter_backslash_empty filter_upper_case_drops "
     "active_string_coerced put_active_null noop_patch_204 patch_applied_500 "
     "replace_pathless_noop add_pathless_noop remove_filter_applied_400 remove_value_array_400 "
     "duplicate_group_names dangling_members etag_checked error_status_integer "
     "error_invented_scim_type page_cap=100"},
    {"server_r",
     "no_location items_per_page_requested count_zero_500 attributes_drop_id "
     "excluded_attributes_ignored filter_percent_500 active_string_is_true put_active_null "
     "unknown_path_noop no_match_creates unknown_member_dropped duplicate_members "
     "single_member_400 duplicate_group_names user_groups etag_ignored"},
};

}  // namespace

std::vector<std::string> DialectNames() {
  std::vector<std::string> names;
  for (const Dialect& dialect : kDialects) names.emplace_back(dialect.name);
  return names;
}

absl::Status ApplyDialect(absl::string_view name, ScimOptions& options) {
  for (const Dialect& dialect : kDialects) {
    if (name != dialect.name) continue;
    for (absl::string_view quirk : absl::StrSplit(dialect.quirks, ' ', absl::SkipEmpty())) {
      if (absl::Status status = ApplyQuirk(quirk, options); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no dialect \"", name, "\"; there are ", absl::StrJoin(DialectNames(), ", ")));
}

absl::Status ApplyQuirk(absl::string_view text, ScimOptions& options) {
  if (const std::optional<Quirk> quirk = FindQuirk(text)) {
    options.quirks.Set(*quirk);
    return absl::OkStatus();
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  int64_t number = 0;
  if (!absl::SimpleAtoi(parts.second, &number) || number < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("no quirk \"", text, "\"; --list-quirks lists them"));
  }
  const struct {
    absl::string_view name;
    int64_t* slot;
  } numbers[] = {{"default_page", &options.default_page},
                 {"page_cap", &options.page_cap},
                 {"max_group_members", &options.max_group_members},
                 {"max_patch_members", &options.max_patch_members},
                 {"stale_reads", &options.stale_reads},
                 {"total_wobbles", &options.total_wobbles}};
  for (const auto& item : numbers) {
    if (item.name != parts.first) continue;
    *item.slot = number;
    return absl::OkStatus();
  }
  if (parts.first == "stale_ms") {
    options.stale_for = absl::Milliseconds(number);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no quirk \"", parts.first, "\"; --list-quirks lists them"));
}

}  // namespace rollcall::twins
