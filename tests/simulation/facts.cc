#include "tests/simulation/facts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rollcall::simulation {

std::string Fact::ToString() const {
  if (!group.empty()) return absl::StrCat(directory, "/", account, " in ", group);
  return absl::StrCat(directory, "/", account, " active",
                      place.empty() ? "" : absl::StrCat(" in ", place));
}

std::string CrowdKeyOf(const twins::CrowdDirectory& directory, const twins::CrowdUser& user) {
  return user.external_id.empty() ? user.name : absl::StrCat(directory.id, ":", user.external_id);
}

namespace {

void AddScim(const twins::World& world, Facts& facts) {
  for (const auto& [name, directory] : world.scim) {
    for (const auto& user : directory.users()) {
      if (user->Active()) facts.push_back({kScim, user->id, "", ""});
    }
    for (const auto& group : directory.groups()) {
      for (const std::string& member : group->members) {
        facts.push_back({kScim, member, group->id, ""});
      }
    }
  }
}

void AddCrowd(const twins::World& world, Facts& facts) {
  for (const auto& [name, application] : world.crowd) {
    for (const twins::CrowdDirectory& directory : application.directories) {
      for (const auto& [folded, user] : directory.users) {
        if (user.active) facts.push_back({kCrowd, CrowdKeyOf(directory, user), "", ""});
      }
      for (const auto& [folded, group] : directory.groups) {
        for (const std::string& member : group.users) {
          const auto user = directory.users.find(member);
          if (user == directory.users.end()) continue;
          facts.push_back({kCrowd, CrowdKeyOf(directory, user->second), group.name, ""});
        }
      }
    }
  }
}

void AddCloud(const twins::World& world, Facts& facts) {
  for (const auto& [id, account] : world.cloud_accounts) {
    if (account.active) facts.push_back({kCloud, id, "", ""});
    for (const auto& [place, membership] : account.directories) {
      if (!membership.suspended) facts.push_back({kCloud, id, "", place});
    }
  }
  if (!world.organisation.has_value()) return;
  for (const auto& [id, group] : world.organisation->groups) {
    for (const std::string& member : group.members) facts.push_back({kCloud, member, id, ""});
  }
}

void AddSites(const twins::World& world, Facts& facts) {
  for (const auto& [name, site] : world.sites) {
    for (const auto& [id, account] : world.cloud_accounts) {
      const auto membership = account.directories.find(site.directory);
      const bool is_user = membership != account.directories.end() &&
                           !membership->second.suspended && site.removed.count(id) == 0;
      if (is_user && account.active && !account.closed) facts.push_back({kSite, id, "", ""});
    }
  }
}

}  // namespace

Facts FactsOf(const twins::World& world) {
  Facts facts;
  AddScim(world, facts);
  AddCrowd(world, facts);
  AddCloud(world, facts);
  AddSites(world, facts);
  std::sort(facts.begin(), facts.end());
  return facts;
}

std::vector<Turn> TurnsBetween(const Facts& before, const Facts& after) {
  std::vector<Turn> turns;
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    if (now == after.end() || (old != before.end() && *old < *now)) {
      turns.push_back({*old, old->group.empty() ? Action::kDeactivate : Action::kRemoveMembership});
      ++old;
    } else if (old == before.end() || *now < *old) {
      turns.push_back({*now, now->group.empty() ? Action::kActivate : Action::kAddMembership});
      ++now;
    } else {
      ++old;
      ++now;
    }
  }
  return turns;
}

}  // namespace rollcall::simulation
