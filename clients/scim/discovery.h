// Discovery: remembers a server's ServiceProviderConfig while this object lives, and only one that
// could be read: a missing or broken one is asked for again. Thread-safe; nothing is locked while a
// request is under way.
#ifndef CLIENTS_SCIM_DISCOVERY_H_
#define CLIENTS_SCIM_DISCOVERY_H_

#include <optional>

#include "absl/status/statusor.h"
#include "clients/scim/service_config.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

class Discovery {
 public:
  explicit Discovery(ScimApi& api) : api_(api) {}

  // Asks the server. CANCELLED only.
  absl::StatusOr<ServiceConfig> Refresh(const CallContext& context);
  // What was read before, else Refresh.
  absl::StatusOr<ServiceConfig> Get(const CallContext& context);

 private:
  ScimApi& api_;
  Mutex mutex_;
  std::optional<ServiceConfig> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // CLIENTS_SCIM_DISCOVERY_H_
