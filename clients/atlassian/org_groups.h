// OrgGroups: the groups of the organisation, one at a time: where they are, who is in them, adding
// and removing one member. Thread-safe: every call works on its own state.
//
// Writes need the directory of the group: it is known from the snapshot, or from an earlier look,
// or because there is one directory only; else the group is read first.
#ifndef CLIENTS_ATLASSIAN_ORG_GROUPS_H_
#define CLIENTS_ATLASSIAN_ORG_GROUPS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/atlassian/org_accounts.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_book.h"
#include "clients/atlassian/org_pager.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

class OrgGroups {
 public:
  // All must outlive this object.
  OrgGroups(OrgApi& api, OrgAccounts& accounts, OrgBook& book, const OrgPaging& paging)
      : api_(api), accounts_(accounts), book_(book), paging_(paging) {}

  // The members as they are now. A group that is empty is asked for by itself: an unknown one may
  // look the same.
  absl::StatusOr<GroupMembers> Read(const std::string& group, const CallContext& context);

  WriteReply Change(MembershipAction action, const std::string& group, const std::string& account,
                    const CallContext& context);

 private:
  absl::StatusOr<OrgKnownGroup> Fetch(const std::string& group, const CallContext& context);
  absl::StatusOr<std::string> DirectoryOf(const std::string& group, const CallContext& context);
  absl::Status Judge(MembershipAction action, const std::string& what, const std::string& directory,
                     const std::string& group, const std::string& account,
                     const HttpResponse& answer, const CallContext& context, std::string* owner);

  OrgApi& api_;
  OrgAccounts& accounts_;
  OrgBook& book_;
  const OrgPaging paging_;
};

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_GROUPS_H_
