// The endpoint /Users of a SCIM twin.
#ifndef TESTS_TWINS_SCIM_USERS_H_
#define TESTS_TWINS_SCIM_USERS_H_

#include <string>

#include "tests/twins/scim_call.h"

namespace rollcall::twins {

TwinResponse ListUsers(const ScimCall& call);
TwinResponse CreateUser(const ScimCall& call);
// GET, PUT, PATCH and DELETE of one user.
TwinResponse HandleUser(const ScimCall& call, const std::string& id);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_USERS_H_
