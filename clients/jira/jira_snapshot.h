// JiraSnapshot: reads a whole site into a Snapshot: all users, inactive and removed ones included,
// all groups, and the members of the managed ones. One object a snapshot, one thread.
//
// Proof (rule M3): JiraPager. A list of users that is empty, or that was read as nobody (a wrong
// token is an anonymous visitor to some calls, who sees nothing), is DATA_LOSS or UNAUTHENTICATED.
// A member of a group who is not in the list of users is asked for: a user of the site all the same
// means that the list was cut; then everything is read a second time.
//
// Cost: pages; one request more where the answers do not name the caller (X-AAccountId), or where a
// group has a member who is no user.
#ifndef CLIENTS_JIRA_JIRA_SNAPSHOT_H_
#define CLIENTS_JIRA_JIRA_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/jira/jira_api.h"
#include "clients/jira/jira_groups.h"
#include "clients/jira/jira_pager.h"
#include "reconciler/ports/directory.h"
#include "reconciler/ports/progress.h"

namespace rollcall {

class JiraSnapshot {
 public:
  JiraSnapshot(JiraApi& api, JiraGroups& groups, const JiraPaging& paging,
               const std::string& directory, Progress& progress)
      : api_(api), groups_(groups), paging_(paging), directory_(directory), progress_(progress) {}

  // Everything but the time at which it was complete. The groups learn what was read.
  absl::StatusOr<Snapshot> Read(const GroupFilter& managed, const CallContext& context);

 private:
  struct Row {
    std::string email;
    AccountState state = AccountState::kActive;
  };
  absl::Status ReadUsers(const CallContext& context);
  absl::Status ReadGroups(const CallContext& context);
  absl::StatusOr<Snapshot> ReadOnce(const GroupFilter& managed, const CallContext& context);
  absl::Status AddGroups(const GroupFilter& managed, RosterBuilder& builder,
                         const CallContext& context);
  absl::Status ProveList(const CallContext& context);
  void Keep(const JiraRow& row);
  std::vector<std::string> Notes() const;

  JiraApi& api_;
  JiraGroups& groups_;
  const JiraPaging paging_;
  const std::string& directory_;
  Progress& progress_;

  std::map<std::string, Row> accounts_;
  std::map<std::string, std::string> names_;  // of the groups, by id
  bool caller_named_ = false;
  int64_t odd_ = 0;  // accounts of unknown type or activity
  std::string odd_example_;
  int64_t broken_ = 0;    // records that are nobody's
  std::string stranger_;  // a member who is not among the users; empty: none
  bool incomplete_ = false;
};

// What answers where a Jira Cloud site should: for messages. "Jira Data Center 9.12.0 …", or "".
std::string NameOtherJira(JiraApi& api, const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_SNAPSHOT_H_
