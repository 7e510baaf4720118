// The endpoints of a Jira site's twin, below /rest/api/3. Each is named after its call.
#ifndef TESTS_TWINS_JIRA_ENDPOINTS_H_
#define TESTS_TWINS_JIRA_ENDPOINTS_H_

#include <nlohmann/json.hpp>
#include <optional>

#include "tests/twins/jira_call.h"

namespace rollcall::twins {

// The site and the caller
TwinResponse JiraServerInfo(const JiraCall& call);  // GET serverInfo; of /rest/api/2 as well
TwinResponse JiraMyself(const JiraCall& call);
TwinResponse JiraMyPermissions(const JiraCall& call);

// Users
TwinResponse JiraListUsers(const JiraCall& call);  // GET users, users/search
TwinResponse JiraSearchUsers(const JiraCall& call);
TwinResponse JiraGetUser(const JiraCall& call);
TwinResponse JiraGetUserGroups(const JiraCall& call);
TwinResponse JiraBulkUsers(const JiraCall& call);
TwinResponse JiraCreateUser(const JiraCall& call);
TwinResponse JiraRemoveUser(const JiraCall& call);
TwinResponse JiraPutUser(const JiraCall& call);  // is no call of Jira's; how it fails

// Groups
TwinResponse JiraBulkGroups(const JiraCall& call);
TwinResponse JiraGetGroup(const JiraCall& call);
TwinResponse JiraGroupMembers(const JiraCall& call);
TwinResponse JiraPickGroups(const JiraCall& call);
TwinResponse JiraCreateGroup(const JiraCall& call);
TwinResponse JiraDeleteGroup(const JiraCall& call);
TwinResponse JiraAddMember(const JiraCall& call);
TwinResponse JiraRemoveMember(const JiraCall& call);

// Which group the call names by groupId or groupname; null: none such. A refusal where it names
// none at all.
std::optional<TwinResponse> FindNamedGroup(const JiraCall& call, OrgGroup*& group);
// A group with its first members, or with none of them but their number.
nlohmann::json RenderJiraGroup(const JiraCall& call, const OrgGroup& group, bool with_members);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_JIRA_ENDPOINTS_H_
