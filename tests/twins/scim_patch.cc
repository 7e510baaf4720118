#include "tests/twins/scim_patch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/scim_attributes.h"
#include "tests/twins/scim_path.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

// One operation on one path, taken apart.
struct Step {
  std::string op;
  PatchPath path;
  json value;
};

bool IsReadOnly(const std::string& attribute) {
  for (const char* name : {"id", "meta", "groups", "schemas"}) {
    if (absl::EqualsIgnoreCase(attribute, name)) return true;
  }
  return false;
}

// Adding to a list leaves what is in it; an equal element is not added twice.
void AddToList(json& list, const json& value) {
  if (!list.is_array()) list = json::array();
  for (const json& element : value.is_array() ? value : json::array({value})) {
    if (std::find(list.begin(), list.end(), element) == list.end()) list.push_back(element);
  }
}

void SetValue(const std::string& op, json& slot, const json& value) {
  if (op == "add" && slot.is_array()) {
    AddToList(slot, value);
  } else if (slot.is_object() && value.is_object()) {
    slot.update(value);
  } else {
    slot = value;
  }
}

void ChangeMember(const std::string& op, json& object, const std::string& name, const json& value) {
  const std::string key = AttributeKey(object, name);
  if (op == "remove") {
    object.erase(key);
  } else {
    SetValue(op, object[key], value);
  }
}

// The element that a replace creates where the quirk lets it: {"type": "work"} for type eq "work".
json ElementOf(const Filter& filter) {
  json element = json::object();
  for (const Comparison& comparison : filter.alternatives[0]) {
    if (comparison.op == "eq") element[comparison.attribute] = comparison.value;
  }
  return element;
}

std::optional<ScimError> ChangeElements(const ScimCall& call, const Step& step, json& list) {
  const auto matches = [&](const json& element) {
    return Matches(*step.path.filter, element, Case::kAsDefined);
  };
  if (!list.is_array()) list = json::array();
  if (std::none_of(list.begin(), list.end(), matches)) {
    if (step.op == "remove" || !call.Has(Quirk::kNoMatchCreates)) {
      return ScimError{400, "noTarget", "The path's filter matches nothing."};
    }
    list.push_back(ElementOf(*step.path.filter));
  }
  if (step.op == "remove" && step.path.sub_attribute.empty()) {
    json kept = json::array();
    for (const json& element : list) {
      if (!matches(element)) kept.push_back(element);
    }
    list = std::move(kept);
    return std::nullopt;
  }
  for (json& element : list) {
    if (!matches(element)) continue;
    if (step.path.sub_attribute.empty()) {
      SetValue(step.op, element, step.value);
    } else {
      ChangeMember(step.op, element, step.path.sub_attribute, step.value);
    }
  }
  return std::nullopt;
}

std::optional<ScimError> ChangeSubAttribute(const Step& step, json& slot) {
  if (slot.is_array()) {
    for (json& element : slot) {
      if (element.is_object()) {
        ChangeMember(step.op, element, step.path.sub_attribute, step.value);
      }
    }
    return std::nullopt;
  }
  if (slot.is_null()) slot = json::object();
  if (!slot.is_object()) {
    return ScimError{400, "invalidPath", "A simple attribute has no parts."};
  }
  ChangeMember(step.op, slot, step.path.sub_attribute, step.value);
  return std::nullopt;
}

std::optional<ScimError> ChangeActive(const ScimCall& call, const Step& step, json& container,
                                      const std::string& key) {
  if (step.op == "add" && call.Has(Quirk::kAddActive501)) {
    return ScimError{501, "", "add is not implemented for active."};
  }
  if (step.op == "remove") {
    container.erase(key);
    return std::nullopt;
  }
  json value = step.value;
  if (std::optional<ScimError> error = JudgeActive(call, value)) return error;
  container[key] = std::move(value);
  return std::nullopt;
}

std::optional<ScimError> ApplyStep(const ScimCall& call, const Step& step, json& attributes) {
  const PatchPath& path = step.path;
  if (path.schema.empty() && !IsKnownAttribute(path.attribute)) {
    if (call.Has(Quirk::kUnknownPathNoop)) return std::nullopt;
    return ScimError{400, "invalidPath",
                     absl::StrCat("There is no attribute ", path.attribute, ".")};
  }
  if (IsReadOnly(path.attribute)) {
    return ScimError{400, "mutability", absl::StrCat(path.attribute, " is read-only.")};
  }
  json& container =
      path.schema.empty() ? attributes : attributes[AttributeKey(attributes, path.schema)];
  if (container.is_null()) container = json::object();
  const std::string key = AttributeKey(container, path.attribute);
  if (key == "active" && path.schema.empty()) return ChangeActive(call, step, container, key);
  if (path.filter.has_value()) return ChangeElements(call, step, container[key]);
  if (!path.sub_attribute.empty()) return ChangeSubAttribute(step, container[key]);
  const bool new_list = step.op == "add" && step.value.is_array() && !container.contains(key);
  if (new_list) container[key] = json::array();
  ChangeMember(step.op, container, key, step.value);
  return std::nullopt;
}

std::optional<ScimError> ApplyAt(const ScimCall& call, const std::string& op,
                                 const std::string& path, const json& value, json& attributes) {
  absl::StatusOr<PatchPath> parsed = ParsePatchPath(path);
  if (!parsed.ok()) {
    if (call.Has(Quirk::kUnknownPathNoop)) return std::nullopt;
    return ScimError{400, "invalidPath", std::string(parsed.status().message())};
  }
  return ApplyStep(call, Step{op, *std::move(parsed), value}, attributes);
}

std::optional<ScimError> ApplyOperation(const ScimCall& call, const PatchOperation& operation,
                                        json& attributes) {
  std::string op;
  if (std::optional<ScimError> error = CheckOp(call, operation, op)) return error;
  if (operation.path.has_value()) {
    return ApplyAt(call, op, *operation.path, operation.value, attributes);
  }
  if (op == "remove") {
    if (call.Has(Quirk::kUnknownPathNoop)) return std::nullopt;
    return ScimError{400, "noTarget", "remove needs a path."};
  }
  if (!operation.value.is_object()) {
    return ScimError{400, "invalidValue", "Without a path the value must be an object."};
  }
  for (const auto& item : operation.value.items()) {
    if (absl::EqualsIgnoreCase(item.key(), "schemas") || absl::EqualsIgnoreCase(item.key(), "id")) {
      continue;  // clients send the whole resource back; what cannot change is left alone
    }
    if (auto error = ApplyAt(call, op, item.key(), item.value(), attributes)) return error;
  }
  return std::nullopt;
}

}  // namespace

PatchBody ReadPatchBody(const ScimCall& call) {
  PatchBody body;
  const json parsed = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded() || !parsed.is_object()) {
    body.error = ScimError{400, "invalidSyntax", "The body is not a JSON object."};
    return body;
  }
  auto operations = parsed.find("Operations");
  if (operations == parsed.end() && parsed.contains("operations")) {
    body.does_nothing = call.Has(Quirk::kLowerOperationsNoop);
    if (body.does_nothing) return body;
    if (call.Has(Quirk::kLowerOperationsAccepted)) operations = parsed.find("operations");
  }
  if (operations == parsed.end() || !operations->is_array() || operations->empty()) {
    body.error = ScimError{400, "invalidSyntax", "Operations is missing or empty."};
    return body;
  }
  for (const json& item : *operations) {
    PatchOperation operation;
    if (item.is_object() && item.contains("op") && item["op"].is_string()) {
      operation.op = item["op"].get<std::string>();
      if (item.contains("path") && item["path"].is_string()) {
        operation.path = item["path"].get<std::string>();
      }
      if (item.contains("value")) operation.value = item["value"];
    }
    body.operations.push_back(std::move(operation));
  }
  return body;
}

std::optional<ScimError> CheckOp(const ScimCall& call, const PatchOperation& operation,
                                 std::string& op) {
  op = absl::AsciiStrToLower(operation.op);
  const bool known = op == "add" || op == "replace" || op == "remove";
  if (!known || (op != operation.op && call.Has(Quirk::kOpCaseSensitive))) {
    return ScimError{400, "invalidSyntax",
                     absl::StrCat("op \"", operation.op, "\" is not add, replace or remove.")};
  }
  if (op != "remove" && operation.value.is_null()) {
    return ScimError{400, "invalidValue", absl::StrCat(op, " needs a value.")};
  }
  return std::nullopt;
}

std::optional<ScimError> PatchUser(const ScimCall& call,
                                   const std::vector<PatchOperation>& operations,
                                   json& attributes) {
  for (const PatchOperation& operation : operations) {
    std::optional<ScimError> error = ApplyOperation(call, operation, attributes);
    if (error.has_value() && !call.Has(Quirk::kPatchNotAtomic)) return error;
  }
  return std::nullopt;
}

std::optional<ScimError> JudgeActive(const ScimCall& call, json& value) {
  if (value.is_boolean()) return std::nullopt;
  const std::string text =
      value.is_string() ? absl::AsciiStrToLower(value.get<std::string>()) : std::string();
  if (text == "true" || text == "false") {
    if (call.Has(Quirk::kActiveStringStored)) return std::nullopt;
    if (call.Has(Quirk::kActiveStringIsTrue)) {
      value = true;
      return std::nullopt;
    }
    if (call.Has(Quirk::kActiveStringCoerced)) {
      value = text == "true";
      return std::nullopt;
    }
  }
  return ScimError{400, "invalidValue", "active must be a boolean."};
}

}  // namespace rollcall::twins
