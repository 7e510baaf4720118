#include "tests/twins/json_fields.h"

#include "absl/strings/str_cat.h"

namespace rollcall::twins {

using nlohmann::json;

absl::Status CheckFields(const json& object, const std::set<std::string>& known) {
  if (!object.is_object()) return absl::InvalidArgumentError("is not an object");
  for (const auto& item : object.items()) {
    if (known.count(item.key()) == 0) {
      return absl::InvalidArgumentError(absl::StrCat("\"", item.key(), "\"?"));
    }
  }
  return absl::OkStatus();
}

std::string TextField(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool FlagField(const json& object, const char* key, bool otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_boolean() ? found->get<bool>() : otherwise;
}

int64_t NumberField(const json& object, const char* key, int64_t otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<int64_t>() : otherwise;
}

json ListField(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : json::array();
}

std::set<std::string> TextsField(const json& object, const char* key) {
  std::set<std::string> texts;
  for (const json& item : ListField(object, key)) {
    if (item.is_string()) texts.insert(item.get<std::string>());
  }
  return texts;
}

}  // namespace rollcall::twins
