#include "clients/idp/shape.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/idp/memory_source.h"
#include "clients/json/stream.h"

namespace rollcall::idp {
namespace {

// Notes the keys of the first document and of its first record; stops after these.
class ShapeHandler final : public json::Handler {
 public:
  explicit ShapeHandler(Shape& shape) : shape_(shape) {}

  bool Null() override { return true; }
  bool Bool(bool) override { return true; }
  bool Number(absl::string_view) override { return true; }
  bool String(absl::string_view value) override {
    if (in_schemas_) absl::StrAppend(&shape_.schemas, value, " ");
    return true;
  }
  bool StartObject() override {
    ++depth_;
    if (depth_ == 1) root_is_object_ = true;
    const bool record = depth_ == record_depth() && arrays_ == 1 && !had_record_;
    if (record) in_record_ = had_record_ = true;
    if (depth_ > 1 && !record) SkipObject();
    return true;
  }
  bool Key(absl::string_view key) override {
    in_schemas_ = key == "schemas";
    if (in_record_) {
      shape_.record_keys.emplace_back(key);
    } else {
      shape_.root_keys.emplace_back(key);
    }
    return true;
  }
  bool EndObject() override {
    --depth_;
    const bool record = std::exchange(in_record_, false);
    return depth_ > 0 && (!record || root_is_object_);
  }
  bool StartArray() override {
    ++depth_;
    ++arrays_;
    return true;
  }
  bool EndArray() override {
    --depth_;
    --arrays_;
    in_schemas_ = false;
    return true;
  }

 private:
  // A record is the document's own object in an array, or an object in an array of the first
  // object.
  int record_depth() const { return root_is_object_ ? 3 : 2; }
  void SkipObject() {
    SkipValue();
    --depth_;
  }

  Shape& shape_;
  int depth_ = 0;
  int arrays_ = 0;
  bool root_is_object_ = false;
  bool in_record_ = false;
  bool had_record_ = false;
  bool in_schemas_ = false;
};

void SortUnique(std::vector<std::string>& keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
}

}  // namespace

bool Shape::RootHas(absl::string_view key) const { return absl::c_binary_search(root_keys, key); }

bool Shape::RecordHas(absl::string_view key) const {
  return absl::c_binary_search(record_keys, key);
}

Shape LookAt(absl::string_view sample) {
  Shape shape;
  shape.sample = sample;
  const absl::string_view text = absl::StripLeadingAsciiWhitespace(sample);
  if (text.empty()) return shape;
  shape.root = text[0] == '{'   ? Shape::Root::kObject
               : text[0] == '[' ? Shape::Root::kArray
                                : Shape::Root::kOtherText;
  if (!shape.is_json()) return shape;
  MemorySource source(text);
  ShapeHandler handler(shape);
  // A sample mostly ends inside a document: how the parse ends says nothing.
  json::ParseStream(source, handler, json::Documents::kMany).IgnoreError();
  SortUnique(shape.root_keys);
  SortUnique(shape.record_keys);
  return shape;
}

}  // namespace rollcall::idp
