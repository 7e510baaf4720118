// A directory's groups: lists and searches, one group, memberships.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/twins/org_endpoints.h"
#include "tests/twins/org_reply.h"
#include "tests/twins/org_users.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using Kind = OrgField::Kind;

constexpr int64_t kGroupPage = 20;
constexpr size_t kGroupsDepth = 7;  // segments of …/directories/{dir}/groups

absl::Span<const OrgField> GroupSearchFields() {
  static const auto* const fields =
      new std::vector<OrgField>{{"searchTerm", Kind::kText, 0, {}},
                                {"groupNames", Kind::kTexts, 100, {}},
                                {"groupIds", Kind::kTexts, 10, {}},
                                {"accountIds", Kind::kTexts, 10, {}},
                                {"directoryIds", Kind::kTexts, 10, {}},
                                {"resourceIds", Kind::kTexts, 20, {}},
                                {"resourceOwners", Kind::kTexts, 10, {}},
                                {"roleIds", Kind::kTexts, 10, {}},
                                {"sortBy", Kind::kSort, 1, {"name"}},
                                {"expand", Kind::kTexts, 2, {"counts.users", "counts.resources"}}};
  return *fields;
}

bool IsInDirectory(const OrgGroup& group, const std::string& directory) {
  return directory == kAllDirectories || group.directory == directory;
}

bool GroupMatches(const OrgGroup& group, const std::string& directory, const OrgListQuery& query) {
  if (!IsInDirectory(group, directory)) return false;
  if (query.fields.empty()) return true;
  const std::string term = absl::AsciiStrToLower(query.Text("searchTerm"));
  if (!term.empty() && !absl::StrContains(absl::AsciiStrToLower(group.name), term)) return false;
  if (query.Has("accountIds")) {
    const json& ids = query.fields["accountIds"];
    if (std::none_of(ids.begin(), ids.end(), [&](const json& id) {
          return group.members.count(id.get<std::string>()) > 0;
        })) {
      return false;
    }
  }
  return query.Admits("groupNames", group.name) && query.Admits("groupIds", group.id) &&
         query.Admits("directoryIds", group.directory) &&
         query.Admits("resourceIds", SiteOf(group.directory)) &&
         query.Admits("resourceOwners", "jira-software") &&
         query.Admits("roleIds", group.is_admin ? "atlassian/admin" : "atlassian/user");
}

std::string ManagedBy(const OrgCall& call, const OrgGroup& group) {
  if (call.Has(OrgQuirk::kUnknownEnums)) return "quarantined";
  return group.synced ? "external" : "admins";
}

json RenderOrgGroup(const OrgCall& call, const OrgGroup& group, const OrgListQuery& query) {
  json result = {{"id", group.id},
                 {"name", group.name},
                 {"description", group.description},
                 {"directoryId", group.directory},
                 {"externalSynced", group.synced},
                 {"managedBy", ManagedBy(call, group)},
                 {"managementAccess",
                  {{"deletable", group.deletable},
                   {"modifiable", group.modifiable},
                   {"readable", group.readable}}},
                 {"links", {{"self", OrgToken(group.id)}}}};
  if (!query.Has("expand")) return result;
  if (query.Admits("expand", "counts.users")) result["counts"]["users"] = group.members.size();
  if (query.Admits("expand", "counts.resources")) result["counts"]["resources"] = 1;
  return result;
}

std::vector<std::string> CollectGroups(const OrgCall& call, const std::string& directory,
                                       const OrgListQuery& query) {
  std::vector<std::pair<std::string, std::string>> found;  // sorted by the first
  for (const auto& [id, group] : call.org.groups) {
    if (!GroupMatches(call.Peek(group), directory, query)) continue;
    found.emplace_back(query.Has("sortBy") ? group.name : id, id);
  }
  std::sort(found.begin(), found.end());
  if (query.Has("sortBy") && query.fields["sortBy"][0].value("direction", "asc") == "desc") {
    std::reverse(found.begin(), found.end());
  }
  std::vector<std::string> ids;
  for (const auto& [key, id] : found) {
    if (id == query.after) ids.clear();
    ids.push_back(id);
  }
  return ids;
}

TwinResponse ListGroupsOf(const OrgCall& call, const std::string& directory) {
  OrgListQuery query;
  if (auto refusal = ReadOrgQuery(call, GroupSearchFields(), kGroupPage, query)) {
    return *std::move(refusal);
  }
  if (query.Has("groupNames") && (query.Has("searchTerm") || query.Has("groupIds"))) {
    return OrgBadRequest(call, "groupNames excludes searchTerm and groupIds");
  }
  const std::vector<std::string> ids = CollectGroups(call, directory, query);
  return OrgJson(200, OrgPageBody(call, query, ids, [&](const std::string& id) {
                   return RenderOrgGroup(call, call.Read(call.org.groups.at(id)), query);
                 }));
}

TwinResponse CountGroups(const OrgCall& call, const std::string& directory) {
  OrgListQuery query;
  if (auto refusal = ReadOrgQuery(call, GroupSearchFields(), kGroupPage, query)) {
    return *std::move(refusal);
  }
  int64_t count = 0;
  for (const auto& [id, group] : call.org.groups) {
    if (GroupMatches(call.Peek(group), directory, query)) ++count;
  }
  return OrgJson(200, {{"count", count}});
}

TwinResponse NoGroup(const OrgCall& call) {
  return OrgRefuseWrite(call, {404, "ADMIN-UAM-404-3", "Unknown Group", "The group was not found"});
}

std::optional<TwinResponse> JudgeGroupWrite(const OrgCall& call, const OrgGroup& group, bool adds) {
  const auto refuse = [&](const char* code, const char* detail) {
    return OrgRefuseWrite(call, {403, code, "Forbidden", detail});
  };
  if (group.synced && call.Has(OrgQuirk::kSyncedWriteIgnored)) return OrgEmpty(204);
  if (group.synced && !call.Has(OrgQuirk::kSyncedGroupWritable)) {
    return refuse("ADMIN-UAM-403-1", "The group is synced from an identity provider");
  }
  if (!group.modifiable) return refuse("ADMIN-UAM-403-1", "The group cannot be modified");
  if (group.is_admin && adds && call.Has(OrgQuirk::kAdminGroupRefused)) {
    return refuse("ADMIN-403-7", "The group grants administrator access");
  }
  if (group.is_default && call.Has(OrgQuirk::kDefaultGroupRefused)) {
    return refuse("ADMIN-403-6", "The group is a default group");
  }
  return std::nullopt;
}

TwinResponse AddToGroup(const OrgCall& call, OrgGroup& group) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || body.size() != 1 || !body.contains("accountId") ||
      !body["accountId"].is_string()) {
    return OrgRefuseWrite(call, {400, "ADMIN-UAM-400-1", "Bad Request", "accountId is required"});
  }
  const std::string id = body["accountId"].get<std::string>();
  const CloudAccount* account = call.FindAccount(id);
  if (account == nullptr || account->directories.count(group.directory) == 0) {
    return OrgNoUser(call);
  }
  if (auto answer = JudgeGroupWrite(call, group, /*adds=*/true)) return *std::move(answer);
  if (group.members.count(id) > 0) {
    if (call.Has(OrgQuirk::kReaddOk)) return OrgEmpty(204);
    return OrgRefuseWrite(call, {409, "ADMIN-UAM-409-2", "Conflict", "Already a member"});
  }
  if (auto refusal = CheckLicences(call)) return *std::move(refusal);
  ChangeInOrg(call, group, [&](OrgGroup& changed) { changed.members.insert(id); });
  return OrgEmpty(204);
}

TwinResponse RemoveFromGroup(const OrgCall& call, OrgGroup& group, const std::string& id) {
  if (auto answer = JudgeGroupWrite(call, group, /*adds=*/false)) return *std::move(answer);
  if (group.members.count(id) == 0) {
    return call.Has(OrgQuirk::kRemoveAbsentOk) ? OrgEmpty(204) : OrgNoUser(call);
  }
  ChangeInOrg(call, group, [&](OrgGroup& changed) { changed.members.erase(id); });
  return OrgEmpty(204);
}

TwinResponse WriteGroupOf(const OrgCall& call, const std::string& directory, OrgGroup* group) {
  if (group == nullptr || group->directory != directory) return NoGroup(call);
  if (call.path.size() == kGroupsDepth + 2) return AddToGroup(call, *group);
  return RemoveFromGroup(call, *group, call.path[kGroupsDepth + 2]);
}

TwinResponse HandleOneGroup(const OrgCall& call, const std::string& directory) {
  OrgGroup* group = call.org.FindGroup(call.path[kGroupsDepth]);
  if (call.path.size() == kGroupsDepth + 1) {
    if (!call.IsGet()) return OrgEmpty(405);
    if (group == nullptr || !IsInDirectory(*group, directory)) return NoGroup(call);
    OrgListQuery everything;
    everything.fields["expand"] = {"counts.users", "counts.resources"};
    json shown = RenderOrgGroup(call, call.Read(*group), everything);
    shown.erase("links");
    return OrgJson(200, {{"data", shown}});
  }
  if (call.path[kGroupsDepth + 1] != "memberships" || call.path.size() > kGroupsDepth + 3) {
    return OrgNoSuchEndpoint(call);
  }
  const bool adds = call.path.size() == kGroupsDepth + 2;
  if (call.request.method != (adds ? "POST" : "DELETE")) return OrgEmpty(405);
  return WriteGroupOf(call, directory, group);
}

}  // namespace

TwinResponse HandleOrgGroups(const OrgCall& call, const std::string& directory) {
  if (call.path.size() == kGroupsDepth) {
    if (!call.IsGet()) return OrgEmpty(405);
    return call.Has(OrgQuirk::kListsEnded) ? OrgEnded(call) : ListGroupsOf(call, directory);
  }
  const std::string& next = call.path[kGroupsDepth];
  if (call.path.size() == kGroupsDepth + 1 && next == "search") {
    if (call.Has(OrgQuirk::kSearchMissing)) return OrgNoSuchEndpoint(call);
    return call.IsPost() ? ListGroupsOf(call, directory) : OrgEmpty(405);
  }
  if (call.path.size() == kGroupsDepth + 1 && next == "count") {
    return call.IsGet() ? CountGroups(call, directory) : OrgEmpty(405);
  }
  return HandleOneGroup(call, directory);
}

}  // namespace rollcall::twins
