#include "clients/crowd/crowd_user.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_errors.h"
#include "clients/http/server_answer.h"
#include "clients/json/value.h"
#include "clients/json/writer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

struct NamedField {
  const char* name;
  std::string CrowdUser::* value;
};
constexpr NamedField kTexts[] = {{"name", &CrowdUser::name},
                                 {"first-name", &CrowdUser::first_name},
                                 {"last-name", &CrowdUser::last_name},
                                 {"display-name", &CrowdUser::display_name},
                                 {"email", &CrowdUser::email}};

std::optional<bool> ActiveOf(const json::Value& user) {
  const json::Value* active = user.Find("active");
  if (active == nullptr) return std::nullopt;
  if (active->boolean().has_value()) return active->boolean();
  if (absl::EqualsIgnoreCase(active->text(), "true")) return true;
  if (absl::EqualsIgnoreCase(active->text(), "false")) return false;
  return std::nullopt;
}

// {"attributes":{"attributes":[{"name":"a","values":["1"]}]}}; the newer documentation calls the
// array "attribute".
std::map<std::string, std::vector<std::string>> AttributesOf(const json::Value& user) {
  std::map<std::string, std::vector<std::string>> result;
  const json::Value* attributes = user.Find("attributes");
  if (attributes == nullptr) return result;
  for (const char* key : {"attributes", "attribute"}) {
    const json::Value* list = attributes->Find(key);
    if (list == nullptr) continue;
    for (const json::Value& attribute : list->items()) {
      const json::Value* values = attribute.Find("values");
      const std::string name(attribute.Text("name"));
      if (values == nullptr || name.empty()) continue;
      for (const json::Value& value : values->items()) result[name].emplace_back(value.text());
    }
  }
  return result;
}

void WriteAttributes(const CrowdUser& user, json::Writer& body) {
  if (user.attributes.empty()) return;
  body.Key("attributes").StartObject().Key("attributes").StartArray();
  for (const auto& [name, values] : user.attributes) {
    body.StartObject().Key("name").String(name).Key("values").StartArray();
    for (const std::string& value : values) body.String(value);
    body.EndArray().EndObject();
  }
  body.EndArray().EndObject();
}

}  // namespace

AccountRecord CrowdUser::record() const {
  AccountRecord record;
  record.id = id();
  record.user_name = name;
  record.email = email;
  record.state = active ? AccountState::kActive : AccountState::kInactive;
  return record;
}

absl::StatusOr<CrowdUser> DecodeCrowdUser(absl::string_view what, const HttpResponse& response) {
  RETURN_IF_ERROR(RequireCrowdJson(what, response));
  const absl::StatusOr<json::Value> value = json::Value::Parse(response.body);
  if (!value.ok()) {
    return absl::DataLossError(absl::StrCat(what, ": ", value.status().message()));
  }
  CrowdUser user;
  for (const NamedField& field : kTexts) user.*field.value = std::string(value->Text(field.name));
  user.key = std::string(value->Text("key"));
  const std::optional<bool> active = ActiveOf(*value);
  if (user.name.empty() || !active.has_value()) {
    return absl::DataLossError(absl::StrCat(what, ": the answer is no user of Crowd: it has no `",
                                            user.name.empty() ? "name" : "active", "`"));
  }
  user.active = *active;
  user.attributes = AttributesOf(*value);
  return user;
}

std::string EncodeCrowdUser(const CrowdUser& user) {
  json::Writer body;
  body.StartObject();
  for (const NamedField& field : kTexts) body.Key(field.name).String(user.*field.value);
  body.Key("active").Bool(user.active);
  WriteAttributes(user, body);
  body.EndObject();
  return std::move(body).Take();
}

std::vector<std::pair<std::string, std::string>> TextsOf(const CrowdUser& user) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const NamedField& field : kTexts) {
    if (field.value != &CrowdUser::name) result.emplace_back(field.name, user.*field.value);
  }
  return result;
}

FieldDifferences CompareFields(const CrowdUser& sent, const CrowdUser& after) {
  FieldDifferences result;
  for (const NamedField& field : kTexts) {
    const std::string& was = sent.*field.value;
    if (was == after.*field.value) continue;
    (was.empty() ? result.filled : result.changed).push_back(field.name);
  }
  if (sent.attributes != after.attributes) result.changed.push_back("attributes");
  return result;
}

}  // namespace rollcall
