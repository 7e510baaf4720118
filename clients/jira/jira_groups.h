// JiraGroups: the groups of a site, one at a time: who is in them, adding and removing one member.
// Product access (Jira, Jira Service Management, Confluence) is given and taken by such groups.
// Thread-safe: every call works on its own state.
#ifndef CLIENTS_JIRA_JIRA_GROUPS_H_
#define CLIENTS_JIRA_JIRA_GROUPS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/jira/jira_api.h"
#include "clients/jira/jira_pager.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class JiraGroups {
 public:
  static constexpr int64_t kMembersPerPage = 50;  // what the API gives

  // `api` must outlive this object.
  JiraGroups(JiraApi& api, const JiraPaging& paging) : api_(api), paging_(paging) {}

  // The account ids of the members as they are now, sorted, and the pages it took.
  absl::StatusOr<GroupMembers> Read(const std::string& group, const CallContext& context);
  // Asks for each account by itself where that is cheaper than the group's pages.
  absl::StatusOr<GroupMembers> ReadMemberships(const MembershipQuestion& question,
                                               const CallContext& context);

  WriteReply Change(MembershipAction action, const std::string& group, const std::string& account,
                    const CallContext& context);

  // For messages, and to know the cost of reading a group: what a snapshot showed.
  void Learn(const std::string& group, const std::string& name, int64_t pages);
  std::string NameOf(const std::string& group);

 private:
  struct Known {
    std::string name;
    int64_t pages = 1;
  };
  // The groups of one account, by id; NOT_FOUND where the site does not know it.
  absl::StatusOr<std::map<std::string, std::string>> GroupsOf(const std::string& account,
                                                              const CallContext& context);
  // Is it still there? OK, NOT_FOUND, or why that cannot be told.
  absl::Status SeeGroup(const std::string& group, const CallContext& context);
  absl::Status JudgeUnclear(MembershipAction action, const absl::Status& refusal,
                            const std::string& group, const std::string& account,
                            const CallContext& context);
  absl::Status Judge(MembershipAction action, const std::string& what, const std::string& group,
                     const std::string& account, const HttpResponse& answer,
                     const CallContext& context, WriteReply& reply);

  JiraApi& api_;
  const JiraPaging paging_;
  Mutex mutex_;
  std::map<std::string, Known> known_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_GROUPS_H_
