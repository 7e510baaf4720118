// The directories of an organisation, and the way to their users and groups.
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

constexpr int64_t kDirectoryPage = 20;

bool DirectoryMatches(const OrgCall& call, const OrgDirectory& directory,
                      const OrgListQuery& query) {
  const std::string account = query.Text("accountId");
  if (!account.empty()) {
    const CloudAccount* found = call.FindAccount(account);
    if (found == nullptr || call.Peek(*found).directories.count(directory.id) == 0) return false;
  }
  return query.Admits("directoryIds", directory.id) &&
         absl::StrContains(absl::AsciiStrToLower(directory.name),
                           absl::AsciiStrToLower(query.Text("searchTerm")));
}

TwinResponse ListOrgDirectories(const OrgCall& call) {
  static const auto* const fields =
      new std::vector<OrgField>{{"accountId", Kind::kText, 0, {}},
                                {"directoryIds", Kind::kTexts, 10, {}},
                                {"searchTerm", Kind::kText, 0, {}}};
  OrgListQuery query;
  if (auto refusal = ReadOrgQuery(call, *fields, kDirectoryPage, query)) {
    return *std::move(refusal);
  }
  std::vector<std::string> ids;
  for (const OrgDirectory& directory : call.org.directories) {
    if (directory.id == query.after) ids.clear();
    if (DirectoryMatches(call, directory, query)) ids.push_back(directory.id);
  }
  return OrgJson(200, OrgPageBody(call, query, ids, [&](const std::string& id) {
                   return json{{"directoryId", id},
                               {"name", call.org.FindDirectory(id)->name},
                               {"icon", "https://icons.example.com/directory.png"}};
                 }));
}

// Is there such a directory, or is this a read of all? Otherwise the refusal is filled in.
bool CheckOrgDirectory(const OrgCall& call, const std::string& directory, TwinResponse& refusal) {
  const OrgError unknown = {404, "ADMIN-UAM-404-1", "Unknown Resource",
                            absl::StrCat("There is no directory ", directory)};
  if (call.IsGet() || call.path.back() == "search") {
    if (directory == kAllDirectories || call.org.FindDirectory(directory) != nullptr) return true;
    refusal = OrgRefuse(call, unknown);
    return false;
  }
  if (call.org.FindDirectory(directory) != nullptr) return true;
  if (directory == kAllDirectories && !call.Has(OrgQuirk::kDashWrite404)) {
    refusal = OrgRefuseWrite(call, {400, "ADMIN-UAM-400-1", "Bad Request",
                                    "A directory has to be named for this request"});
  } else {
    refusal = OrgRefuseWrite(call, unknown);
  }
  return false;
}

}  // namespace

TwinResponse HandleOrgV2(const OrgCall& call) {
  const std::vector<std::string>& path = call.path;
  if (path.size() < 5 || path[4] != "directories") return OrgNoSuchEndpoint(call);
  if (path.size() == 5) return call.IsGet() ? ListOrgDirectories(call) : OrgEmpty(405);
  TwinResponse refusal;
  if (!CheckOrgDirectory(call, path[5], refusal)) return refusal;
  if (path.size() > 6 && path[6] == "users") return HandleOrgUsers(call, path[5]);
  if (path.size() > 6 && path[6] == "groups") return HandleOrgGroups(call, path[5]);
  return OrgNoSuchEndpoint(call);
}

}  // namespace rollcall::twins
