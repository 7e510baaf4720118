// Names of resources in requests. Pure functions, any thread.
#ifndef AGENT_SERVICE_RESOURCE_NAMES_H_
#define AGENT_SERVICE_RESOURCE_NAMES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rollcall {

// The id in a name such as "plans/p-0123456789abcdef". INVALID_FIELD names `field` and says what
// is expected.
absl::StatusOr<std::string> IdOf(absl::string_view name, absl::string_view collection,
                                 absl::string_view field);

}  // namespace rollcall

#endif  // AGENT_SERVICE_RESOURCE_NAMES_H_
