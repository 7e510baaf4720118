// What a base URL in the configuration must look like: https, or http to this machine. Pure.
#ifndef AGENT_CONFIG_URL_RULE_H_
#define AGENT_CONFIG_URL_RULE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rollcall::config {

// Plain http to another machine: what `allow_http` permits and `check` warns about.
bool IsPlainHttpElsewhere(absl::string_view url);

// INVALID_ARGUMENT says what is wrong and the cure. User names, queries and fragments are refused:
// keys do not belong into a URL.
absl::Status CheckBaseUrl(absl::string_view url, bool http_allowed);

// "127.0.0.1:8441", "[::1]:0", "unix:/run/rollcall.sock"; ":9464" is an error: the address must be
// said.
absl::Status CheckListenAddress(absl::string_view address);

}  // namespace rollcall::config

#endif  // AGENT_CONFIG_URL_RULE_H_
