// If-Match: what a write says about the version that it expects (RFC 7644 section 3.14).
#ifndef TESTS_TWINS_SCIM_PRECONDITION_H_
#define TESTS_TWINS_SCIM_PRECONDITION_H_

#include <cstdint>
#include <optional>

#include "tests/twins/scim_call.h"

namespace rollcall::twins {

// The refusal (412, or 428 where a version is required), or nothing.
std::optional<TwinResponse> CheckPrecondition(const ScimCall& call, int64_t version);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_PRECONDITION_H_
