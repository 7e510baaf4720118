#include "tests/simulation/rival.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/crowd_options.h"
#include "tests/twins/target.h"
#include "tests/twins/world_links.h"

namespace rollcall::simulation {
namespace {

// As another application of Crowd's writes a user: whole.
twins::TwinRequest PutOf(const twins::CrowdUser& user) {
  const twins::CrowdOptions login;
  twins::TwinRequest put;
  put.method = "PUT";
  put.target =
      absl::StrCat(SimWorld::kCrowdBase,
                   "/rest/usermanagement/1/user?username=", twins::PercentEncode(user.name));
  put.headers = {
      {"Accept", "application/json"},
      {"Content-Type", "application/json"},
      {"Authorization", absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(
                                                   login.application, ":", login.password)))}};
  put.body = nlohmann::json{{"name", user.name},           {"first-name", user.first_name},
                            {"last-name", user.last_name}, {"display-name", user.display_name},
                            {"email", user.email},         {"active", user.active}}
                 .dump();
  return put;
}

}  // namespace

bool Rival::Edit(absl::Time now) {
  const Facts before = FactsOf(world_.world());
  const bool at_site = world_.site().has_value() && dice_.Chance(250);
  if (at_site) {
    dice_.Chance(500) ? EditSite(now) : EditSiteGroup(now);
  } else {
    EditElsewhere(now);
  }
  witness_.NoteRival(TurnsBetween(before, FactsOf(world_.world())));
  return at_site;
}

void Rival::EditElsewhere(absl::Time now) {
  switch (dice_.Below(20)) {
    case 0:
      DeleteScimUser(now);
      break;
    case 1:
      DeleteCrowdUser();
      break;
    case 2:
      DeleteGroup(now);
      break;
    case 3:
    case 4:
    case 5:
    case 6:
      EditScimUser(now);
      break;
    case 7:
    case 8:
    case 9:
    case 10:
      EditScimGroup(now);
      break;
    case 11:
    case 12:
    case 13:
    case 14:
      EditCrowdUser();
      break;
    case 15:
    case 16:
      EditCrowdGroup();
      break;
    default:
      EditCloudAccount(now);
  }
}

void Rival::EditBefore(const twins::TwinRequest& put) {
  const nlohmann::json body = nlohmann::json::parse(put.body, nullptr, false);
  if (!body.is_object()) return;
  const std::string name = body.value("name", "");
  const auto& directory = world_.world().crowd[kCrowd].directories[0];
  for (const auto& [folded, known] : directory.users) {
    if (known.name != name) continue;
    twins::CrowdUser user = known;
    user.email = absl::StrCat("gap.", user.email);
    const std::string key = CrowdKeyOf(directory, user);
    log_.Add(absl::StrCat("rival: readdresses crowd/", key, " before our write"));
    witness_.NoteRivalEdit(kCrowd, key);
    witness_.NoteInGap(key, user.email);
    world_.Handle(PutOf(user));
    return;
  }
}

void Rival::EditScimUser(absl::Time now) {
  twins::ScimDirectory& directory = world_.world().scim[kScim];
  const auto& users = directory.users();
  if (users.empty()) return;
  twins::ScimUser user = *users[dice_.Below(static_cast<int64_t>(users.size()))];
  if (dice_.Chance(700)) {
    user.attributes["active"] = !user.Active();
  } else {
    const std::string name = absl::StrCat("rival.", user.UserName());
    user.attributes["userName"] = name;
    log_.Add(absl::StrCat("rival: renames scim/", user.id));
  }
  user.modified = now;
  ++user.version;
  witness_.NoteRivalEdit(kScim, user.id);
  const std::string account = user.AtlassianAccountId();
  if (!account.empty()) witness_.NoteRivalEdit(kCloud, account);
  directory.PutUser(user);
  twins::CarryAccountAlong(world_.world(), user, now);
}

void Rival::EditScimGroup(absl::Time now) {
  twins::ScimDirectory& directory = world_.world().scim[kScim];
  const auto& groups = directory.groups();
  if (groups.empty() || directory.users().empty()) return;
  twins::ScimGroup group = *groups[dice_.Below(static_cast<int64_t>(groups.size()))];
  const std::vector<std::string> before = group.members;
  const auto& users = directory.users();
  const std::string member = users[dice_.Below(static_cast<int64_t>(users.size()))]->id;
  const auto found = std::find(group.members.begin(), group.members.end(), member);
  if (found == group.members.end()) {
    group.members.push_back(member);
  } else {
    group.members.erase(found);
  }
  group.modified = now;
  ++group.version;
  const std::string name = group.display_name;
  const std::vector<std::string> after = group.members;
  directory.PutGroup(std::move(group));
  twins::CarryMembersAlong(world_.world(), kScim, name, before, after, now);
}

void Rival::EditCrowdUser() {
  auto& directory = world_.world().crowd[kCrowd].directories[0];
  auto row = directory.users.begin();
  std::advance(row, dice_.Below(static_cast<int64_t>(directory.users.size())));
  twins::CrowdUser user = row->second;
  const std::string key = CrowdKeyOf(directory, user);
  if (dice_.Chance(700)) {
    user.active = !user.active;
  } else {
    user.email = absl::StrCat("rival.", user.email);
    log_.Add(absl::StrCat("rival: readdresses crowd/", key));
  }
  const twins::TwinResponse answer = world_.Handle(PutOf(user));
  if (answer.status != 204) {
    witness_.Fail(absl::StrCat("Crowd refused the rival: ", answer.status, " ", answer.body));
  }
  witness_.NoteRivalEdit(kCrowd, key);
}

void Rival::EditCrowdGroup() {
  auto& directory = world_.world().crowd[kCrowd].directories[0];
  if (directory.groups.empty() || directory.users.empty()) return;
  auto group = directory.groups.begin();
  std::advance(group, dice_.Below(static_cast<int64_t>(directory.groups.size())));
  auto user = directory.users.begin();
  std::advance(user, dice_.Below(static_cast<int64_t>(directory.users.size())));
  if (group->second.users.erase(user->first) == 0) group->second.users.insert(user->first);
}

void Rival::DeleteScimUser(absl::Time now) {
  twins::ScimDirectory& directory = world_.world().scim[kScim];
  if (directory.users().empty()) return;
  const twins::ScimUser user =
      *directory.users()[dice_.Below(static_cast<int64_t>(directory.users().size()))];
  log_.Add(absl::StrCat("rival: deletes scim/", user.id));
  witness_.NoteRivalEdit(kScim, user.id);
  const std::string account = user.AtlassianAccountId();
  if (!account.empty()) witness_.NoteRivalEdit(kCloud, account);
  for (const std::string& id : directory.GroupsOf(user.id)) {
    const twins::ScimGroup group = *directory.FindGroup(id);
    std::vector<std::string> left = group.members;
    std::erase(left, user.id);
    twins::CarryMembersAlong(world_.world(), kScim, group.display_name, group.members, left, now);
  }
  directory.RemoveUser(user.id, twins::Memberships::kRemoved);
  twins::DropAccount(world_.world(), kScim, user, now);
}

void Rival::DeleteCrowdUser() {
  auto& directory = world_.world().crowd[kCrowd].directories[0];
  if (directory.users.empty()) return;
  auto user = directory.users.begin();
  std::advance(user, dice_.Below(static_cast<int64_t>(directory.users.size())));
  const std::string key = CrowdKeyOf(directory, user->second);
  log_.Add(absl::StrCat("rival: deletes crowd/", key));
  witness_.NoteRivalEdit(kCrowd, key);
  for (auto& [name, group] : directory.groups) group.users.erase(user->first);
  directory.users.erase(user);
}

void Rival::DeleteGroup(absl::Time now) {
  if (dice_.Chance(500)) {
    auto& groups = world_.world().crowd[kCrowd].directories[0].groups;
    if (groups.empty()) return;
    auto group = groups.begin();
    std::advance(group, dice_.Below(static_cast<int64_t>(groups.size())));
    log_.Add(absl::StrCat("rival: deletes the group crowd/", group->second.name));
    witness_.NoteRivalGroup(kCrowd, group->second.name);
    groups.erase(group);
    return;
  }
  twins::ScimDirectory& directory = world_.world().scim[kScim];
  if (directory.groups().empty()) return;
  const twins::ScimGroup group =
      *directory.groups()[dice_.Below(static_cast<int64_t>(directory.groups().size()))];
  log_.Add(absl::StrCat("rival: deletes the group scim/", group.display_name));
  witness_.NoteRivalGroup(kScim, group.id);
  twins::CarryMembersAlong(world_.world(), kScim, group.display_name, group.members, {}, now);
  directory.RemoveGroup(group.id);
}

void Rival::EditCloudAccount(absl::Time now) {
  auto& accounts = world_.world().cloud_accounts;
  auto account = accounts.begin();
  std::advance(account, dice_.Below(static_cast<int64_t>(accounts.size())));
  world_.world().organisation->Remember(account->second, now);
  if (dice_.Chance(600) || account->second.directories.empty()) {
    account->second.active = !account->second.active;
  } else {
    auto place = account->second.directories.begin();
    std::advance(place, dice_.Below(static_cast<int64_t>(account->second.directories.size())));
    place->second.suspended = !place->second.suspended;
  }
  witness_.NoteRivalEdit(kCloud, account->first);
}

// Takes somebody off the site, or gives him back.
void Rival::EditSite(absl::Time now) {
  twins::World& world = world_.world();
  twins::JiraSite& site = world.sites.at(kSite);
  auto account = world.cloud_accounts.begin();
  std::advance(account, dice_.Below(static_cast<int64_t>(world.cloud_accounts.size())));
  const std::string& id = account->first;
  witness_.NoteRivalEdit(kSite, id);
  if (site.removed.erase(id) > 0) {
    log_.Add(absl::StrCat("rival: gives ", id, " back to the site"));
    return;
  }
  log_.Add(absl::StrCat("rival: takes ", id, " off the site"));
  site.removed.insert(id);
  for (auto& [group_id, group] : world.organisation->groups) {
    if (group.directory != site.directory || group.members.count(id) == 0) continue;
    world.organisation->Remember(group, now);
    group.members.erase(id);
  }
}

// One of the groups that no SCIM directory carries along.
void Rival::EditSiteGroup(absl::Time now) {
  twins::World& world = world_.world();
  std::vector<twins::OrgGroup*> own;
  for (auto& [id, group] : world.organisation->groups) {
    if (!group.synced && group.directory == world.sites.at(kSite).directory) own.push_back(&group);
  }
  if (own.empty()) return;
  twins::OrgGroup& group = *own[dice_.Below(static_cast<int64_t>(own.size()))];
  auto account = world.cloud_accounts.begin();
  std::advance(account, dice_.Below(static_cast<int64_t>(world.cloud_accounts.size())));
  world.organisation->Remember(group, now);
  if (group.members.erase(account->first) == 0) group.members.insert(account->first);
}

}  // namespace rollcall::simulation
