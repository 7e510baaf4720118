// How a JiraTwin behaves: its quirks and its numbers. Plain values.
//
// Example:
//   JiraOptions options;
//   absl::Status status = ApplyJiraQuirk("short_pages", options);
//   status = ApplyJiraQuirk("rate_limit=5", options);
#ifndef TESTS_TWINS_JIRA_OPTIONS_H_
#define TESTS_TWINS_JIRA_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tests/twins/jira_quirks.h"
#include "tests/twins/organisation.h"

namespace rollcall::twins {

struct JiraOptions {
  // Stands for https://NAME.atlassian.net, or with "/atlassian/ex/jira/{cloud id}" for the gateway
  // that scoped tokens go through.
  std::string base_path = "/jira/site";
  std::string email = "admin@example.com";  // with the token: who calls
  std::string token = "twin-token";
  JiraQuirks quirks;
  int64_t page_cap = 0;     // most rows of a page; 0: what is documented for each list
  int64_t rate_limit = 0;   // so many calls of one method at once and a second; 0: no limit
  int64_t search_rate = 0;  // the same of user/search alone
  int64_t slow_page = 0;    // users/search for more rows takes too long: 409; 0: none does
  // shifted_pages and repeated_rows end after so many readings of a list; 0: never.
  int64_t odd_passes = 0;
  Propagation propagation;  // in place of the organisation's own, unless it is nothing
  uint64_t seed = 1;        // for ids of what is made
};

// One quirk by name, or one number as NAME=VALUE (page_cap, rate_limit, search_rate, slow_page,
// odd_passes, stale_reads, stale_ms). Otherwise INVALID_ARGUMENT.
absl::Status ApplyJiraQuirk(absl::string_view text, JiraOptions& options);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_OPTIONS_H_
