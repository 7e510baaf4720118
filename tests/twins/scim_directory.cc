#include "tests/twins/scim_directory.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace rollcall::twins {
namespace {

std::string TextOf(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

template <typename T>
void EraseById(std::vector<std::unique_ptr<T>>& items, const std::string& id) {
  items.erase(std::remove_if(items.begin(), items.end(),
                             [&](const std::unique_ptr<T>& item) { return item->id == id; }),
              items.end());
}

}  // namespace

std::string ScimUser::UserName() const { return TextOf(attributes, "userName"); }
std::string ScimUser::ExternalId() const { return TextOf(attributes, "externalId"); }

std::string ScimUser::Email() const {
  const auto emails = attributes.find("emails");
  if (emails == attributes.end() || !emails->is_array()) return "";
  std::string first;
  for (const nlohmann::json& email : *emails) {
    if (!email.is_object()) continue;
    const auto primary = email.find("primary");
    if (primary != email.end() && *primary == true) return TextOf(email, "value");
    if (first.empty()) first = TextOf(email, "value");
  }
  return first;
}

std::string ScimUser::AtlassianAccountId() const {
  const auto extension = attributes.find(kAtlassianExtension);
  if (extension == attributes.end() || !extension->is_object()) return "";
  return TextOf(*extension, "atlassianAccountId");
}

bool ScimUser::Active() const {
  const auto active = attributes.find("active");
  if (active == attributes.end() || active->is_null()) return true;
  if (active->is_boolean()) return active->get<bool>();
  return !active->is_string() || !absl::EqualsIgnoreCase(active->get<std::string>(), "false");
}

const ScimUser* ScimDirectory::FindUser(const std::string& id) const {
  const auto found = user_by_id_.find(id);
  return found == user_by_id_.end() ? nullptr : found->second;
}

const ScimGroup* ScimDirectory::FindGroup(const std::string& id) const {
  const auto found = group_by_id_.find(id);
  return found == group_by_id_.end() ? nullptr : found->second;
}

std::set<std::string> ScimDirectory::GroupsOf(const std::string& user_id) const {
  const auto found = groups_of_user_.find(user_id);
  return found == groups_of_user_.end() ? std::set<std::string>() : found->second;
}

std::vector<const ScimUser*> ScimDirectory::UsersNamed(const std::string& user_name) const {
  std::vector<const ScimUser*> result;
  const auto found = ids_by_name_.find(absl::AsciiStrToLower(user_name));
  if (found == ids_by_name_.end()) return result;
  for (const std::string& id : found->second) result.push_back(user_by_id_.at(id));
  return result;
}

std::vector<const ScimUser*> ScimDirectory::UsersOfAccount(const std::string& account_id) const {
  std::vector<const ScimUser*> result;
  const auto found = ids_by_account_.find(account_id);
  if (found == ids_by_account_.end()) return result;
  for (const std::string& id : found->second) result.push_back(user_by_id_.at(id));
  return result;
}

void ScimDirectory::Index(const ScimUser& user) {
  ids_by_name_[absl::AsciiStrToLower(user.UserName())].insert(user.id);
  const std::string account = user.AtlassianAccountId();
  if (!account.empty()) ids_by_account_[account].insert(user.id);
}

void ScimDirectory::Unindex(const ScimUser& user) {
  ids_by_name_[absl::AsciiStrToLower(user.UserName())].erase(user.id);
  const std::string account = user.AtlassianAccountId();
  if (!account.empty()) ids_by_account_[account].erase(user.id);
}

void ScimDirectory::PutUser(ScimUser user) {
  ScimUser*& slot = user_by_id_[user.id];
  if (slot == nullptr) {
    users_.push_back(std::make_unique<ScimUser>());
    slot = users_.back().get();
  } else {
    Unindex(*slot);
  }
  *slot = std::move(user);
  Index(*slot);
}

void ScimDirectory::PutGroup(ScimGroup group) {
  ScimGroup*& slot = group_by_id_[group.id];
  if (slot == nullptr) {
    groups_.push_back(std::make_unique<ScimGroup>());
    slot = groups_.back().get();
  } else {
    for (const std::string& member : slot->members) groups_of_user_[member].erase(group.id);
  }
  *slot = std::move(group);
  for (const std::string& member : slot->members) groups_of_user_[member].insert(slot->id);
}

void ScimDirectory::RemoveUser(const std::string& id, Memberships memberships) {
  const auto found = user_by_id_.find(id);
  if (found == user_by_id_.end()) return;
  if (memberships == Memberships::kRemoved) {
    for (const std::string& group_id : GroupsOf(id)) {
      ScimGroup group = *group_by_id_.at(group_id);
      std::erase(group.members, id);
      PutGroup(std::move(group));
    }
  }
  Unindex(*found->second);
  user_by_id_.erase(found);
  EraseById(users_, id);
}

void ScimDirectory::RemoveGroup(const std::string& id) {
  const auto found = group_by_id_.find(id);
  if (found == group_by_id_.end()) return;
  for (const std::string& member : found->second->members) groups_of_user_[member].erase(id);
  group_by_id_.erase(found);
  EraseById(groups_, id);
}

ScimUser MakeScimUser(absl::string_view id, absl::string_view user_name,
                      absl::string_view external_id, bool active) {
  ScimUser user;
  user.id = std::string(id);
  user.attributes["userName"] = std::string(user_name);
  user.attributes["active"] = active;
  user.attributes["emails"] = {
      {{"value", std::string(user_name)}, {"type", "work"}, {"primary", true}}};
  if (!external_id.empty()) user.attributes["externalId"] = std::string(external_id);
  return user;
}

}  // namespace rollcall::twins
