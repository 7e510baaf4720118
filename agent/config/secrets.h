// Resolves the secrets that a configuration names: {env}, {file}, {exec}. Blocking; any thread that
// does not change the environment at the same time. Errors name where the secret should be and
// never what was found there.
//
// Limits: 64 KiB; a command has 10 s. A value that is empty or holds a line break or another
// control character is refused: it could not be sent in a header.
#ifndef AGENT_CONFIG_SECRETS_H_
#define AGENT_CONFIG_SECRETS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/config/load_config.h"
#include "clients/http/secret.h"
#include "reconciler/base/call_context.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

// NOT_FOUND when it is not there, INVALID_ARGUMENT when it cannot be a secret, and RunCommand's
// errors. One newline (or carriage return and newline) at the end is taken off.
absl::StatusOr<Secret> ResolveSecret(const config::v1::Secret& where, const LoadedConfig& config,
                                     Runtime& runtime, const CallContext& context);

// What to tell about where the secret is kept, a sentence with its cure each: a file that others
// on this machine may read.
std::vector<std::string> SecretWarnings(const config::v1::Secret& where,
                                        const LoadedConfig& config);

}  // namespace rollcall

#endif  // AGENT_CONFIG_SECRETS_H_
