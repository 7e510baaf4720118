// The endpoint /Groups of a SCIM twin.
#ifndef TESTS_TWINS_SCIM_GROUPS_H_
#define TESTS_TWINS_SCIM_GROUPS_H_

#include <string>

#include "tests/twins/scim_call.h"

namespace rollcall::twins {

TwinResponse ListGroups(const ScimCall& call);
TwinResponse CreateGroup(const ScimCall& call);
// GET, PUT, PATCH and DELETE of one group.
TwinResponse HandleGroup(const ScimCall& call, const std::string& id);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_GROUPS_H_
