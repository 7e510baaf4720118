// A provider of one configured secret that asks again only every few minutes: a rotated key is
// taken up without a command or a file being read for every request. The provider is thread-safe.
#ifndef AGENT_RUNS_CACHED_SECRET_H_
#define AGENT_RUNS_CACHED_SECRET_H_

#include "absl/time/time.h"
#include "agent/config/load_config.h"
#include "clients/http/auth.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

inline constexpr absl::Duration kSecretKeptFor = absl::Minutes(5);

// `config` and `runtime` must outlive the provider; `where` is copied. Errors are ResolveSecret's
// and are not kept.
SecretProvider CachedSecret(const config::v1::Secret& where, const LoadedConfig& config,
                            Runtime& runtime);

}  // namespace rollcall

#endif  // AGENT_RUNS_CACHED_SECRET_H_
