// ServiceConfig: what a server declares in /ServiceProviderConfig, as hints only. Many servers have
// none, or one that is wrong: nothing here is ever trusted alone. Reading it never fails the
// caller, except when the run is stopped. A value.
#ifndef CLIENTS_SCIM_SERVICE_CONFIG_H_
#define CLIENTS_SCIM_SERVICE_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/scim/scim_api.h"

namespace rollcall {

struct ServiceConfig {
  bool declared = false;  // the server has one that could be read
  std::optional<bool> patch;
  std::optional<bool> sort;
  std::optional<bool> etag;
  std::optional<int64_t> max_results;  // of lists; at least 1
  std::string note;                    // what was odd about it, a sentence; empty: nothing

  bool operator==(const ServiceConfig&) const = default;
};

ServiceConfig DecodeServiceConfig(absl::string_view body);

// One request. CANCELLED is passed on; everything else that goes wrong is a note.
absl::StatusOr<ServiceConfig> ReadServiceConfig(ScimApi& api, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_SCIM_SERVICE_CONFIG_H_
