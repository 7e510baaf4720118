// Attribute names of SCIM resources: compared without case, spelled as RFC 7643 spells them.
#ifndef TESTS_TWINS_SCIM_ATTRIBUTES_H_
#define TESTS_TWINS_SCIM_ATTRIBUTES_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall::twins {

inline constexpr char kUserSchema[] = "urn:ietf:params:scim:schemas:core:2.0:User";
inline constexpr char kGroupSchema[] = "urn:ietf:params:scim:schemas:core:2.0:Group";
inline constexpr char kEnterpriseSchema[] =
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

// The key of `object` that is this name but for case, else the standard's spelling, else the name.
std::string AttributeKey(const nlohmann::json& object, absl::string_view name);

// Does the standard (or Atlassian's extension) know this attribute of a user or group?
bool IsKnownAttribute(absl::string_view name);

// "urn:…:User:userName" is {"urn:…:User", "userName"}; without a URN the first part is empty, and
// so it is for the two core schemas.
struct QualifiedName {
  std::string schema;
  std::string name;
};
QualifiedName SplitSchema(absl::string_view attribute);

// All values at "userName", "emails.value" or "urn:…:User:department"; lists are walked into.
std::vector<nlohmann::json> ValuesAt(const nlohmann::json& resource, absl::string_view attribute);

// Ids and references compare byte for byte, everything else without (ASCII) case.
bool IsCaseExact(absl::string_view attribute);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_SCIM_ATTRIBUTES_H_
