#include "clients/scim/discovery.h"

#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<ServiceConfig> Discovery::Refresh(const CallContext& context) {
  ASSIGN_OR_RETURN(ServiceConfig config, ReadServiceConfig(api_, context));
  MutexLock lock(mutex_);
  if (config.declared) {
    known_ = config;
  } else {
    known_.reset();
  }
  return config;
}

absl::StatusOr<ServiceConfig> Discovery::Get(const CallContext& context) {
  {
    MutexLock lock(mutex_);
    if (known_.has_value()) return *known_;
  }
  return Refresh(context);
}

}  // namespace rollcall
