// Time zones by their IANA names, from the machine's tzdata. Usable from any thread.
#ifndef AGENT_CONFIG_TIME_ZONE_H_
#define AGENT_CONFIG_TIME_ZONE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall::config {

// Where the zones of this machine lie: $TZDIR, else /usr/share/zoneinfo.
std::string ZoneFolder();

// "" is UTC. INVALID_ARGUMENT: what UnknownZone says. Paths and the machine's own zone
// ("localtime") are no names: a schedule must start at the same times wherever its state is moved.
absl::StatusOr<absl::TimeZone> LoadZone(absl::string_view name);

// Why there is no such zone, with the cure: the name that was likely meant, or that the machine has
// no zones at all. `folder` is ZoneFolder().
absl::Status UnknownZone(absl::string_view name, const std::string& folder);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_TIME_ZONE_H_
