// Accounts as a Jira site shows them: who is a user of it, who is active there, who has access, and
// how users and groups look.
#ifndef TESTS_TWINS_JIRA_USERS_H_
#define TESTS_TWINS_JIRA_USERS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/twins/jira_call.h"

namespace rollcall::twins {

// A member of the directory, or somebody who was taken off the site.
bool IsOnSite(const JiraCall& call, const CloudAccount& account);
// Neither deactivated nor closed, a member of the directory who is not suspended there, and not
// taken off the site.
bool IsActiveOnSite(const JiraCall& call, const CloudAccount& account);
// On the site, not taken off it, and in a group that gives access, where there are such groups.
bool HasSiteAccess(const JiraCall& call, const CloudAccount& account);
bool GivesAccess(const JiraCall& call, const OrgGroup& group);

// Ids of everybody on the site, sorted.
std::vector<std::string> SiteUsers(const JiraCall& call);
// Ids of the groups that the account is in, sorted.
std::vector<std::string> SiteGroupsOf(const JiraCall& call, const CloudAccount& account);

// As lists have it; nothing is read: `account` is what the reader sees.
nlohmann::json RenderJiraUser(const JiraCall& call, const CloudAccount& account);
// As GET /user has it, with groups and applicationRoles counted, or expanded where the call asks.
nlohmann::json RenderWholeJiraUser(const JiraCall& call, const CloudAccount& account);
// {name, groupId, self}
nlohmann::json RenderJiraGroupName(const JiraCall& call, const OrgGroup& group);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_USERS_H_
