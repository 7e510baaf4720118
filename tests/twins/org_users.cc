#include "tests/twins/org_users.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/world_links.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using Kind = OrgField::Kind;

constexpr char kNobodyKnows[] = "quarantined";  // a value that no documentation has

bool HoldsText(const std::string& text, const std::string& part) {
  return absl::StrContains(absl::AsciiStrToLower(text), absl::AsciiStrToLower(part));
}

std::string DomainOf(const std::string& email) {
  const size_t at = email.rfind('@');
  return at == std::string::npos ? "" : email.substr(at + 1);
}

std::string ShownMembership(const OrgCall& call, const CloudAccount& account,
                            const std::string& directory) {
  const bool own = call.Has(OrgQuirk::kStatusPerDirectory);
  return MembershipIn(account, own ? directory : kAllDirectories);
}

const char* AccountStatus(const CloudAccount& account) {
  if (account.closed) return "closed";
  return account.active ? "active" : "inactive";
}

// The composite of both statuses.
std::string CompositeStatus(const CloudAccount& account, const std::string& membership) {
  if (account.pending_deletion) return "for_deletion";
  if (account.closed || !account.active) return "deactivated";
  return membership == "no_membership" ? "not_invited" : membership;
}

json ManagementSource(const OrgCall& call, const CloudAccount& account) {
  if (account.directories.empty() || call.Has(OrgQuirk::kSourceNull)) return nullptr;
  const bool synced = absl::StartsWith(account.owner, "externalDirectory.") ||
                      IsNamedByScim(call.world, account.id);
  return synced ? "synced" : "invited";
}

bool IsInAnyGroup(const OrgCall& call, const CloudAccount& account, const OrgListQuery& query) {
  for (const json& id : query.fields["groupIds"]) {
    const OrgGroup* group = call.org.FindGroup(id.get<std::string>());
    if (group != nullptr && call.Peek(*group).members.count(account.id) > 0) return true;
  }
  return false;
}

template <typename Items, typename Test>
bool AnyOf(const Items& items, const Test& test) {
  return std::any_of(items.begin(), items.end(), test);
}

bool PlacesMatch(const CloudAccount& account, const OrgListQuery& query) {
  const auto& places = account.directories;
  if (query.Has("directoryIds") && !AnyOf(places, [&](const auto& place) {
        return query.Admits("directoryIds", place.first);
      })) {
    return false;
  }
  if (query.Has("resourceIds") && !AnyOf(places, [&](const auto& place) {
        return query.Admits("resourceIds", SiteOf(place.first));
      })) {
    return false;
  }
  if (!query.Has("roleIds")) return true;
  if (!places.empty() && query.Admits("roleIds", "atlassian/user")) return true;
  return AnyOf(account.roles, [&](const auto& role) { return query.Admits("roleIds", role); });
}

bool StatusesMatch(const OrgCall& call, const CloudAccount& account, const std::string& directory,
                   const OrgListQuery& query) {
  const std::string membership = ShownMembership(call, account, directory);
  const std::string claim = query.Text("claimStatus");
  if (!claim.empty() && claim != (account.claimed ? "managed" : "unmanaged")) return false;
  if (query.Has("mfaEnabled") && query.fields["mfaEnabled"] == true) return false;
  return query.Admits("membershipStatus", membership) &&
         query.Admits("accountStatus", AccountStatus(account)) &&
         query.Admits("status", CompositeStatus(account, membership));
}

// Was the account taken off the Jira site of that directory?
bool IsOffTheSite(const OrgCall& call, const CloudAccount& account, const std::string& directory) {
  return AnyOf(call.world.sites, [&](const auto& item) {
    return item.second.directory == directory && item.second.removed.count(account.id) > 0;
  });
}

void AddExpanded(const OrgCall& call, const CloudAccount& account, const std::string& directory,
                 const std::set<std::string>& expand, json& user) {
  if (expand.count("platformRoles") > 0) user["platformRoles"] = account.roles;
  if (expand.count("counts.resources") > 0) {
    user["counts"] = {{"resources", account.directories.size()}};
  }
  if (expand.count("productAccess") > 0) {
    user["productAccess"] = json::array();
    for (const auto& [id, membership] : account.directories) {
      if (membership.suspended || IsOffTheSite(call, account, id)) continue;
      user["productAccess"].push_back({{"id", SiteOf(id)}, {"key", "jira-software"}});
    }
  }
  if (expand.count("groups") == 0) return;
  user["groups"] = json::array();
  for (const auto& [id, group] : call.org.groups) {
    if (directory != kAllDirectories && group.directory != directory) continue;
    if (call.Peek(group).members.count(account.id) == 0) continue;
    user["groups"].push_back({{"id", absl::StrCat("ari:cloud:identity::group/", id)},
                              {"name", group.name},
                              {"description", group.description}});
  }
}

void Twist(const OrgCall& call, json& user) {
  if (call.Has(OrgQuirk::kEmailAbsent)) user.erase("email");
  if (call.Has(OrgQuirk::kClaimAbsent)) user.erase("claimStatus");
  if (call.Has(OrgQuirk::kUnknownEnums)) {
    user["accountType"] = user["managementSource"] = kNobodyKnows;
  }
  if (call.Has(OrgQuirk::kUnknownStatuses)) {
    user["accountStatus"] = user["membershipStatus"] = user["status"] = kNobodyKnows;
  }
}

}  // namespace

std::string MembershipIn(const CloudAccount& account, const std::string& directory) {
  if (directory != kAllDirectories) {
    const auto found = account.directories.find(directory);
    if (found == account.directories.end()) return "no_membership";
    return found->second.suspended ? "suspended" : "active";
  }
  if (account.directories.empty()) return "no_membership";
  return AnyOf(account.directories, [](const auto& item) { return !item.second.suspended; })
             ? "active"
             : "suspended";
}

bool IsListed(const OrgCall& call, const CloudAccount& account, const std::string& directory) {
  if (account.directories.empty()) {
    if (!account.claimed || call.Has(OrgQuirk::kUninvitedHidden)) return false;
    return directory == kAllDirectories || call.Has(OrgQuirk::kUninvitedEverywhere);
  }
  return directory == kAllDirectories || account.directories.count(directory) > 0;
}

std::string SiteOf(const std::string& directory) {
  return absl::StrCat("ari:cloud:jira-software::site/", directory);
}

absl::Span<const OrgField> UserSearchFields() {
  static const auto* const fields = new std::vector<OrgField>{
      {"searchTerm", Kind::kText, 0, {}},
      {"emails", Kind::kTexts, 100, {}},
      {"accountIds", Kind::kTexts, 10, {}},
      {"groupIds", Kind::kTexts, 10, {}},
      {"directoryIds", Kind::kTexts, 10, {}},
      {"resourceIds", Kind::kTexts, 20, {}},
      {"roleIds",
       Kind::kTexts,
       10,
       {"atlassian/user", "atlassian/admin", "atlassian/guest", "atlassian/customer",
        "atlassian/user-access-admin", "atlassian/contributor", "atlassian/basic",
        "atlassian/stakeholder", "atlassian/org-admin", "atlassian/site-admin",
        "atlassian/ai-access"}},
      {"emailDomains", Kind::kTexts, 10, {}},
      {"status",
       Kind::kTexts,
       4,
       {"active", "suspended", "not_invited", "deactivated", "for_deletion"}},
      {"accountStatus", Kind::kTexts, 3, {"active", "inactive", "closed"}},
      {"membershipStatus", Kind::kTexts, 3, {"active", "suspended", "no_membership"}},
      {"claimStatus", Kind::kText, 0, {"managed", "unmanaged"}},
      {"mfaEnabled", Kind::kFlag, 0, {}},
      {"sortBy", Kind::kSort, 1, {"nick_name"}},
      {"expand",
       Kind::kTexts,
       4,
       {"platformRoles", "counts.resources", "productAccess", "groups"}}};
  return *fields;
}

bool UserMatches(const OrgCall& call, const CloudAccount& account, const std::string& directory,
                 const OrgListQuery& query) {
  if (!IsListed(call, account, directory)) return false;
  if (query.fields.empty()) return true;
  const std::string term = query.Text("searchTerm");
  if (!term.empty() && !HoldsText(account.name, term) && !HoldsText(account.email, term)) {
    return false;
  }
  if (query.Has("groupIds") && !IsInAnyGroup(call, account, query)) return false;
  return query.Admits("accountIds", account.id) && query.Admits("emails", account.email) &&
         query.Admits("emailDomains", DomainOf(account.email)) && PlacesMatch(account, query) &&
         StatusesMatch(call, account, directory, query);
}

json RenderOrgUser(const OrgCall& call, const CloudAccount& account, const std::string& directory,
                   const std::set<std::string>& expand) {
  const std::string membership = ShownMembership(call, account, directory);
  json user = {{"accountId", account.id},
               {"accountType", account.type},
               {"accountStatus", AccountStatus(account)},
               {"membershipStatus", membership},
               {"status", CompositeStatus(account, membership)},
               {"claimStatus", account.claimed ? "managed" : "unmanaged"},
               {"managementSource", ManagementSource(call, account)},
               {"name", account.name},
               {"nickname", account.Nickname()},
               {"email", account.email},
               {"emailVerified", account.email_verified},
               {"mfaEnabled", false},
               {"addedToOrg", "2024-01-01T00:00:00.000Z"},
               {"links", {{"self", OrgToken(account.id)}}}};
  AddExpanded(call, account, directory, expand, user);
  Twist(call, user);
  return user;
}

}  // namespace rollcall::twins
