// Accounts as an organisation's directories list them: who is in the scope of a path, what the
// filters let through, and how a record looks.
#ifndef TESTS_TWINS_ORG_USERS_H_
#define TESTS_TWINS_ORG_USERS_H_

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "tests/twins/org_call.h"
#include "tests/twins/org_page.h"

namespace rollcall::twins {

inline constexpr char kAllDirectories[] = "-";

// "active", "suspended" or "no_membership": in the directory, or (for "-") in all of them.
std::string MembershipIn(const CloudAccount& account, const std::string& directory);

// Would a list of the directory ("-": of all) show the account?
bool IsListed(const OrgCall& call, const CloudAccount& account, const std::string& directory);

// "ari:cloud:jira-software::site/ID": the one product that every directory of a twin has.
std::string SiteOf(const std::string& directory);

// What users/search may be asked.
absl::Span<const OrgField> UserSearchFields();

// Does the query let the account through, as readers see it?
bool UserMatches(const OrgCall& call, const CloudAccount& account, const std::string& directory,
                 const OrgListQuery& query);

// `expand`: which of platformRoles, counts.resources, productAccess and groups are shown. Reads
// nothing: `account` is what the reader sees.
nlohmann::json RenderOrgUser(const OrgCall& call, const CloudAccount& account,
                             const std::string& directory, const std::set<std::string>& expand);

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_ORG_USERS_H_
