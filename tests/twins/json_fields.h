// Fields of JSON objects that people wrote by hand: a field that is not there, or is of another
// type, counts as its default; a field that nobody knows is an error. Pure.
#ifndef TESTS_TWINS_JSON_FIELDS_H_
#define TESTS_TWINS_JSON_FIELDS_H_

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/status/status.h"

namespace rollcall::twins {

// INVALID_ARGUMENT names the first field that is not known, or says that this is no object.
absl::Status CheckFields(const nlohmann::json& object, const std::set<std::string>& known);

std::string TextField(const nlohmann::json& object, const char* key);
bool FlagField(const nlohmann::json& object, const char* key, bool otherwise);
int64_t NumberField(const nlohmann::json& object, const char* key, int64_t otherwise);
nlohmann::json ListField(const nlohmann::json& object, const char* key);
// Of a list of texts; other items are left out.
std::set<std::string> TextsField(const nlohmann::json& object, const char* key);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JSON_FIELDS_H_
