// A directory's users: lists and searches, one user, suspend, restore, removal.
#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/org_endpoints.h"
#include "tests/twins/org_reply.h"
#include "tests/twins/org_users.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using Kind = OrgField::Kind;

constexpr int64_t kListPage = 20;
constexpr int64_t kUserSearchPage = 50;
constexpr size_t kUsersDepth = 7;  // segments of …/directories/{dir}/users

std::set<std::string> ExpandOf(const OrgListQuery& query) {
  std::set<std::string> expand;
  if (!query.Has("expand")) return expand;
  for (const json& item : query.fields["expand"]) expand.insert(item.get<std::string>());
  return expand;
}

// Everybody whom the query can mean, by id: few, where it names them or their groups.
std::set<std::string> Candidates(const OrgCall& call, const OrgListQuery& query) {
  std::set<std::string> ids;
  for (const char* name : {"accountIds", "groupIds"}) {
    if (!query.Has(name)) continue;
    for (const json& item : query.fields[name]) {
      const std::string id = item.get<std::string>();
      const OrgGroup* group = name[0] == 'g' ? call.org.FindGroup(id) : nullptr;
      if (group != nullptr) {
        const OrgGroup& seen = call.Peek(*group);
        ids.insert(seen.members.begin(), seen.members.end());
      } else if (name[0] == 'a') {
        ids.insert(id);
      }
    }
    return ids;
  }
  return ids;
}

// Ids of those who match, sorted, from the end of the page before on; no more than a page needs.
std::vector<std::string> CollectById(const OrgCall& call, const std::string& directory,
                                     const OrgListQuery& query) {
  std::vector<std::string> ids;
  const size_t enough = static_cast<size_t>(OrgLookAhead(query));
  const auto take = [&](const CloudAccount& account) {
    if (UserMatches(call, call.Peek(account), directory, query)) ids.push_back(account.id);
  };
  if (query.Has("accountIds") || query.Has("groupIds")) {
    const std::set<std::string> candidates = Candidates(call, query);
    for (auto it = candidates.lower_bound(query.after);
         it != candidates.end() && ids.size() < enough; ++it) {
      if (const CloudAccount* account = call.FindAccount(*it)) take(*account);
    }
    return ids;
  }
  const auto& all = call.world.cloud_accounts;
  for (auto it = all.lower_bound(query.after); it != all.end() && ids.size() < enough; ++it) {
    take(it->second);
  }
  return ids;
}

std::vector<std::string> CollectByName(const OrgCall& call, const std::string& directory,
                                       const OrgListQuery& query) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [id, account] : call.world.cloud_accounts) {
    const CloudAccount& seen = call.Peek(account);
    if (!UserMatches(call, seen, directory, query)) continue;
    found.emplace_back(seen.Nickname(), id);
  }
  std::sort(found.begin(), found.end());
  if (query.fields["sortBy"][0].value("direction", "asc") == "desc") {
    std::reverse(found.begin(), found.end());
  }
  std::vector<std::string> ids;
  for (const auto& [name, id] : found) {
    if (id == query.after) ids.clear();
    ids.push_back(id);
  }
  return ids;
}

TwinResponse ListUsersOf(const OrgCall& call, const std::string& directory, int64_t page) {
  OrgListQuery query;
  if (auto refusal = ReadOrgQuery(call, UserSearchFields(), page, query)) {
    return *std::move(refusal);
  }
  if (query.Has("searchTerm") && query.Has("emails")) {
    return OrgBadRequest(call, "searchTerm and emails exclude each other");
  }
  const std::vector<std::string> ids = query.Has("sortBy") ? CollectByName(call, directory, query)
                                                           : CollectById(call, directory, query);
  const std::set<std::string> expand = ExpandOf(query);
  return OrgJson(200, OrgPageBody(call, query, ids, [&](const std::string& id) {
                   return RenderOrgUser(call, call.Read(*call.FindAccount(id)), directory, expand);
                 }));
}

TwinResponse CountUsers(const OrgCall& call, const std::string& directory) {
  OrgListQuery query;
  if (auto refusal = ReadOrgQuery(call, UserSearchFields(), kListPage, query)) {
    return *std::move(refusal);
  }
  int64_t count = 0;
  for (const auto& [id, account] : call.world.cloud_accounts) {
    if (UserMatches(call, call.Peek(account), directory, query)) ++count;
  }
  return OrgJson(200, {{"count", count}});
}

json ShowAssignment(const std::string& directory, const std::string& role, const char* method,
                    const std::string& status) {
  const bool platform = directory.empty();
  json row = {{"resourceId", platform ? "ari:cloud:platform::org" : SiteOf(directory)},
              {"resourceOwner", platform ? "platform" : "jira-software"},
              {"directoryId", platform ? json() : json(directory)},
              {"roles", {role}},
              {"roleAssignments",
               json::array({{{"role", role}, {"roleAssignmentMethods", json::array({method})}}})},
              {"userDirectoryStatus", status}};
  return row;
}

TwinResponse ListAssignments(const OrgCall& call, const std::string& directory,
                             const CloudAccount& account) {
  static const auto* const fields =
      new std::vector<OrgField>{{"roleIds", Kind::kTexts, 10, {}},
                                {"resourceIds", Kind::kTexts, 20, {}},
                                {"resourceOwners", Kind::kTexts, 10, {}},
                                {"directoryIds", Kind::kTexts, 10, {}}};
  OrgListQuery query;
  if (auto refusal = ReadOrgQuery(call, *fields, kListPage, query)) return *std::move(refusal);
  std::map<std::string, json> rows;
  for (const auto& [id, membership] : account.directories) {
    if (call.Has(OrgQuirk::kNoAssignments)) break;
    if (directory != kAllDirectories && directory != id) continue;
    if (!query.Admits("directoryIds", id) || !query.Admits("resourceIds", SiteOf(id)) ||
        !query.Admits("resourceOwners", "jira-software") ||
        !query.Admits("roleIds", "atlassian/user")) {
      continue;
    }
    rows[absl::StrCat("directory ", id)] =
        ShowAssignment(id, "atlassian/user", "group_direct", MembershipIn(account, id));
  }
  for (const std::string& role : account.roles) {
    if (query.Has("directoryIds") || query.Has("resourceIds")) continue;
    if (!query.Admits("roleIds", role) || !query.Admits("resourceOwners", "platform")) continue;
    rows[absl::StrCat("role ", role)] =
        ShowAssignment("", role, "direct", MembershipIn(account, directory));
  }
  std::vector<std::string> ids;
  for (auto it = rows.lower_bound(query.after); it != rows.end(); ++it) ids.push_back(it->first);
  return OrgJson(200,
                 OrgPageBody(call, query, ids, [&](const std::string& id) { return rows.at(id); }));
}

TwinResponse ShowUser(const OrgCall& call, const std::string& directory,
                      const CloudAccount& account) {
  json user = RenderOrgUser(call, account, directory, {"platformRoles", "counts.resources"});
  user.erase("links");
  if (!account.active) user["deactivatedOn"] = account.deactivated_on;
  return OrgJson(200, {{"data", user}});
}

std::optional<TwinResponse> JudgeSuspension(const OrgCall& call, const CloudAccount& account) {
  if (account.IsOrgAdmin() && !call.Has(OrgQuirk::kAdminSuspendAllowed)) {
    return OrgRefuseWrite(call, {400, "ADMIN-UAM-400-1", "Bad Request",
                                 "An organization administrator cannot be suspended or restored"});
  }
  if (call.Has(OrgQuirk::kSyncedSuspendRefused) &&
      absl::StartsWith(OwnerReason(call, account), "externalDirectory.")) {
    return OrgRefuseWrite(
        call, {403, "ADMIN-UAM-403-1", "Forbidden", "The user is managed by an identity provider"});
  }
  if (call.Has(OrgQuirk::kRestoreInactive400) && !account.active) {
    return OrgRefuseWrite(call, {400, "ADMIN-UAM-400-2", "Inactive User", "The user is inactive"});
  }
  return std::nullopt;
}

TwinResponse SetSuspension(const OrgCall& call, const std::string& directory, CloudAccount& account,
                           bool suspended) {
  if (auto refusal = JudgeSuspension(call, account)) return *std::move(refusal);
  if (!suspended) {
    if (auto refusal = CheckLicences(call)) return *std::move(refusal);
  }
  if (account.directories.at(directory).suspended != suspended) {
    ChangeInOrg(call, account, [&](CloudAccount& changed) {
      changed.directories[directory].suspended = suspended;
    });
  }
  return OrgEmpty(204);
}

TwinResponse RemoveFromDirectory(const OrgCall& call, const std::string& directory,
                                 CloudAccount& account) {
  ChangeInOrg(call, account, [&](CloudAccount& changed) { changed.directories.erase(directory); });
  for (auto& [id, group] : call.org.groups) {
    if (group.directory != directory || group.members.count(account.id) == 0) continue;
    ChangeInOrg(call, group, [&](OrgGroup& changed) { changed.members.erase(account.id); });
  }
  return OrgEmpty(204);
}

TwinResponse WriteUserOf(const OrgCall& call, const std::string& directory, CloudAccount* account,
                         const std::string& verb) {
  if (account == nullptr || account->directories.count(directory) == 0) return OrgNoUser(call);
  if (verb.empty()) return RemoveFromDirectory(call, directory, *account);
  return SetSuspension(call, directory, *account, verb == "suspend");
}

// The account, where a read of the directory may name it.
const CloudAccount* ReadableAccount(const OrgCall& call, const std::string& directory,
                                    const CloudAccount* account) {
  if (account == nullptr || !IsListed(call, call.Peek(*account), directory)) return nullptr;
  return &call.Read(*account);
}

TwinResponse HandleOneUser(const OrgCall& call, const std::string& directory) {
  CloudAccount* account = call.FindAccount(call.path[kUsersDepth]);
  const std::string verb = call.path.size() > kUsersDepth + 1 ? call.path[kUsersDepth + 1] : "";
  if (call.path.size() > kUsersDepth + 2) return OrgNoSuchEndpoint(call);
  if (verb == "suspend" || verb == "restore") {
    return call.IsPost() ? WriteUserOf(call, directory, account, verb) : OrgEmpty(405);
  }
  if (verb.empty() && call.request.method == "DELETE") {
    return WriteUserOf(call, directory, account, verb);
  }
  if (!call.IsGet()) return OrgEmpty(405);
  if (verb == "role-assignments") {
    // Any directory's path does: what the account has elsewhere is another question.
    if (account == nullptr || (account->directories.empty() && !account->claimed)) {
      return OrgNoUser(call);
    }
    return ListAssignments(call, directory, call.Read(*account));
  }
  if (!verb.empty()) return OrgNoSuchEndpoint(call);
  const CloudAccount* readable = ReadableAccount(call, directory, account);
  return readable == nullptr ? OrgNoUser(call) : ShowUser(call, directory, *readable);
}

}  // namespace

std::optional<TwinResponse> CheckLicences(const OrgCall& call) {
  if (call.Has(OrgQuirk::kLicenceLimit)) {
    return OrgRefuseWrite(call, {409, "ADMIN-UAM-409-3", "Conflict", "User limit exceeded"});
  }
  if (call.Has(OrgQuirk::kLicenceLimit400)) {
    return OrgRefuseWrite(call, {400, "ADMIN-400-32", "Bad Request", "Too many licence breaches"});
  }
  if (call.Has(OrgQuirk::kLicenceLimitV1)) {
    return OrgRefuseWrite(call, {409, "ADMIN-409-3", "Conflict", "User limit exceeded"});
  }
  return std::nullopt;
}

TwinResponse HandleOrgUsers(const OrgCall& call, const std::string& directory) {
  if (call.path.size() == kUsersDepth) {
    if (!call.IsGet()) return OrgEmpty(405);
    if (call.Has(OrgQuirk::kListsEnded)) return OrgEnded(call);
    return ListUsersOf(call, directory, kListPage);
  }
  const std::string& next = call.path[kUsersDepth];
  if (call.path.size() == kUsersDepth + 1 && next == "search") {
    if (call.Has(OrgQuirk::kSearchMissing)) return OrgNoSuchEndpoint(call);
    return call.IsPost() ? ListUsersOf(call, directory, kUserSearchPage) : OrgEmpty(405);
  }
  if (call.path.size() == kUsersDepth + 1 && next == "count") {
    return call.IsGet() ? CountUsers(call, directory) : OrgEmpty(405);
  }
  return HandleOneUser(call, directory);
}

}  // namespace rollcall::twins
