// How an OrgTwin behaves: its quirks and its numbers. Plain values.
//
// Example:
//   OrgOptions options;
//   absl::Status status = ApplyOrgQuirk("next_url", options);
//   status = ApplyOrgQuirk("stale_reads=2", options);
#ifndef TESTS_TWINS_ORG_OPTIONS_H_
#define TESTS_TWINS_ORG_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tests/twins/org_quirks.h"
#include "tests/twins/organisation.h"

namespace rollcall::twins {

struct OrgOptions {
  std::string base_path = "/atlassian";  // stands for https://api.atlassian.com
  std::string key = "twin-token";
  OrgQuirks quirks;
  int64_t default_page = 0;  // items when no limit is given; 0: what is documented for each list
  int64_t page_cap = 0;      // most items of a page; 0: 100
  int64_t rate_limit = 0;    // so many requests at once and a second, then 429; 0: no limit
  Propagation propagation;   // in place of the organisation's own, unless it is nothing
  uint64_t seed = 1;         // for ids of errors
};

// One quirk by name, or one number as NAME=VALUE (default_page, page_cap, rate_limit, stale_reads,
// stale_ms). Otherwise INVALID_ARGUMENT.
absl::Status ApplyOrgQuirk(absl::string_view text, OrgOptions& options);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_OPTIONS_H_
