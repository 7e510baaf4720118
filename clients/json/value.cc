#include "clients/json/value.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/json/events.h"

namespace rollcall::json {

class ValueHandler final : public Handler {
 public:
  explicit ValueHandler(Value& root) : root_(root) {}

  bool Null() override {
    Place(Value::Kind::kNull);
    return true;
  }
  bool Bool(bool value) override {
    Place(Value::Kind::kBool).bool_ = value;
    return true;
  }
  bool Number(absl::string_view raw) override {
    Place(Value::Kind::kNumber).text_.assign(raw.data(), raw.size());
    return true;
  }
  bool String(absl::string_view value) override {
    Place(Value::Kind::kString).text_.assign(value.data(), value.size());
    return true;
  }
  bool StartObject() override { return Open(Value::Kind::kObject); }
  bool StartArray() override { return Open(Value::Kind::kArray); }
  bool EndObject() override { return Close(); }
  bool EndArray() override { return Close(); }
  bool Key(absl::string_view key) override {
    open_.back()->members_.emplace_back(std::string(key), Value());
    return true;
  }

 private:
  // A container never grows while one of its children is open: the pointers in open_ stay valid.
  Value& Place(Value::Kind kind) {
    Value* place = &root_;
    if (!open_.empty()) {
      Value& parent = *open_.back();
      if (parent.kind_ == Value::Kind::kArray) {
        place = &parent.items_.emplace_back();
      } else {
        place = &parent.members_.back().second;
      }
    }
    place->kind_ = kind;
    return *place;
  }
  bool Open(Value::Kind kind) {
    open_.push_back(&Place(kind));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  Value& root_;
  std::vector<Value*> open_;
};

absl::StatusOr<Value> Value::Parse(absl::string_view text) {
  if (text.size() > kMaxBytes) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "a JSON document of ", text.size(), " bytes; at most ", kMaxBytes, " are read here"));
  }
  std::string body(text);
  Value root;
  ValueHandler handler(root);
  if (absl::Status status = ParseInsitu(body, handler); !status.ok()) return status;
  return root;
}

std::optional<bool> Value::boolean() const {
  if (kind_ != Kind::kBool) return std::nullopt;
  return bool_;
}

std::optional<int64_t> Value::integer() const {
  int64_t number = 0;
  if (kind_ != Kind::kNumber || !absl::SimpleAtoi(text_, &number)) return std::nullopt;
  return number;
}

const Value* Value::Find(absl::string_view key) const {
  for (const Member& member : members_) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

const Value* Value::FindIgnoringCase(absl::string_view key) const {
  for (const Member& member : members_) {
    if (absl::EqualsIgnoreCase(member.first, key)) return &member.second;
  }
  return nullptr;
}

absl::string_view Value::Text(absl::string_view key) const {
  const Value* value = Find(key);
  return value == nullptr ? absl::string_view() : absl::string_view(value->text_);
}

}  // namespace rollcall::json
