// Which keys of a SCIM export matter. SCIM's attribute names do not distinguish case. Pure.
#ifndef CLIENTS_IDP_SCIM_FIELDS_H_
#define CLIENTS_IDP_SCIM_FIELDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace rollcall::idp {

enum class ScimField : uint8_t {
  kOther,
  // Identity: twice in one object is an error.
  kId,
  kExternalId,
  kUserName,
  kActive,
  kEmails,
  kDisplayName,
  kMembers,
  kGroups,
  kSchemas,
  kMeta,
  // Of a ListResponse.
  kResources,
  kTotalResults,
  kStartIndex,
  kNext,
  // Inside entries of emails, members and groups, and inside meta.
  kValue,
  kDisplay,
  kPrimary,
  kResourceType,
};

ScimField TopField(absl::string_view key);
ScimField EntryField(absl::string_view key);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_SCIM_FIELDS_H_
