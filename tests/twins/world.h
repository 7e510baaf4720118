// One world that all twins of a rehearsal share: named directories, and what lies behind several of
// them. A value; the twins hold a pointer and change it. Not thread-safe.
#ifndef TESTS_TWINS_WORLD_H_
#define TESTS_TWINS_WORLD_H_

#include <map>
#include <string>

#include "tests/twins/crowd_directory.h"
#include "tests/twins/scim_directory.h"

namespace rollcall::twins {

// An Atlassian account. A SCIM user that names it carries it along (quirk atlassian_accounts).
struct CloudAccount {
  std::string id;
  std::string email;
  bool active = true;
};

struct World {
  std::map<std::string, ScimDirectory> scim;           // by directory name
  std::map<std::string, CrowdApplication> crowd;       // by directory name
  std::map<std::string, CloudAccount> cloud_accounts;  // by account id
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_WORLD_H_
