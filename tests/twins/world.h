// One world that all twins of a rehearsal share: named directories, and what lies behind several of
// them. A value; the twins hold a pointer and change it. Not thread-safe.
#ifndef TESTS_TWINS_WORLD_H_
#define TESTS_TWINS_WORLD_H_

#include <map>
#include <optional>
#include <string>

#include "tests/twins/cloud_account.h"
#include "tests/twins/crowd_directory.h"
#include "tests/twins/jira_site.h"
#include "tests/twins/organisation.h"
#include "tests/twins/scim_directory.h"

namespace rollcall::twins {

struct World {
  std::map<std::string, ScimDirectory> scim;           // by directory name
  std::map<std::string, CrowdApplication> crowd;       // by directory name
  std::map<std::string, CloudAccount> cloud_accounts;  // by account id
  std::optional<Organisation> organisation;            // whose accounts those are
  std::map<std::string, JiraSite> sites;               // of that organisation, by directory name
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_WORLD_H_
