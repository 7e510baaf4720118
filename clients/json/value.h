// Value: a small JSON document as a tree, for answers that are read once and are not long (a
// ServiceProviderConfig, an error, a single resource). Lists and exports go through events.h.
// Members keep their order; a key that comes twice keeps both, Find gives the first. A value;
// immutable use is safe from any thread.
//
//   ASSIGN_OR_RETURN(json::Value error, json::Value::Parse(response.body));
//   absl::string_view detail = error.Text("detail");
//
// Limits: 1 MiB of text, depth 64.
#ifndef CLIENTS_JSON_VALUE_H_
#define CLIENTS_JSON_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rollcall::json {

class Value {
 public:
  enum class Kind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };
  using Member = std::pair<std::string, Value>;
  static constexpr size_t kMaxBytes = 1 << 20;

  Value() = default;

  // INVALID_ARGUMENT as ParseInsitu; RESOURCE_EXHAUSTED above kMaxBytes.
  static absl::StatusOr<Value> Parse(absl::string_view text);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_object() const { return kind_ == Kind::kObject; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_string() const { return kind_ == Kind::kString; }

  // The text of a string, a number as written; empty for all other kinds.
  absl::string_view text() const { return text_; }
  std::optional<bool> boolean() const;
  // A number without fraction or exponent that fits; numbers in strings do not count.
  std::optional<int64_t> integer() const;

  const std::vector<Value>& items() const { return items_; }       // empty unless an array
  const std::vector<Member>& members() const { return members_; }  // empty unless an object

  // The member of this name; null when there is none or this is no object. SCIM's attribute names
  // and URNs do not distinguish case, hence the second form (ASCII).
  const Value* Find(absl::string_view key) const;
  const Value* FindIgnoringCase(absl::string_view key) const;

  // Shorter: the text of a string or number member, else empty.
  absl::string_view Text(absl::string_view key) const;

 private:
  friend class ValueHandler;  // builds it

  Kind kind_ = Kind::kNull;
  bool bool_ = false;
  std::string text_;
  std::vector<Value> items_;
  std::vector<Member> members_;
};

}  // namespace rollcall::json

#endif  // CLIENTS_JSON_VALUE_H_
