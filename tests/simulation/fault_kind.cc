#include "tests/simulation/fault_kind.h"

namespace rollcall::simulation {

const char* NameOf(FaultKind kind) {
  static constexpr const char* kNames[kFaultKinds] = {
      "latency",
      "timeout",
      "throttle_without_header",
      "throttle_retry_after_seconds",
      "throttle_retry_after_date",
      "throttle_reset_iso",
      "throttle_reset_epoch",
      "throttle_reset_seconds",
      "error_before_the_effect",
      "error_after_the_effect",
      "reply_lost_after_the_effect",
      "reset_before_the_effect",
      "connection_refused",
      "truncated_body",
      "wrong_body",
      "html_for_json",
      "repeated_page",
      "shifted_page",
      "short_page",
      "success_that_did_nothing",
      "token_revoked",
      "stale_reads",
      "clock_stepped_back",
      "rival_administrator",
      "rival_between_read_and_write",
      "export_changed",
      "stopped",
      "crash_at_a_request",
      "crash_at_a_commit",
      "disk_full",
      "disk_error",
      "torn_write",
      "lost_write",
      "rival_administrator_at_a_site",
      "refusal_of_a_site",
  };
  return kNames[static_cast<size_t>(kind)];
}

}  // namespace rollcall::simulation
