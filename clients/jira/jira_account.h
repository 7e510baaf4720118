// What a user of a Jira site is to Rollcall. Pure.
#ifndef CLIENTS_JIRA_JIRA_ACCOUNT_H_
#define CLIENTS_JIRA_JIRA_ACCOUNT_H_

#include "clients/jira/jira_rows.h"
#include "reconciler/plan/roster.h"

namespace rollcall {

// Apps and customers of a service desk are never touched (rule A5), nor is a type that nobody
// knows, or a user of whom the site does not say whether it is active.
inline AccountState StateOfJiraUser(const JiraRow& row) {
  const bool person = row.account_type.empty() || row.account_type == "atlassian";
  if (!person || !row.active.has_value()) return AccountState::kUntouchable;
  return *row.active ? AccountState::kActive : AccountState::kInactive;
}

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_ACCOUNT_H_
