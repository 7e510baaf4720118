// The direct members of one group, read page by page. Any thread.
#ifndef CLIENTS_ATLASSIAN_ORG_MEMBERS_H_
#define CLIENTS_ATLASSIAN_ORG_MEMBERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/atlassian/org_api.h"
#include "clients/atlassian/org_pager.h"

namespace rollcall {

struct OrgMembers {
  std::vector<std::string> accounts;  // sorted, unique
  int64_t pages = 0;
};

// NOT_FOUND where the server says so; an unknown group may be an empty list as well.
absl::StatusOr<OrgMembers> ReadOrgMembers(OrgApi& api, const OrgPaging& paging,
                                          const std::string& directory, const std::string& group,
                                          const CallContext& context);

// Asks whether one account is a member, in one request.
absl::StatusOr<bool> IsOrgMember(OrgApi& api, const std::string& directory,
                                 const std::string& group, const std::string& account,
                                 const CallContext& context);

}  // namespace rollcall

#endif  // CLIENTS_ATLASSIAN_ORG_MEMBERS_H_
