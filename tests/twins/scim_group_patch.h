// What the operations of a PATCH do to a group, and what servers make of members.
#ifndef TESTS_TWINS_SCIM_GROUP_PATCH_H_
#define TESTS_TWINS_SCIM_GROUP_PATCH_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/twins/scim_call.h"
#include "tests/twins/scim_patch.h"

namespace rollcall::twins {

struct GroupPatchResult {
  std::optional<ScimError> error;
  bool applied_all_the_same = false;  // an error that did something: keep the group
};

// Changes `group`; on an error the caller throws it away, unless it was applied all the same.
GroupPatchResult PatchGroup(const ScimCall& call, const std::vector<PatchOperation>& operations,
                            ScimGroup& group);

// The ids in a `members` value: [{"value": id}, …] or one such object. Unknown ones are judged as
// the quirks say.
std::optional<ScimError> ReadMembers(const ScimCall& call, const nlohmann::json& value,
                                     std::vector<std::string>& ids);

// Adds members that are not yet there; more than the cap is an error.
std::optional<ScimError> AddMembers(const ScimCall& call, const std::vector<std::string>& ids,
                                    ScimGroup& group);

// Another displayName: an error, or nothing, or the new name, as the quirks say.
std::optional<ScimError> RenameGroup(const ScimCall& call, const nlohmann::json& value,
                                     ScimGroup& group);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_GROUP_PATCH_H_
