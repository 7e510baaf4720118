// The organisation and the accounts of a world as JSON (world_json.h):
//
//   "organisation": {"id": "o-1", "name": "Example", "propagation": {"reads": 0, "ms": 0},
//     "domains": ["example.com", {"name": "example.org", "status": "unverified"}],
//     "directories": [{"id": "dir-main", "name": "Main"}],
//     "groups": [{"id": "g-1", "name": "jira-users", "description": "", "directory": "dir-main",
//                 "synced": true, "synced_by": "scim",    the latter alone says both
//                 "modifiable": true, "deletable": true, "readable": true,
//                 "default": false, "admin": false,
//                 "members": ["aa-1", "ada@example.com"]}]},        ids or e-mails of accounts
//   "cloud_accounts": [{"id": "aa-1", "email": "ada@example.com", "active": true, "name": "Ada",
//     "type": "atlassian", "closed": false, "pending_deletion": false,
//     "deactivated_on": "2024-01-02T00:00:00.000Z", "claimed": true, "email_verified": true,
//     "follows_scim": true, "owner": "externalDirectory.google", "disable_message": "",
//     "email_hidden": false, "roles": ["atlassian/org-admin"], "profile": {"nickname": "ada"},
//     "directories": {"dir-main": "active", "dir-lab": "suspended"}}]    or ["dir-main"]
//
// An account needs an id, a group a name, a directory an id; what is left out has the default that
// is shown (no owner, no roles, no directories), a group is in the first directory. Written out,
// what has its default is left out.
#ifndef TESTS_TWINS_ORG_WORLD_JSON_H_
#define TESTS_TWINS_ORG_WORLD_JSON_H_

#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "tests/twins/id_source.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

nlohmann::json OrganisationToJson(const Organisation& organisation);
nlohmann::json CloudAccountsToJson(const World& world);

// INVALID_ARGUMENT names the entry and what is wrong with it.
absl::Status CloudAccountsFromJson(const nlohmann::json& list, World& world);
// After the accounts, which its groups name.
absl::Status OrganisationFromJson(const nlohmann::json& object, IdSource& ids, World& world);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_WORLD_JSON_H_
