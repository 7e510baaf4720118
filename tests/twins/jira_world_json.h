// The Jira Cloud sites of a world as JSON (world_json.h), by directory name:
//
//   "sites": {"site": {"id": "cloud-1", "directory": "dir-main", "name": "example",
//                      "removed": ["aa-1"], "admins": ["ada@example.com"],      ids or e-mails
//                      "access_groups": ["g-1", "jira-users"]}}       ids or names of groups
//
// What is left out: an id gets one by the order of the file, the directory is the organisation's
// first, the name is that of the site's entry, the rest is empty. Written out, accounts and groups
// are ids, and lists that are empty are left out.
#ifndef TESTS_TWINS_JIRA_WORLD_JSON_H_
#define TESTS_TWINS_JIRA_WORLD_JSON_H_

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/status.h"
#include "tests/twins/id_source.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

nlohmann::json JiraSiteToJson(const JiraSite& site);

// After the organisation, whose directory and groups it names. INVALID_ARGUMENT says what is wrong.
absl::Status JiraSiteFromJson(const std::string& name, const nlohmann::json& object, IdSource& ids,
                              World& world);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_WORLD_JSON_H_
