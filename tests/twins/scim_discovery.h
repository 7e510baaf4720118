// /ServiceProviderConfig, /ResourceTypes and /Schemas of a SCIM twin.
#ifndef TESTS_TWINS_SCIM_DISCOVERY_H_
#define TESTS_TWINS_SCIM_DISCOVERY_H_

#include "tests/twins/scim_call.h"

namespace rollcall::twins {

// Answers GET on one of the three, and on one resource type or schema below it.
TwinResponse HandleDiscovery(const ScimCall& call, const std::string& endpoint,
                             const std::string& id);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_DISCOVERY_H_
