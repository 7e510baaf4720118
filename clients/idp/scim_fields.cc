#include "clients/idp/scim_fields.h"

#include "absl/strings/match.h"

namespace rollcall::idp {
namespace {

struct Name {
  absl::string_view text;
  ScimField field;
};

constexpr Name kTop[] = {
    {"id", ScimField::kId},
    {"userName", ScimField::kUserName},
    {"active", ScimField::kActive},
    {"emails", ScimField::kEmails},
    {"externalId", ScimField::kExternalId},
    {"displayName", ScimField::kDisplayName},
    {"schemas", ScimField::kSchemas},
    {"meta", ScimField::kMeta},
    {"members", ScimField::kMembers},
    {"groups", ScimField::kGroups},
    {"Resources", ScimField::kResources},
    {"totalResults", ScimField::kTotalResults},
    {"startIndex", ScimField::kStartIndex},
    {"nextCursor", ScimField::kNext},
    {"nextPageToken", ScimField::kNext},
    {"@odata.nextLink", ScimField::kNext},
    {"nextLink", ScimField::kNext},
    {"next", ScimField::kNext},
};
constexpr Name kEntry[] = {
    {"value", ScimField::kValue},
    {"display", ScimField::kDisplay},
    {"primary", ScimField::kPrimary},
    {"resourceType", ScimField::kResourceType},
};

template <size_t kSize>
ScimField Find(const Name (&names)[kSize], absl::string_view key) {
  for (const Name& name : names) {
    if (name.text.size() == key.size() && absl::EqualsIgnoreCase(name.text, key)) return name.field;
  }
  return ScimField::kOther;
}

}  // namespace

ScimField TopField(absl::string_view key) { return Find(kTop, key); }
ScimField EntryField(absl::string_view key) { return Find(kEntry, key); }

}  // namespace rollcall::idp
