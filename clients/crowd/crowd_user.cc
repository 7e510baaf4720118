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
  return user;
}

std::string EncodeCrowdUser(const CrowdUser& user) {
  json::Writer body;
  body.StartObject();
  for (const NamedField& field : kTexts) body.Key(field.name).String(user.*field.value);
  body.Key("active").Bool(user.active).EndObject();
  return std::move(body).Take();
}

FieldDifferences CompareFields(const CrowdUser& sent, const CrowdUser& after) {
  FieldDifferences result;
  for (const NamedField& field : kTexts) {
    const std::string& was = sent.*field.value;
    if (was == after.*field.value) continue;
    (was.empty() ? result.filled : result.changed).push_back(field.name);
  }
  return result;
}

}  // namespace rollcall
