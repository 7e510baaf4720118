#include "tests/twins/scim_attributes.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "tests/twins/scim_directory.h"

namespace rollcall::twins {
namespace {

constexpr const char* kKnown[] = {
    "id",           "externalId",  "meta",     "schemas",           "userName",
    "name",         "displayName", "nickName", "profileUrl",        "title",
    "userType",     "locale",      "timezone", "preferredLanguage", "active",
    "password",     "emails",      "ims",      "phoneNumbers",      "photos",
    "addresses",    "groups",      "roles",    "entitlements",      "x509Certificates",
    "organization", "department",  "members",  kEnterpriseSchema,   kAtlassianExtension};

void Collect(const nlohmann::json& value, const std::vector<std::string>& parts, size_t next,
             std::vector<nlohmann::json>& result) {
  if (value.is_array()) {
    for (const nlohmann::json& element : value) Collect(element, parts, next, result);
    return;
  }
  if (next < parts.size()) {
    if (!value.is_object()) return;
    const auto found = value.find(AttributeKey(value, parts[next]));
    if (found != value.end()) Collect(*found, parts, next + 1, result);
    return;
  }
  // A complex value without a named part stands for its "value" (RFC 7644 section 3.4.2.2).
  if (value.is_object() && value.contains("value")) {
    result.push_back(value["value"]);
  } else {
    result.push_back(value);
  }
}

}  // namespace

std::string AttributeKey(const nlohmann::json& object, absl::string_view name) {
  if (object.is_object() && !object.contains(std::string(name))) {
    for (const auto& item : object.items()) {
      if (absl::EqualsIgnoreCase(item.key(), name)) return item.key();
    }
    for (const char* known : kKnown) {
      if (absl::EqualsIgnoreCase(known, name)) return known;
    }
  }
  return std::string(name);
}

bool IsKnownAttribute(absl::string_view name) {
  for (const char* known : kKnown) {
    if (absl::EqualsIgnoreCase(known, name)) return true;
  }
  return false;
}

QualifiedName SplitSchema(absl::string_view attribute) {
  for (absl::string_view core : {kUserSchema, kGroupSchema}) {
    if (absl::StartsWithIgnoreCase(attribute, core) && attribute.size() > core.size() &&
        attribute[core.size()] == ':') {
      return {"", std::string(attribute.substr(core.size() + 1))};
    }
  }
  for (absl::string_view extension : {kEnterpriseSchema, kAtlassianExtension}) {
    if (!absl::StartsWithIgnoreCase(attribute, extension)) continue;
    if (attribute.size() == extension.size()) return {"", std::string(extension)};
    if (attribute[extension.size()] == ':') {
      return {std::string(extension), std::string(attribute.substr(extension.size() + 1))};
    }
  }
  return {"", std::string(attribute)};
}

std::vector<nlohmann::json> ValuesAt(const nlohmann::json& resource, absl::string_view attribute) {
  const QualifiedName name = SplitSchema(attribute);
  std::vector<std::string> parts;
  if (name.name == kEnterpriseSchema || name.name == kAtlassianExtension) {
    parts = {name.name};
  } else {
    parts = absl::StrSplit(name.name, '.');
  }
  if (!name.schema.empty()) parts.insert(parts.begin(), name.schema);
  std::vector<nlohmann::json> result;
  Collect(resource, parts, 0, result);
  return result;
}

bool IsCaseExact(absl::string_view attribute) {
  return absl::EqualsIgnoreCase(attribute, "id") ||
         absl::EqualsIgnoreCase(attribute, "externalId") ||
         absl::EqualsIgnoreCase(attribute, "members") ||
         absl::EqualsIgnoreCase(attribute, "members.value") ||
         absl::StartsWithIgnoreCase(attribute, "meta.") ||
         absl::EndsWithIgnoreCase(attribute, "atlassianAccountId");
}

}  // namespace rollcall::twins
