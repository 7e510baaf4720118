// Shape: what the beginning of an export looks like, so that its format can be told by content.
// A value; LookAt is pure.
#ifndef CLIENTS_IDP_SHAPE_H_
#define CLIENTS_IDP_SHAPE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rollcall::idp {

struct Shape {
  enum class Root : uint8_t { kNothing, kObject, kArray, kOtherText };
  Root root = Root::kNothing;  // kNothing: no bytes, or white space
  // Of JSON: keys of the first object, of the first object in its first array of objects (or in the
  // array that is the document), and the texts of its `schemas`. Sorted, unique.
  std::vector<std::string> root_keys;
  std::vector<std::string> record_keys;
  std::string schemas;
  absl::string_view sample;  // the text itself; valid as long as its source

  bool is_json() const { return root == Root::kObject || root == Root::kArray; }
  bool RootHas(absl::string_view key) const;
  bool RecordHas(absl::string_view key) const;
  // In the first object that is the document or an entry of the array that is the document.
  bool FirstHas(absl::string_view key) const {
    return root == Root::kArray ? RecordHas(key) : RootHas(key);
  }
  // In the first object at either level.
  bool Has(absl::string_view key) const { return RootHas(key) || RecordHas(key); }
};

Shape LookAt(absl::string_view sample);

}  // namespace rollcall::idp

#endif  // CLIENTS_IDP_SHAPE_H_
