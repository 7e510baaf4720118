// A Crowd application as JSON, below "crowd" in a world (world_json.h):
//
//   {"aggregating": false, "lower_case_output": false, "aliases": {"ada": "lovelace"},
//    "directories": [                                   in the order of their priority
//      {"id": 1, "name": "Internal", "active": true, "nested_groups": true,
//       "read_only": true,                              short for all operations, or
//       "denied": ["update_user", "update_group"],      one by one (crowd_directory.h)
//       "users": [{"name": "ada", "first-name": "Ada", "last-name": "Example",
//                  "display-name": "Ada Example", "email": "ada@example.com", "active": true,
//                  "external-id": "x1",                 "": a user without a key
//                  "password": "…", "attributes": {"uuid": ["4711"]}}],
//       "groups": [{"name": "staff", "description": "", "active": true, "attributes": {…},
//                   "users": ["ada"], "groups": ["child"]}]}]}
//
// Everything but names may be left out: `id` is then the number of the directory, `active` true,
// the names of a person come from the others or the user name, the external id is made up. With
// "users" or "groups" beside no "directories", there is one directory.
#ifndef TESTS_TWINS_CROWD_WORLD_JSON_H_
#define TESTS_TWINS_CROWD_WORLD_JSON_H_

#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/twins/crowd_directory.h"
#include "tests/twins/id_source.h"

namespace rollcall::twins {

// Sorted by name, times left out: what holds the same is written the same, and can be read again.
nlohmann::json CrowdToJson(const CrowdApplication& application);

// INVALID_ARGUMENT names the directory, the entry and what is wrong with it.
absl::Status CrowdFromJson(const nlohmann::json& object, absl::Time created, IdSource& ids,
                           CrowdApplication& application);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_CROWD_WORLD_JSON_H_
