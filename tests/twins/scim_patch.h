// PATCH (RFC 7644 section 3.5.2): the operations of a request, and what they do to a user.
#ifndef TESTS_TWINS_SCIM_PATCH_H_
#define TESTS_TWINS_SCIM_PATCH_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/twins/scim_call.h"
#include "tests/twins/scim_reply.h"

namespace rollcall::twins {

struct PatchOperation {
  std::string op;  // as sent
  std::optional<std::string> path;
  nlohmann::json value;  // null: none
};

// The body of a PATCH. `does_nothing`: a quirk answers with success and ignores it.
struct PatchBody {
  std::optional<ScimError> error;
  bool does_nothing = false;
  std::vector<PatchOperation> operations;
};
PatchBody ReadPatchBody(const ScimCall& call);

// "add", "replace" or "remove", or an error for anything else.
std::optional<ScimError> CheckOp(const ScimCall& call, const PatchOperation& operation,
                                 std::string& op);

// Puts the operations into effect on a user's attributes; stops at the first that is wrong (then
// the caller throws `attributes` away), unless a quirk goes on.
std::optional<ScimError> PatchUser(const ScimCall& call,
                                   const std::vector<PatchOperation>& operations,
                                   nlohmann::json& attributes);

// Judges a value for `active` as the quirks say; changes it to what is stored.
std::optional<ScimError> JudgeActive(const ScimCall& call, nlohmann::json& value);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_PATCH_H_
