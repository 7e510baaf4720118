// ScimRecord: the fields of one SCIM resource while it is read. Buffers are kept from record to
// record, so that reading costs no allocation. A value.
#ifndef CLIENTS_IDP_SCIM_RECORD_H_
#define CLIENTS_IDP_SCIM_RECORD_H_

#include <cstdint>
#include <string>

#include "clients/idp/text_list.h"

namespace rollcall::idp {

struct ScimRecord {
  static constexpr size_t kMaxBytes = kMaxRecordBytes;
  static constexpr size_t kSliceBytes = kMemberSliceBytes;

  enum class Active : uint8_t { kAbsent, kTrue, kFalse };

  uint32_t row = 0;    // 1-based, over the whole file
  uint32_t given = 0;  // identity fields that came: bits by ScimField
  std::string id;
  std::string external_id;
  std::string user_name;
  std::string display_name;
  std::string email;
  bool email_is_primary = false;
  Active active = Active::kAbsent;
  bool has_members = false;
  bool is_group = false;  // `schemas` or `meta.resourceType` says so
  bool is_error = false;  // a SCIM error answer
  bool sliced = false;    // some members were handed over
  TextList members;
  TextList group_names;  // of the user, one a membership; may be empty texts
  TextList group_keys;
  TextList attribute_names;  // one a value
  TextList attribute_values;

  // Kept until the record ends.
  size_t bytes() const {
    return members.bytes() + group_names.bytes() + group_keys.bytes() + attribute_names.bytes() +
           attribute_values.bytes();
  }

  void Clear() {
    given = 0;
    id.clear();
    external_id.clear();
    user_name.clear();
    display_name.clear();
    email.clear();
    email_is_primary = has_members = is_group = is_error = sliced = false;
    active = Active::kAbsent;
    members.Clear();
    group_names.Clear();
    group_keys.Clear();
    attribute_names.Clear();
    attribute_values.Clear();
  }
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_SCIM_RECORD_H_
