// How a CrowdTwin behaves: its quirks and its numbers. Plain values.
//
// Example:
//   CrowdOptions options;
//   absl::Status status = ApplyCrowdQuirk("unknown_list_empty", options);
//   status = ApplyCrowdQuirk("stale_reads=2", options);
#ifndef TESTS_TWINS_CROWD_OPTIONS_H_
#define TESTS_TWINS_CROWD_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/twins/crowd_quirks.h"

namespace rollcall::twins {

struct CrowdOptions {
  std::string base_path = "/crowd";
  std::string application = "rollcall";
  std::string password = "twin-token";
  std::string version = "5.1.0";
  CrowdQuirks quirks;
  int64_t default_page = 1000;   // items when no max-results is given
  int64_t page_cap = 0;          // most items of a page; 0: no cap
  int64_t rate_limit = 0;        // so many requests at once and a second, then 429; 0: no limit
  int64_t event_limit = 10'000;  // older events are forgotten: 410
  int64_t password_length = 0;   // a shorter new password is refused: INVALID_CREDENTIAL
  int64_t rival_edits = 0;       // so many PUTs find the display name changed before them, an event
  int64_t stale_reads = 0;       // so many reads after a write show what was before
  absl::Duration stale_for = absl::ZeroDuration();  // or all reads for that long
  uint64_t seed = 1;                                // for new ids, tokens and unstable_order
};

// One quirk by name, or one number as NAME=VALUE (default_page, page_cap, rate_limit, event_limit,
// password_length, rival_edits, stale_reads, stale_ms). Otherwise INVALID_ARGUMENT.
absl::Status ApplyCrowdQuirk(absl::string_view text, CrowdOptions& options);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_OPTIONS_H_
