// ScimRecord: the fields of one SCIM resource while it is read. Buffers are kept from record to
// record, so that reading costs no allocation. A value.
#ifndef CLIENTS_IDP_SCIM_RECORD_H_
#define CLIENTS_IDP_SCIM_RECORD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall::idp {

// Many short texts in one buffer.
class TextList {
 public:
  void Clear() {
    text_.clear();
    ends_.clear();
  }
  void Add(absl::string_view text) {
    text_.append(text.data(), text.size());
    ends_.push_back(text_.size());
  }
  size_t size() const { return ends_.size(); }
  // What the texts take, and what one more would: many empty ones are not free.
  size_t bytes() const { return text_.size() + ends_.size() * sizeof(size_t); }
  static size_t BytesOf(absl::string_view text) { return text.size() + sizeof(size_t); }
  absl::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : ends_[i - 1];
    return absl::string_view(text_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string text_;
  std::vector<size_t> ends_;
};

struct ScimRecord {
  // Of the lists below together: a group of 1,000,000 members with ids of 36 bytes takes 44 MB, a
  // person with 100,000 groups by name and id about 12 MB.
  static constexpr size_t kMaxBytes = 64 << 20;
  // A group whose id and name are known hands its members over as soon as they take this much, so
  // that it may have any number of them.
  static constexpr size_t kSliceBytes = 4 << 20;

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
