// What an application sees of its directories: users and groups merged by name, the first directory
// that has them winning; memberships of the user's first directory alone, or of all (aggregating).
// Looks and never changes; made for one request. Names going in and out are folded names of
// directories, but for Resolve, Shown…, which know aliases and lower-case output.
//
// Example:
//   CrowdView view(application, CrowdView::Aliases::kUsed);
//   std::optional<CrowdView::User> ada = view.FindUser("Ada");
//   std::set<std::string> groups = view.GroupsOf("ada", CrowdView::Depth::kNested);
#ifndef TESTS_TWINS_CROWD_VIEW_H_
#define TESTS_TWINS_CROWD_VIEW_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/twins/crowd_directory.h"

namespace rollcall::twins {

class CrowdView {
 public:
  enum class Depth { kDirect, kNested };
  enum class Aliases { kUsed, kIgnored };
  struct User {
    const CrowdDirectory* directory;
    const CrowdUser* user;
    std::string folded;
  };
  struct Group {
    const CrowdDirectory* directory;
    const CrowdGroup* group;
    std::string folded;
  };

  CrowdView(const CrowdApplication& application, Aliases aliases);

  // By alias or name, any case.
  std::optional<User> FindUser(const std::string& name) const;
  // By folded name of a directory alone.
  std::optional<User> UserOf(const std::string& folded) const;
  std::optional<User> FindUserByKey(const std::string& key) const;
  std::optional<Group> FindGroup(const std::string& name) const;

  std::map<std::string, User> Users() const;
  std::map<std::string, Group> Groups() const;

  std::set<std::string> Members(const std::string& group, Depth depth) const;
  std::set<std::string> GroupsOf(const std::string& user, Depth depth) const;
  std::set<std::string> Children(const std::string& group, Depth depth) const;
  std::set<std::string> Parents(const std::string& group, Depth depth) const;

  // As the application is told the names.
  std::string ShownUser(const User& user) const;
  std::string ShownGroup(const Group& group) const;

 private:
  using Directories = std::vector<const CrowdDirectory*>;
  // Groups of memberships that count together: each directory alone, or all at once.
  std::vector<Directories> Realms() const;
  std::set<std::string> Below(const Directories& realm, const std::string& group) const;
  std::set<std::string> Above(const Directories& realm, const std::set<std::string>& groups) const;
  bool Counts(const CrowdDirectory& directory, const std::string& user) const;
  std::string InOutputCase(const std::string& name) const;

  const CrowdApplication& application_;
  const bool uses_aliases_;
  Directories active_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_VIEW_H_
