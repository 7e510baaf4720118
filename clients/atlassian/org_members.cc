#include "clients/atlassian/org_members.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clients/atlassian/org_errors.h"
#include "clients/http/server_answer.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<OrgMembers> ReadOrgMembers(OrgApi& api, const OrgPaging& paging,
                                          const std::string& directory, const std::string& group,
                                          const CallContext& context) {
  const std::string what = absl::StrCat("the members of group ", ForMessage(group, 80));
  OrgMembers members;
  OrgUserSearch search;
  search.directory = directory;
  search.group = group;
  search.limit = paging.page_size;
  const auto take = [&](const OrgUser& row) {
    members.accounts.push_back(row.id);
    return absl::OkStatus();
  };
  OrgUserReader reader(take);
  const auto fetch = [&](const std::string& cursor) {
    ++members.pages;
    return api.SearchUsers(search, cursor, context);
  };
  const auto restart = [&] { members = OrgMembers(); };
  RETURN_IF_ERROR(OrgPager(paging).Read(what, fetch, restart, reader, context));
  std::sort(members.accounts.begin(), members.accounts.end());
  return members;
}

absl::StatusOr<bool> IsOrgMember(OrgApi& api, const std::string& directory,
                                 const std::string& group, const std::string& account,
                                 const CallContext& context) {
  const std::string what =
      absl::StrCat("whether ", ForMessage(account, 80), " is in group ", ForMessage(group, 80));
  OrgUserSearch search;
  search.directory = directory;
  search.group = group;
  search.account = account;
  OrgApi::Reply reply = api.SearchUsers(search, "", context);
  if (!reply.ok()) return reply.status();
  if (!IsSuccess(reply->status)) return OrgReadFailure(what, ParseOrgError(*reply));
  RETURN_IF_ERROR(RequireOrgJson(what, *reply));
  bool found = false;
  const auto take = [&](const OrgUser& row) {
    found = found || row.id == account;
    return absl::OkStatus();
  };
  OrgUserReader reader(take);
  OrgPageHandler handler(reader);
  RETURN_IF_ERROR(ReadOrgPage(what, reply->body, handler));
  return found;
}

}  // namespace rollcall
