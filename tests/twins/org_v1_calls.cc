// What is left of version 1: organisations, managed accounts, domains, the administrators' role.
#include "absl/strings/str_cat.h"
#include "tests/twins/org_endpoints.h"
#include "tests/twins/org_reply.h"
#include "tests/twins/org_users.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;

constexpr int64_t kV1Page = 100;  // not published; the call has no limit parameter

json RenderOrg(const OrgCall& call) {
  const std::string self = absl::StrCat(call.base_url, "/admin/v1/orgs/", call.org.id);
  return {{"id", call.org.id},
          {"type", "orgs"},
          {"attributes", {{"name", call.org.name}}},
          {"relationships",
           {{"domains", {{"links", {{"related", self + "/domains"}}}}},
            {"users", {{"links", {{"related", self + "/users"}}}}}}},
          {"links", {{"self", self}}}};
}

TwinResponse ListOrgs(const OrgCall& call) {
  json data = json::array();
  if (!call.Has(OrgQuirk::kKeyScoped)) data.push_back(RenderOrg(call));
  const json links = {{"self", absl::StrCat(call.base_url, "/admin/v1/orgs")}};
  return OrgJson(200, {{"data", data}, {"links", links}});
}

json RenderManaged(const OrgCall& call, const CloudAccount& account) {
  json result = {
      {"account_id", account.id},
      {"account_type", account.type},
      {"account_status", account.closed ? "closed" : (account.active ? "active" : "inactive")},
      {"name", account.name},
      {"picture", absl::StrCat("https://avatars.example.com/", account.id)},
      {"email", account.email},
      {"access_billable", account.active && !account.directories.empty()},
      {"product_access", json::array()},
      {"links", {{"self", absl::StrCat(call.base_url, "/users/", account.id, "/manage/profile")}}}};
  for (const auto& [id, membership] : account.directories) {
    if (membership.suspended) continue;
    result["product_access"].push_back(
        {{"key", "jira-software"}, {"name", "Jira"}, {"url", "https://example.atlassian.net"}});
  }
  if (call.Has(OrgQuirk::kEmailAbsent)) result.erase("email");
  if (call.Has(OrgQuirk::kUnknownEnums)) result["account_type"] = "quarantined";
  if (call.Has(OrgQuirk::kUnknownStatuses)) result["account_status"] = "quarantined";
  return result;
}

TwinResponse ListManaged(const OrgCall& call) {
  OrgListQuery query;
  if (auto refusal = ReadOrgQuery(call, {}, kV1Page, query)) return *std::move(refusal);
  std::vector<std::string> ids;
  int64_t total = 0;
  for (const auto& [id, account] : call.world.cloud_accounts) {
    if (!account.claimed) continue;
    ++total;
    if (id >= query.after && static_cast<int64_t>(ids.size()) < OrgLookAhead(query)) {
      ids.push_back(id);
    }
  }
  json body = OrgPageBody(call, query, ids, [&](const std::string& id) {
    return RenderManaged(call, call.Read(*call.FindAccount(id)));
  });
  body["meta"] = {{"total", total}};
  return OrgJson(200, body);
}

TwinResponse ListDomains(const OrgCall& call) {
  const std::string self = absl::StrCat(call.base_url, "/admin/v1/orgs/", call.org.id, "/domains");
  json data = json::array();
  for (const OrgDomain& domain : call.org.domains) {
    data.push_back(
        {{"id", OrgToken(domain.name)},
         {"type", "domains"},
         {"attributes",
          {{"name", domain.name}, {"claim", {{"type", "dns"}, {"status", domain.status}}}}},
         {"links", {{"self", absl::StrCat(self, "/", OrgToken(domain.name))}}}});
  }
  return OrgJson(200, {{"data", data}, {"links", {{"self", self}}}});
}

TwinResponse ChangeRole(const OrgCall& call, const std::string& id, bool assigns) {
  const json body = json::parse(call.request.body, nullptr, /*allow_exceptions=*/false);
  if (!body.is_object() || body.value("role", json()) != kOrgAdminRole) {
    return OrgRefuse(call, {400, "ADMIN-UAM-400-3", "Bad Request",
                            "Only atlassian/org-admin can be assigned here"});
  }
  CloudAccount* account = call.FindAccount(id);
  if (account == nullptr) return OrgNoUser(call);
  ChangeInOrg(call, *account, [&](CloudAccount& changed) {
    if (assigns) {
      changed.roles.insert(kOrgAdminRole);
    } else {
      changed.roles.erase(kOrgAdminRole);
    }
  });
  return OrgEmpty(204);
}

// Calls of version 1 that ended in June 2026.
bool IsLegacy(const std::vector<std::string>& path) {
  if (path.size() < 6) return false;
  if (path[4] == "directory") return path.back() != "last-active-dates";
  return (path[4] == "users" && (path[5] == "search" || path[5] == "invite")) ||
         (path[4] == "groups" && path[5] == "search");
}

}  // namespace

TwinResponse HandleOrgV1(const OrgCall& call) {
  const std::vector<std::string>& path = call.path;
  if (IsLegacy(path)) return OrgEnded(call);
  if (path.size() == 8 && path[4] == "users" && path[6] == "role-assignments" &&
      (path[7] == "assign" || path[7] == "revoke")) {
    return call.IsPost() ? ChangeRole(call, path[5], path[7] == "assign") : OrgEmpty(405);
  }
  const std::string what = path.size() == 5 ? path[4] : "";
  const bool known = path.size() <= 4 || what == "users" || what == "domains";
  if (!known) return OrgNoSuchEndpoint(call);
  if (!call.IsGet()) return OrgEmpty(405);
  if (what == "users") return ListManaged(call);
  if (what == "domains") return ListDomains(call);
  if (path.size() == 3) return ListOrgs(call);
  return OrgJson(200, {{"data", RenderOrg(call)}});
}

}  // namespace rollcall::twins
