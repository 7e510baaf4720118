// A world as JSON: what `rollcall-twin --state` loads and `GET /_twin/world` shows. One can be fed
// back as the other.
//
//   {"scim": {"scim": {                              directories by name
//      "users":  [{"id": "u-1", "userName": "ada@example.com", "externalId": "p-1",
//                  "active": true, "email": "ada@example.com",     short for one work e-mail
//                  "atlassianAccountId": "aa-1",   short for the extension that names an account
//                  "name": {…}, …any other SCIM attribute}],
//      "groups": [{"id": "g-1", "displayName": "Engineering", "externalId": "…",
//                  "members": ["u-1", "ada@example.com"]}]}},      ids, or names of users
//    "crowd": {"crowd": {…}},                          applications by name (crowd_world_json.h)
//    "organisation": {…}, "cloud_accounts": [{…}],     (org_world_json.h)
//    "sites": {"site": {…}}}                           Jira's, by name (jira_world_json.h)
//
// Written out, users, groups, members and accounts are sorted by id, members are ids, and times
// and versions are left out: two worlds that hold the same are written the same. Read in, what has
// no id gets one by the order of the file; `active` left out means true.
#ifndef TESTS_TWINS_WORLD_JSON_H_
#define TESTS_TWINS_WORLD_JSON_H_

#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tests/twins/world.h"

namespace rollcall::twins {

nlohmann::json WorldToJson(const World& world);

// `created`: the time at which everything in it came to be. INVALID_ARGUMENT names the directory,
// the entry and what is wrong with it.
absl::StatusOr<World> WorldFromJson(absl::string_view text, absl::Time created);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_WORLD_JSON_H_
