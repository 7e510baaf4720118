// The path of a PATCH operation (RFC 7644 section 3.5.2): `active`, `name.familyName`,
// `emails[type eq "work"].value`, `members[value eq "x"]`, `urn:…:User:department`. Pure.
#ifndef TESTS_TWINS_SCIM_PATH_H_
#define TESTS_TWINS_SCIM_PATH_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/twins/scim_filter.h"

namespace rollcall::twins {

struct PatchPath {
  std::string schema;     // an extension's URN, or empty
  std::string attribute;  // as written
  std::optional<Filter> filter;
  std::string sub_attribute;
};

// INVALID_ARGUMENT says what is wrong.
absl::StatusOr<PatchPath> ParsePatchPath(absl::string_view text);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_PATH_H_
