#include "tests/twins/company_sides.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/twins/id_source.h"

namespace rollcall::twins {
namespace {

constexpr char kMainDirectory[] = "dir-main";
constexpr char kLabDirectory[] = "dir-lab";
constexpr char kSite[] = "site";

// What the organisation holds of a row. An account that SCIM does not carry along is active, for
// then nobody has deactivated it.
CloudAccount CloudAccountOf(const CompanyRow& row) {
  CloudAccount account;
  account.id = row.cloud_id;
  account.email = row.account_email;
  account.name = absl::StrCat(row.person.given_name, " ", row.person.family_name);
  const bool follows = !row.account_id.empty() && row.is_linked && row.is_claimed;
  account.active = !follows || row.account_active;
  account.claimed = row.is_claimed;
  account.owner = row.owner;
  if (row.is_org_admin) account.roles.insert(kOrgAdminRole);
  account.directories[kMainDirectory] = {};
  if (row.in_lab) account.directories[kLabDirectory].suspended = row.suspended_in_lab;
  return account;
}

CrowdUser CrowdUserOf(const CompanyRow& row, absl::Time created) {
  CrowdUser user;
  user.name = row.CrowdName();
  user.first_name = row.person.given_name;
  user.last_name = row.person.family_name;
  user.display_name = absl::StrCat(row.person.given_name, " ", row.person.family_name);
  user.email = row.person.email;
  user.active = row.person.active || row.left_in_crowd;
  user.external_id = absl::StrCat("crowd-", user.name);
  user.created = user.updated = created;
  return user;
}

}  // namespace

void WriteCloudSide(const std::vector<CompanyRow>& rows, const std::vector<CompanyGroup>& groups,
                    uint64_t seed, World& world) {
  IdSource ids(seed);
  Organisation organisation;
  organisation.id = ids.Uuid();
  organisation.name = "Example";
  organisation.directories = {{kMainDirectory, "Main"}, {kLabDirectory, "Lab"}};
  organisation.domains = {{"example.com", "verified"}};
  std::vector<OrgGroup> copies;
  for (const CompanyGroup& group : groups) {
    OrgGroup copy;
    copy.id = ids.Uuid();
    copy.name = group.name;
    copy.directory = kMainDirectory;
    copy.synced = true;
    copy.synced_by = "scim";
    copies.push_back(std::move(copy));
  }
  for (const CompanyRow& row : rows) {
    if (row.cloud_id.empty()) continue;
    world.cloud_accounts[row.cloud_id] = CloudAccountOf(row);
    if (row.account_id.empty() || !row.is_linked) continue;
    for (const int64_t group : row.scim_groups) copies[group].members.insert(row.cloud_id);
  }
  for (OrgGroup& copy : copies) {
    const std::string id = copy.id;
    organisation.groups[id] = std::move(copy);
  }
  JiraSite& site = world.sites[kSite];
  site.id = ids.Uuid();  // after everything else, which is the same with and without a site
  site.directory = kMainDirectory;
  site.name = "example";
  world.organisation = std::move(organisation);
}

void WriteCrowdSide(const std::vector<CompanyRow>& rows, const std::vector<CompanyGroup>& groups,
                    absl::Time created, World& world) {
  CrowdDirectory directory;
  directory.name = "Internal";
  for (const CompanyGroup& group : groups) {
    CrowdGroup copy;
    copy.name = group.name;
    directory.groups[FoldCrowdName(group.name)] = std::move(copy);
  }
  for (const CompanyRow& row : rows) {
    if (row.account_name.empty()) continue;
    CrowdUser user = CrowdUserOf(row, created);
    const std::string folded = FoldCrowdName(user.name);
    for (const int64_t group : row.idp_groups) {
      directory.groups.at(FoldCrowdName(groups[group].name)).users.insert(folded);
    }
    directory.users[folded] = std::move(user);
  }
  world.crowd["crowd"].directories.push_back(std::move(directory));
}

}  // namespace rollcall::twins
