// Four places that one person may have to leave: a Crowd, an Atlassian organisation, the SCIM
// directory that provisions it, and a Jira site of it.
#ifndef TESTS_E2E_FOUR_PLACES_H_
#define TESTS_E2E_FOUR_PLACES_H_

#include "tests/e2e/office.h"

namespace rollcall {

inline constexpr char kFourPlacesDirectories[] = R"(
  - {id: crowd, people: all, rate: 2000,
     crowd: {url: "URL/crowd", application: rollcall, password: {env: TWIN_TOKEN}}}
  - {id: cloud, people: all, rate: 2000, base_url: "URL/atlassian",
     atlassian_admin: {org_id: o-1, api_key: {env: TWIN_TOKEN}}}
  - {id: cloud-scim, people: all, rate: 2000,
     scim: {url: "URL/scim/v2", token: {env: TWIN_TOKEN}, provisions: cloud}}
  - {id: site, people: all, rate: 2000,
     jira: {url: "URL/jira/site", email: admin@example.com, api_token: {env: TWIN_TOKEN}}}
)";

// Ada is in all four places, and so is Bob, who stays.
inline constexpr char kFourPlacesWorld[] = R"({
  "organisation": {"id": "o-1", "name": "Example", "domains": ["example.com"],
    "directories": [{"id": "dir-main", "name": "Main"}],
    "groups": [{"id": "g-users", "name": "jira-users", "members": ["aa-1", "aa-2"]}]},
  "cloud_accounts": [
    {"id": "aa-1", "email": "ada@example.com", "directories": ["dir-main"], "api_tokens": 2},
    {"id": "aa-2", "email": "bob@example.com", "directories": ["dir-main"]},
    {"id": "aa-9", "email": "admin@example.com", "directories": ["dir-main"]}],
  "scim": {"scim": {
    "users": [{"id": "u-1", "userName": "ada@example.com", "email": "ada@example.com",
               "atlassianAccountId": "aa-1"},
              {"id": "u-2", "userName": "bob@example.com", "email": "bob@example.com",
               "atlassianAccountId": "aa-2"}]}},
  "crowd": {"crowd": {"users": [
    {"external-id": "k-1", "name": "ada@example.com", "email": "ada@example.com"},
    {"external-id": "k-2", "name": "bob@example.com", "email": "bob@example.com"}]}},
  "sites": {"site": {"id": "cloud-1", "directory": "dir-main", "admins": ["aa-9"]}}})";

inline OfficeEstate FourPlaces() {
  OfficeEstate estate;
  estate.world = kFourPlacesWorld;
  estate.directories = kFourPlacesDirectories;
  return estate;
}

}  // namespace rollcall

#endif  // TESTS_E2E_FOUR_PLACES_H_
