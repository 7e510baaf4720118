// Is a text a schedule of five fields (minute, hour, day of month, month, day of week)? Pure.
#ifndef AGENT_CONFIG_CRON_SHAPE_H_
#define AGENT_CONFIG_CRON_SHAPE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rollcall::config {

// Each field is `*` or a list of numbers and ranges, each with an optional /step: "*/15", "1-5",
// "0,30". Sunday is 0 or 7. INVALID_ARGUMENT names the field that is wrong.
absl::Status CheckCron(absl::string_view text);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_CRON_SHAPE_H_
