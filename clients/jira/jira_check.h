// What `rollcall check` says of a Jira Cloud site. Any thread.
#ifndef CLIENTS_JIRA_JIRA_CHECK_H_
#define CLIENTS_JIRA_JIRA_CHECK_H_

#include <string>

#include "clients/jira/jira_access.h"
#include "clients/jira/jira_api.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// `identity`: as configured; may be empty. `follows_activity`: the policy gives and takes access.
DirectoryCheck CheckJira(JiraApi& api, JiraAccess& access, const std::string& identity,
                         bool follows_activity, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_CHECK_H_
