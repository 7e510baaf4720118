// Reads `--until`: a time or how long from now. Pure.
#ifndef AGENT_CLI_UNTIL_H_
#define AGENT_CLI_UNTIL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rollcall {

// "2026-12-24", "2026-12-24T18:00:00Z", "2026-12-24T18:00:00+01:00", "90m", "12h", "7d". A date is
// its end in UTC. Exit code 7 (refusal.h) for anything else and for what is not after `now`.
absl::StatusOr<absl::Time> ParseUntil(const std::string& text, absl::Time now);

}  // namespace rollcall

#endif  // AGENT_CLI_UNTIL_H_
