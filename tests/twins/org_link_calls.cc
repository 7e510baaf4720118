// Links between accounts and the SCIM records that own them, and what repairs them:
// /admin/user-provisioning/v1/org/{org}/…
#include "absl/strings/match.h"
#include "tests/twins/org_endpoints.h"
#include "tests/twins/org_reply.h"
#include "tests/twins/world_links.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

json LinkRow(const OrgCall& call, const std::string& directory, const ScimUser& user) {
  const std::string account = user.AtlassianAccountId();
  return {{"scimUserId", user.id},
          {"atlassianAccountId", account.empty() ? json(nullptr) : json(account)},
          {"orgId", call.org.id},
          {"directoryId", directory}};
}

TwinResponse NoSuchAccount(const OrgCall& call) {
  return ManageRefuse(call, 404, "accountNotFound", nullptr, "Error: User account not found");
}

TwinResponse LinksOfAccount(const OrgCall& call, const std::string& account) {
  if (call.FindAccount(account) == nullptr) return NoSuchAccount(call);
  json links = json::array();
  for (const auto& [directory, user] : ScimUsersOf(call.world, account)) {
    links.push_back(LinkRow(call, directory, *call.world.scim.at(directory).FindUser(user)));
  }
  return OrgJson(200, {{"scimLinks", links}});
}

TwinResponse LinksOfEmail(const OrgCall& call) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || !body.contains("email") || !body["email"].is_string()) {
    return OrgBadRequest(call, "email is missing");
  }
  const std::string email = body["email"].get<std::string>();
  json links = json::array();
  for (const auto& [name, directory] : call.world.scim) {
    for (const auto& user : directory.users()) {
      if (!absl::EqualsIgnoreCase(user->Email(), email)) continue;
      if (user->AtlassianAccountId().empty() && call.Has(OrgQuirk::kUnlinkForgets)) continue;
      links.push_back(LinkRow(call, name, *user));
    }
  }
  return OrgJson(200, {{"scimLinks", links}});
}

TwinResponse Unlink(const OrgCall& call, const std::string& directory, const std::string& record) {
  if (call.Has(OrgQuirk::kUnlinkMissing)) return OrgNoSuchEndpoint(call);
  const auto found = call.world.scim.find(directory);
  if (found == call.world.scim.end() || found->second.FindUser(record) == nullptr) {
    return OrgRefuse(call, {404, "ADMIN-404-1", "Not Found", "There is no such SCIM user"});
  }
  if (call.Keeps() && !call.Has(OrgQuirk::kUnlinkIgnored)) {
    UnlinkRecord(call.world, directory, record);
  }
  if (call.Has(OrgQuirk::kUnlink200)) return OrgJson(200, {{"message", "Success"}});
  return OrgEmpty(call.Has(OrgQuirk::kUnlink202) ? 202 : 204);
}

// The organisation's groups stay as they are: who is in them is seen when a SCIM group is next
// written.
TwinResponse DeleteRecords(const OrgCall& call, const std::string& id) {
  const CloudAccount* account = call.FindAccount(id);
  if (account == nullptr) return NoSuchAccount(call);
  if (!account->claimed) {
    return ManageRefuse(call, 403, "forbidden", nullptr,
                        "Error: Caller must be a verified org admin of targeted account");
  }
  if (call.Keeps() && !call.Has(OrgQuirk::kDeleteRecordsIgnored)) {
    for (const auto& [directory, user] : ScimUsersOf(call.world, id)) {
      call.world.scim.at(directory).RemoveUser(user, Memberships::kRemoved);
    }
  }
  return OrgEmpty(204);
}

}  // namespace

TwinResponse HandleScimLinks(const OrgCall& call) {
  const std::vector<std::string>& path = call.path;
  if (path.size() < 6 || path[3] != "org" || call.Has(OrgQuirk::kLinksMissing)) {
    return OrgNoSuchEndpoint(call);
  }
  if (path.size() == 6 && path[5] == "get-scim-links-for-email") {
    return call.IsPost() ? LinksOfEmail(call) : OrgEmpty(405);
  }
  if (path.size() == 8 && path[5] == "user" && path[7] == "get-scim-links") {
    return call.IsGet() ? LinksOfAccount(call, path[6]) : OrgEmpty(405);
  }
  if (path.size() == 8 && path[5] == "user" && path[7] == "onlyDeleteUserInDB") {
    return call.request.method == "DELETE" ? DeleteRecords(call, path[6]) : OrgEmpty(405);
  }
  if (path.size() == 10 && path[5] == "scimDirectoryId" && path[7] == "scimUserId" &&
      path[9] == "unlink") {
    return call.request.method == "PATCH" ? Unlink(call, path[6], path[8]) : OrgEmpty(405);
  }
  return OrgNoSuchEndpoint(call);
}

}  // namespace rollcall::twins
