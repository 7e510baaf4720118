#include "tests/twins/world_links.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

namespace rollcall::twins {
namespace {

CloudAccount* FollowerOf(World& world, const ScimUser& user) {
  const auto found = world.cloud_accounts.find(user.AtlassianAccountId());
  if (found == world.cloud_accounts.end()) return nullptr;
  CloudAccount& account = found->second;
  return account.claimed && account.follows_scim ? &account : nullptr;
}

// Account ids of SCIM members; who names no account is nobody.
std::set<std::string> AccountsOf(const ScimDirectory& directory,
                                 const std::vector<std::string>& members) {
  std::set<std::string> accounts;
  for (const std::string& member : members) {
    const ScimUser* user = directory.FindUser(member);
    if (user != nullptr) accounts.insert(user->AtlassianAccountId());
  }
  accounts.erase("");
  return accounts;
}

}  // namespace

bool IsNamedByScim(const World& world, const std::string& account_id) {
  return std::any_of(world.scim.begin(), world.scim.end(), [&](const auto& item) {
    return !item.second.UsersOfAccount(account_id).empty();
  });
}

std::vector<std::pair<std::string, std::string>> ScimUsersOf(const World& world,
                                                             const std::string& account_id) {
  std::vector<std::pair<std::string, std::string>> users;
  for (const auto& [name, directory] : world.scim) {
    for (const ScimUser* user : directory.UsersOfAccount(account_id)) {
      users.emplace_back(name, user->id);
    }
  }
  return users;
}

void UnlinkRecord(World& world, const std::string& scim_directory, const std::string& user) {
  ScimDirectory& directory = world.scim.at(scim_directory);
  ScimUser changed = *directory.FindUser(user);
  changed.attributes.erase(kAtlassianExtension);
  directory.PutUser(std::move(changed));
}

void CarryAccountAlong(World& world, const ScimUser& user, absl::Time now) {
  CloudAccount* account = FollowerOf(world, user);
  if (account == nullptr) return;
  const std::string email = user.Email().empty() ? account->email : user.Email();
  if (account->active == user.Active() && account->email == email) return;
  if (world.organisation.has_value()) world.organisation->Remember(*account, now);
  account->active = user.Active();
  account->email = email;
}

void DropAccount(World& world, const std::string& scim_directory, const ScimUser& user,
                 absl::Time now) {
  CloudAccount* account = FollowerOf(world, user);
  if (account == nullptr) return;
  if (world.organisation.has_value()) {
    world.organisation->Remember(*account, now);
    for (auto& [id, group] : world.organisation->groups) {
      if (group.synced_by != scim_directory || group.members.count(account->id) == 0) continue;
      world.organisation->Remember(group, now);
      group.members.erase(account->id);
    }
  }
  account->active = false;
}

void CarryMembersAlong(World& world, const std::string& scim_directory, const std::string& group,
                       const std::vector<std::string>& before,
                       const std::vector<std::string>& after, absl::Time now) {
  if (!world.organisation.has_value() || before == after) return;
  const ScimDirectory& directory = world.scim.at(scim_directory);
  const std::set<std::string> old_accounts = AccountsOf(directory, before);
  const std::set<std::string> new_accounts = AccountsOf(directory, after);
  for (auto& [id, follower] : world.organisation->groups) {
    if (follower.synced_by != scim_directory) continue;
    if (!absl::EqualsIgnoreCase(follower.name, group)) continue;
    world.organisation->Remember(follower, now);
    for (const std::string& account : old_accounts) {
      if (new_accounts.count(account) == 0) follower.members.erase(account);
    }
    for (const std::string& account : new_accounts) {
      if (old_accounts.count(account) == 0) follower.members.insert(account);
    }
  }
}

}  // namespace rollcall::twins
