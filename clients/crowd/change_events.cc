#include "clients/crowd/change_events.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/crowd/crowd_users.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// `part` in lower case.
bool NameHas(absl::string_view name, absl::string_view part) {
  return absl::StrContains(absl::AsciiStrToLower(name), part);
}

bool HasItems(const json::Value& value) { return value.is_object() || value.is_array(); }

// Where an attribute of XML became a member, some mappings put a sign before it.
absl::string_view NameOf(const json::Value& entity) {
  const absl::string_view name = entity.Text("name");
  return name.empty() ? entity.Text("@name") : name;
}

std::optional<bool> Truth(const json::Value& object, absl::string_view key) {
  const json::Value* value = object.Find(key);
  if (value == nullptr) return std::nullopt;
  if (value->boolean().has_value()) return value->boolean();
  if (absl::EqualsIgnoreCase(value->text(), "true")) return true;
  if (absl::EqualsIgnoreCase(value->text(), "false")) return false;
  return std::nullopt;
}

EventUser UserOf(const json::Value& entity) {
  EventUser user;
  user.name = std::string(NameOf(entity));
  user.key = std::string(entity.Text("key"));
  user.active = Truth(entity, "active");
  for (const auto& [name, value] : TextsOf(CrowdUser())) {
    const json::Value* found = entity.Find(name);
    if (found != nullptr && !HasItems(*found)) user.texts[name] = std::string(found->text());
  }
  return user;
}

class EventReader {
 public:
  explicit EventReader(std::vector<ChangeEvent>& users) : users_(users) {}

  absl::Status ReadTop(const json::Value& top) {
    for (const auto& [key, value] : top.members()) {
      if (value.is_array() || (value.is_object() && NameHas(key, "event"))) {
        RETURN_IF_ERROR(Walk(value, key));
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Walk(const json::Value& value, absl::string_view label) {
    if (value.is_array()) {
      for (const json::Value& item : value.items()) RETURN_IF_ERROR(Walk(item, label));
      return absl::OkStatus();
    }
    if (!value.is_object()) return NotUnderstood(label);
    bool holds_events = false;
    for (const auto& [key, member] : value.members()) {
      if (!HasItems(member) || !NameHas(key, "event")) continue;
      holds_events = true;
      RETURN_IF_ERROR(Walk(member, key));
    }
    return holds_events ? absl::OkStatus() : ReadEvent(value, label);
  }

  absl::Status ReadEvent(const json::Value& event, absl::string_view label) {
    std::string kind(label);
    for (const auto& [key, member] : event.members()) {
      if (NameHas(key, "group") || NameHas(key, "membership")) return absl::OkStatus();
      if (NameHas(key, "type") || NameHas(key, "class")) absl::StrAppend(&kind, " ", member.text());
    }
    if (NameHas(kind, "group") || NameHas(kind, "membership")) return absl::OkStatus();
    ChangeEvent change;
    for (const auto& [key, member] : event.members()) {
      if (NameHas(key, "attribute")) continue;
      AddEntity(member, change);
      for (const json::Value& item : member.items()) AddEntity(item, change);
    }
    if (change.empty()) AddEntity(event, change);
    if (!change.empty()) {
      users_.push_back(std::move(change));
      return absl::OkStatus();
    }
    // Another kind, with a name of its own, is nobody's change.
    const bool untold = absl::EqualsIgnoreCase(kind, "events") || NameHas(kind, "user");
    return untold ? NotUnderstood(label) : absl::OkStatus();
  }

  static void AddEntity(const json::Value& entity, ChangeEvent& change) {
    if (!entity.is_object() || NameOf(entity).empty()) return;
    change.push_back(UserOf(entity));
  }

  static absl::Status NotUnderstood(absl::string_view label) {
    // A list that nobody called events need not hold any.
    if (!NameHas(label, "event")) return absl::OkStatus();
    return absl::InvalidArgumentError("an event of a form that is not known");
  }

  std::vector<ChangeEvent>& users_;
};

}  // namespace

bool EventUser::Is(const CrowdUser& user) const {
  if (LooksLikeCrowdKey(key) && !user.key.empty()) return key == user.key;
  return FoldedEquals(name, user.name);
}

bool EventUser::HasTextsOf(const CrowdUser& user) const {
  const auto fields = TextsOf(user);
  return !texts.empty() && std::all_of(fields.begin(), fields.end(), [&](const auto& field) {
    const auto shown = texts.find(field.first);
    return (shown == texts.end() ? "" : shown->second) == field.second;
  });
}

absl::StatusOr<ChangeAnswer> ParseChangeAnswer(absl::string_view body) {
  ASSIGN_OR_RETURN(const json::Value top, json::Value::Parse(body));
  if (!top.is_object()) return absl::InvalidArgumentError("no object");
  ChangeAnswer answer;
  answer.token = std::string(top.Text("newEventToken"));
  if (answer.token.size() > ChangeAnswer::kMaxToken) {
    return absl::ResourceExhaustedError("the token is too long");
  }
  answer.available = Truth(top, "incrementalSynchronisationAvailable");
  RETURN_IF_ERROR(EventReader(answer.users).ReadTop(top));
  return answer;
}

}  // namespace rollcall
