// How a ScimTwin behaves: its quirks and its numbers, by dialect or one by one. Plain values.
//
// Example:
//   ScimOptions options;
//   absl::Status status = ApplyDialect("scimmy", options);
//   status = ApplyQuirk("patch_204", options);
//   status = ApplyQuirk("page_cap=20", options);
#ifndef TESTS_TWINS_SCIM_OPTIONS_H_
#define TESTS_TWINS_SCIM_OPTIONS_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/twins/scim_quirks.h"

namespace rollcall::twins {

struct ScimOptions {
  std::string base_path = "/scim/v2";
  std::string token = "twin-token";  // empty: none is asked for
  ScimQuirks quirks;
  int64_t default_page = 100;     // items when no count is asked for
  int64_t page_cap = 0;           // most items of a page; 0: no cap
  int64_t max_group_members = 0;  // more are refused with 400; 0: no cap
  int64_t max_patch_members = 0;  // most members in one PATCH; 0: no cap
  int64_t stale_reads = 0;        // so many reads after a write still show what was before
  absl::Duration stale_for = absl::ZeroDuration();  // or all reads for that long
  int64_t total_wobbles = 0;                        // so many lists say one item more than there is
  uint64_t seed = 1;                                // for new ids and for unstable_order
  // Built-in names of the target, for reserved_group_names.
  std::set<std::string> reserved_groups = {"administrators", "org-admins", "site-admins",
                                           "system-administrators"};
};

// Adds the quirks of a dialect (rfc, atlassian, scimmy, …). An unknown name is INVALID_ARGUMENT,
// which lists the known ones.
absl::Status ApplyDialect(absl::string_view name, ScimOptions& options);
std::vector<std::string> DialectNames();

// One quirk by name, or one number as NAME=VALUE (default_page, page_cap, max_group_members,
// max_patch_members, stale_reads, stale_ms, total_wobbles). Otherwise INVALID_ARGUMENT.
absl::Status ApplyQuirk(absl::string_view text, ScimOptions& options);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_OPTIONS_H_
