#include "agent/runs/cached_secret.h"

#include <memory>
#include <optional>
#include <utility>

#include "agent/config/secrets.h"
#include "reconciler/base/mutex.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

class Keeper {
 public:
  Keeper(config::v1::Secret where, const LoadedConfig& config, Runtime& runtime)
      : where_(std::move(where)), config_(config), runtime_(runtime) {}

  absl::StatusOr<Secret> Get() {
    const absl::Time now = runtime_.Now();
    {
      MutexLock lock(mutex_);
      if (secret_.has_value() && now < good_until_) return *secret_;
    }
    // Not under the lock: a command may take seconds. Two workers may then ask at once; no harm.
    ASSIGN_OR_RETURN(Secret secret, ResolveSecret(where_, config_, runtime_, {}));
    MutexLock lock(mutex_);
    secret_ = secret;
    good_until_ = now + kSecretKeptFor;
    return secret;
  }

 private:
  const config::v1::Secret where_;
  const LoadedConfig& config_;
  Runtime& runtime_;
  Mutex mutex_;
  std::optional<Secret> secret_ ABSL_GUARDED_BY(mutex_);
  absl::Time good_until_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

SecretProvider CachedSecret(const config::v1::Secret& where, const LoadedConfig& config,
                            Runtime& runtime) {
  auto keeper = std::make_shared<Keeper>(where, config, runtime);
  return [keeper] { return keeper->Get(); };
}

}  // namespace rollcall
