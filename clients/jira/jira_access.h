// JiraAccess: gives an account access to the site and takes it away (`site_access:
// follow_activity`). The Atlassian account itself is never changed: that is the organisation's.
// Thread-safe.
//
// Access is given by the configured groups that grant it (`access_groups`), else by POST /user with
// the configured `products`. That call uses the account that exists at this address and ignores
// whatever else is sent about it; it answers 201 also when the account had access already, 400 when
// it exists without access and this is not the way to give it, and 500 where a removed user cannot
// be revived (reported by users). What came of it is read back.
#ifndef CLIENTS_JIRA_JIRA_ACCESS_H_
#define CLIENTS_JIRA_JIRA_ACCESS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/jira/jira_api.h"
#include "clients/jira/jira_groups.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

struct JiraAccessOptions {
  std::vector<std::string> groups;    // names of the groups that give access; all are needed
  std::vector<std::string> products;  // "jira-software"
};

class JiraAccess {
 public:
  // All must outlive this object.
  JiraAccess(JiraApi& api, JiraGroups& groups, const JiraAccessOptions& options)
      : api_(api), groups_(groups), options_(options) {}

  // The account as the site shows it now. Its e-mail is remembered for Give, once.
  absl::StatusOr<AccountRecord> Read(const std::string& account, const CallContext& context);

  WriteReply Give(const std::string& account, const CallContext& context);
  WriteReply Take(const std::string& account, const CallContext& context);

  // The id of the group of this name; INVALID_ARGUMENT where the site has none.
  absl::StatusOr<std::string> GroupId(const std::string& name, const CallContext& context);

  const JiraAccessOptions& options() const { return options_; }
  // Writes that Give takes.
  int64_t writes() const {
    return options_.groups.empty() ? 1 : static_cast<int64_t>(options_.groups.size());
  }

 private:
  WriteReply GiveByGroups(const std::string& account, const CallContext& context);
  WriteReply GiveByAddress(const std::string& account, const CallContext& context);
  static absl::Status SeeWhoCame(const std::string& what, const std::string& account,
                                 const HttpResponse& answer);
  absl::Status JudgeAbsence(const absl::Status& refusal, const std::string& account,
                            const CallContext& context);
  absl::StatusOr<std::string> EmailOf(const std::string& account, const CallContext& context);

  JiraApi& api_;
  JiraGroups& groups_;
  const JiraAccessOptions options_;
  Mutex mutex_;
  std::map<std::string, std::string> emails_ ABSL_GUARDED_BY(mutex_);     // by account
  std::map<std::string, std::string> group_ids_ ABSL_GUARDED_BY(mutex_);  // by name
};

}  // namespace rollcall

#endif  // CLIENTS_JIRA_JIRA_ACCESS_H_
