// The endpoints of an organisation's twin. Each answers what it does not know with 404 or 405.
#ifndef TESTS_TWINS_ORG_ENDPOINTS_H_
#define TESTS_TWINS_ORG_ENDPOINTS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/twins/org_call.h"

namespace rollcall::twins {

TwinResponse HandleOrgV1(const OrgCall& call);  // /admin/v1/orgs…
TwinResponse HandleOrgV2(const OrgCall& call);  // /admin/v2/orgs…
// /admin/v2/orgs/{org}/directories/{dir}/users… and …/groups…
TwinResponse HandleOrgUsers(const OrgCall& call, const std::string& directory);
TwinResponse HandleOrgGroups(const OrgCall& call, const std::string& directory);
TwinResponse HandleManage(const OrgCall& call);     // /users/{id}/manage…
TwinResponse HandleScimLinks(const OrgCall& call);  // /admin/user-provisioning/v1/org/{org}/…

// Refuses, where the quirks say so, what takes another licence.
std::optional<TwinResponse> CheckLicences(const OrgCall& call);
// "/admin/v2/orgs/{org}/directories/{dir}/users/{id}/suspend".
std::string OrgEndpointLabel(absl::string_view path);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_ENDPOINTS_H_
