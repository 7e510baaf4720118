// A Jira Cloud site as the world holds it. Its groups are those of the organisation's directory
// behind it, with the same ids and members; its users are the accounts with a membership of that
// directory, and those that were taken off the site. A value; JiraTwin serves it. Not thread-safe.
#ifndef TESTS_TWINS_JIRA_SITE_H_
#define TESTS_TWINS_JIRA_SITE_H_

#include <set>
#include <string>
#include <vector>

namespace rollcall::twins {

struct JiraSite {
  std::string id;         // the cloud id
  std::string directory;  // id of the organisation's directory
  std::string name;       // of https://NAME.atlassian.net
  // Accounts that were taken off the site: still listed, never active.
  std::set<std::string> removed;
  // Ids of the groups that give access; the first is the default group of a product. None:
  // membership of the directory is access.
  std::vector<std::string> access_groups;
  std::set<std::string> admins;  // accounts that cannot be taken off the site
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_SITE_H_
