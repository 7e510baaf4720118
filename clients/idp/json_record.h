// JsonRecord: the fields of one person or group of Okta, Entra or Google while it is read. Buffers
// are kept from record to record, so that reading costs no allocation. A value.
#ifndef CLIENTS_IDP_JSON_RECORD_H_
#define CLIENTS_IDP_JSON_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "clients/idp/text_list.h"

namespace rollcall::idp {

struct JsonRecord {
  uint32_t row = 0;    // 1-based, over the whole file
  uint32_t given = 0;  // bits by RecordField
  std::string id;
  std::string user_name;
  std::string email;
  std::string name;
  std::string status;
  std::optional<bool> enabled;
  std::optional<bool> suspended;
  std::optional<bool> archived;
  std::optional<int64_t> members_count;  // as the record says
  int64_t members_listed = 0;            // people or not
  bool has_members = false;              // a list, empty or not
  bool says_next = false;                // there is a key for further members, set or not
  std::string next;                      // that key, where it is set
  TextList members;
  TextList aliases;
  TextList attribute_names;  // one a value
  TextList attribute_values;

  // Kept until the record ends.
  size_t bytes() const {
    return members.bytes() + aliases.bytes() + attribute_names.bytes() + attribute_values.bytes();
  }

  void Clear() {
    given = 0;
    id.clear();
    user_name.clear();
    email.clear();
    name.clear();
    status.clear();
    enabled = suspended = archived = std::nullopt;
    members_count = std::nullopt;
    members_listed = 0;
    has_members = says_next = false;
    next.clear();
    members.Clear();
    aliases.Clear();
    attribute_names.Clear();
    attribute_values.Clear();
  }
};

// A member of a group that is an object.
struct MemberEntry {
  std::string id;
  std::string email;
  std::string type;
};

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_JSON_RECORD_H_
