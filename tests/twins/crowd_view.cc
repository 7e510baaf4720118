#include "tests/twins/crowd_view.h"

#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

const CrowdGroup* FindGroupIn(const CrowdDirectory& directory, const std::string& folded) {
  const auto found = directory.groups.find(folded);
  return found == directory.groups.end() ? nullptr : &found->second;
}

}  // namespace

CrowdView::CrowdView(const CrowdApplication& application, Aliases aliases)
    : application_(application), uses_aliases_(aliases == Aliases::kUsed) {
  for (const CrowdDirectory& directory : application.directories) {
    if (directory.active) active_.push_back(&directory);
  }
}

std::optional<CrowdView::User> CrowdView::FindUser(const std::string& name) const {
  std::string folded = FoldCrowdName(name);
  if (uses_aliases_) {
    for (const auto& [user, alias] : application_.aliases) {
      if (FoldCrowdName(alias) != folded) continue;
      folded = user;
      break;
    }
  }
  return UserOf(folded);
}

std::optional<CrowdView::User> CrowdView::UserOf(const std::string& folded) const {
  for (const CrowdDirectory* directory : active_) {
    const auto found = directory->users.find(folded);
    if (found != directory->users.end()) return User{directory, &found->second, folded};
  }
  return std::nullopt;
}

std::optional<CrowdView::User> CrowdView::FindUserByKey(const std::string& key) const {
  for (const auto& [folded, user] : Users()) {
    if (user.user->external_id.empty()) continue;
    if (absl::StrCat(user.directory->id, ":", user.user->external_id) == key) return user;
  }
  return std::nullopt;
}

std::optional<CrowdView::Group> CrowdView::FindGroup(const std::string& name) const {
  const std::string folded = FoldCrowdName(name);
  for (const CrowdDirectory* directory : active_) {
    if (const CrowdGroup* group = FindGroupIn(*directory, folded)) {
      return Group{directory, group, folded};
    }
  }
  return std::nullopt;
}

std::map<std::string, CrowdView::User> CrowdView::Users() const {
  std::map<std::string, User> users;
  for (const CrowdDirectory* directory : active_) {
    for (const auto& [folded, user] : directory->users) {
      users.insert({folded, User{directory, &user, folded}});
    }
  }
  return users;
}

std::map<std::string, CrowdView::Group> CrowdView::Groups() const {
  std::map<std::string, Group> groups;
  for (const CrowdDirectory* directory : active_) {
    for (const auto& [folded, group] : directory->groups) {
      groups.insert({folded, Group{directory, &group, folded}});
    }
  }
  return groups;
}

std::vector<CrowdView::Directories> CrowdView::Realms() const {
  if (application_.aggregating) return {active_};
  std::vector<Directories> realms;
  for (const CrowdDirectory* directory : active_) realms.push_back({directory});
  return realms;
}

// Does a membership in this directory count, or is it masked by a directory above?
bool CrowdView::Counts(const CrowdDirectory& directory, const std::string& user) const {
  if (application_.aggregating) return true;
  for (const CrowdDirectory* candidate : active_) {
    if (candidate->users.count(user) > 0) return candidate == &directory;
  }
  return false;
}

std::set<std::string> CrowdView::Below(const Directories& realm, const std::string& group) const {
  std::set<std::string> seen = {group};
  std::vector<std::string> open = {group};
  while (!open.empty()) {  // ends: every group is opened once
    const std::string next = open.back();
    open.pop_back();
    for (const CrowdDirectory* directory : realm) {
      const CrowdGroup* found = FindGroupIn(*directory, next);
      if (found == nullptr) continue;
      for (const std::string& child : found->groups) {
        if (seen.insert(child).second) open.push_back(child);
      }
    }
  }
  return seen;
}

std::set<std::string> CrowdView::Above(const Directories& realm,
                                       const std::set<std::string>& groups) const {
  std::set<std::string> seen = groups;
  for (size_t before = 0; before != seen.size();) {  // ends: the set only grows, up to all groups
    before = seen.size();
    for (const CrowdDirectory* directory : realm) {
      for (const auto& [folded, group] : directory->groups) {
        if (seen.count(folded) > 0) continue;
        for (const std::string& child : group.groups) {
          if (seen.count(child) > 0) seen.insert(folded);
        }
      }
    }
  }
  return seen;
}

std::set<std::string> CrowdView::Members(const std::string& group, Depth depth) const {
  std::set<std::string> members;
  for (const Directories& realm : Realms()) {
    const std::set<std::string> groups =
        depth == Depth::kNested ? Below(realm, group) : std::set<std::string>{group};
    for (const CrowdDirectory* directory : realm) {
      for (const std::string& folded : groups) {
        const CrowdGroup* found = FindGroupIn(*directory, folded);
        if (found == nullptr) continue;
        for (const std::string& user : found->users) {
          if (Counts(*directory, user)) members.insert(user);
        }
      }
    }
  }
  return members;
}

std::set<std::string> CrowdView::GroupsOf(const std::string& user, Depth depth) const {
  std::set<std::string> result;
  for (const Directories& realm : Realms()) {
    std::set<std::string> direct;
    for (const CrowdDirectory* directory : realm) {
      if (!Counts(*directory, user)) continue;
      for (const auto& [folded, group] : directory->groups) {
        if (group.users.count(user) > 0) direct.insert(folded);
      }
    }
    result.merge(depth == Depth::kNested ? Above(realm, direct) : direct);
  }
  return result;
}

std::set<std::string> CrowdView::Children(const std::string& group, Depth depth) const {
  std::set<std::string> result;
  for (const Directories& realm : Realms()) {
    if (depth == Depth::kNested) {
      result.merge(Below(realm, group));
      continue;
    }
    for (const CrowdDirectory* directory : realm) {
      const CrowdGroup* found = FindGroupIn(*directory, group);
      if (found != nullptr) result.insert(found->groups.begin(), found->groups.end());
    }
  }
  result.erase(group);
  return result;
}

std::set<std::string> CrowdView::Parents(const std::string& group, Depth depth) const {
  std::set<std::string> result;
  for (const Directories& realm : Realms()) {
    if (depth == Depth::kNested) {
      result.merge(Above(realm, {group}));
      continue;
    }
    for (const CrowdDirectory* directory : realm) {
      for (const auto& [folded, parent] : directory->groups) {
        if (parent.groups.count(group) > 0) result.insert(folded);
      }
    }
  }
  result.erase(group);
  return result;
}

std::string CrowdView::InOutputCase(const std::string& name) const {
  return application_.lower_case_output ? FoldCrowdName(name) : name;
}

std::string CrowdView::ShownUser(const User& user) const {
  const auto alias = application_.aliases.find(user.folded);
  if (uses_aliases_ && alias != application_.aliases.end()) return InOutputCase(alias->second);
  return InOutputCase(user.user->name);
}

std::string CrowdView::ShownGroup(const Group& group) const {
  return InOutputCase(group.group->name);
}

}  // namespace rollcall::twins
