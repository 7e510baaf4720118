#include "tests/twins/company.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/twins/world_json.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Company Made(const char* text) {
  const absl::StatusOr<CompanyOptions> options = ParseCompanyOptions(text);
  EXPECT_TRUE(options.ok()) << options.status();
  absl::StatusOr<Company> company = MakeCompany(*options, absl::UnixEpoch());
  EXPECT_TRUE(company.ok()) << company.status();
  return *std::move(company);
}

const CompanyPerson& Person(const Company& company, const std::string& id) {
  for (const CompanyPerson& person : company.people) {
    if (person.id == id) return person;
  }
  ADD_FAILURE() << "no person " << id;
  return company.people[0];
}

bool HasMember(const ScimDirectory& directory, const std::string& name, const std::string& id) {
  for (const std::string& group : directory.GroupsOf(id)) {
    if (directory.FindGroup(group)->display_name == name) return true;
  }
  return false;
}

bool Lists(const Company& company, const std::string& name, const std::string& person) {
  for (const CompanyGroup& group : company.groups) {
    if (group.name != name) continue;
    return std::binary_search(group.members.begin(), group.members.end(), person);
  }
  return false;
}

// One entry for every change that would bring the accounts in line, computed from both sides anew:
// "deactivate u", "activate u", "add g u", "remove g u".
std::set<std::string> Differences(const Company& company) {
  std::set<std::string> result;
  const ScimDirectory& directory = company.world.scim.at("scim");
  std::map<std::string, const CompanyPerson*> by_id, by_name;
  for (const CompanyPerson& person : company.people) {
    by_id[person.id] = by_name[person.user_name] = &person;
  }
  for (const auto& user : directory.users()) {
    const CompanyPerson* person =
        user->ExternalId().empty() ? by_name[user->UserName()] : by_id[user->ExternalId()];
    if (person == nullptr) continue;
    if (user->Active() && !person->active) result.insert("deactivate " + user->id);
    if (!user->Active() && person->active) result.insert("activate " + user->id);
    for (const CompanyGroup& group : company.groups) {
      const bool should = Lists(company, group.name, person->id);
      const bool is = HasMember(directory, group.name, user->id);
      if (should && !is) result.insert("add " + group.name + " " + user->id);
      if (is && !should && person->active) result.insert("remove " + group.name + " " + user->id);
    }
  }
  return result;
}

TEST(CompanyTest, DriftAccountsForEveryDifference) {
  const Company company = Made("people=500,groups=40,drift=3,seed=7");
  std::set<std::string> told;
  for (const char* kind : {"leavers", "protected"}) {
    for (const DriftEntry& entry : company.drift.at(kind))
      told.insert("deactivate " + entry.account);
  }
  for (const char* kind : {"joiners", "lockouts"}) {
    for (const DriftEntry& entry : company.drift.at(kind)) told.insert("activate " + entry.account);
  }
  for (const DriftEntry& entry : company.drift.at("missing_memberships")) {
    told.insert("add " + entry.group + " " + entry.account);
  }
  for (const DriftEntry& entry : company.drift.at("extra_memberships")) {
    told.insert("remove " + entry.group + " " + entry.account);
  }
  EXPECT_EQ(Differences(company), told);
  EXPECT_THAT(told, SizeIs(15 * 5 + 1));
}

TEST(CompanyTest, EveryKindIsThere) {
  const Company company = Made("people=500,groups=40,drift=3,seed=7");
  const ScimDirectory& directory = company.world.scim.at("scim");
  for (const DriftEntry& entry : company.drift.at("renames")) {
    EXPECT_EQ(directory.FindUser(entry.account)->ExternalId(), entry.person);
    EXPECT_NE(directory.FindUser(entry.account)->UserName(),
              Person(company, entry.person).user_name);
  }
  for (const DriftEntry& entry : company.drift.at("inactive_both")) {
    EXPECT_FALSE(Person(company, entry.person).active);
    EXPECT_FALSE(directory.FindUser(entry.account)->Active());
  }
  for (const DriftEntry& entry : company.drift.at("missing")) {
    EXPECT_THAT(directory.UsersNamed(Person(company, entry.person).user_name), IsEmpty());
  }
  for (const DriftEntry& entry : company.drift.at("ambiguous")) {
    EXPECT_EQ(directory.FindUser(entry.account)->Email(), Person(company, entry.person).email);
    EXPECT_EQ(directory.FindUser(entry.account)->ExternalId(), "");
  }
  EXPECT_THAT(company.drift.at("ambiguous"), SizeIs(2));
  EXPECT_THAT(company.drift.at("out_of_scope"), SizeIs(15));
  EXPECT_THAT(company.drift.at("foreign_groups"), SizeIs(1));
  EXPECT_THAT(directory.groups(), SizeIs(41));
}

TEST(CompanyTest, NamesAndEmailsAreUniqueAndNotAllAscii) {
  const Company company = Made("people=3000,groups=10,drift=0");
  std::set<std::string> names;
  bool exotic = false;
  for (const CompanyPerson& person : company.people) {
    EXPECT_TRUE(names.insert(person.user_name).second) << person.user_name;
    exotic |= static_cast<signed char>(person.family_name.back()) < 0;
  }
  EXPECT_TRUE(exotic);
}

TEST(CompanyTest, WithoutDriftBothSidesAgree) {
  EXPECT_THAT(Differences(Made("people=100,groups=5,drift=0")), IsEmpty());
  EXPECT_THAT(Made("people=0,groups=0,drift=0").people, IsEmpty());
}

TEST(CompanyTest, TheSameSeedMakesTheSameCompany) {
  const char* const text = "people=60,groups=5,drift=2,seed=11";
  EXPECT_EQ(WorldToJson(Made(text).world), WorldToJson(Made(text).world));
  EXPECT_NE(WorldToJson(Made(text).world),
            WorldToJson(Made("people=60,groups=5,drift=2,seed=12").world));
}

constexpr char kAllSides[] = "people=200,groups=10,drift=2,seed=3,cloud=1,crowd=1";

const CloudAccount& AccountOf(const Company& company, const char* kind) {
  return company.world.cloud_accounts.at(company.drift.at(kind).at(0).cloud_account);
}

TEST(CompanySidesTest, ScimDriftIsTheSameWithAndWithoutThem) {
  const Company plain = Made("people=200,groups=10,drift=2,seed=3");
  const Company all = Made(kAllSides);
  EXPECT_FALSE(plain.world.organisation.has_value());
  EXPECT_THAT(plain.world.crowd, IsEmpty());
  for (const auto& [kind, entries] : plain.drift) {
    ASSERT_EQ(all.drift.at(kind).size(), entries.size()) << kind;
    for (size_t i = 0; i < entries.size(); ++i) {
      EXPECT_EQ(all.drift.at(kind)[i].account, entries[i].account) << kind;
    }
  }
}

TEST(CompanySidesTest, ClaimedAccountsAgreeWithTheScimUsersThatNameThem) {
  const Company company = Made(kAllSides);
  size_t linked = 0;
  for (const auto& user : company.world.scim.at("scim").users()) {
    const std::string id = user->AtlassianAccountId();
    if (id.empty()) continue;
    ++linked;
    const CloudAccount& account = company.world.cloud_accounts.at(id);
    EXPECT_EQ(account.email, user->Email());
    EXPECT_EQ(account.active, user->Active() || !account.claimed) << id;
  }
  // Without an account: 4 missing and the ambiguous person; not named: 3 outside of SCIM, 1 inside.
  EXPECT_EQ(company.world.cloud_accounts.size(), 200u - 5);
  EXPECT_EQ(linked, 200u - 5 - 4);
}

TEST(CompanySidesTest, GroupsOfTheOrganisationHaveTheMembersOfScim) {
  const Company company = Made(kAllSides);
  const ScimDirectory& scim = company.world.scim.at("scim");
  EXPECT_THAT(company.world.organisation->groups, SizeIs(10));
  for (const auto& [id, group] : company.world.organisation->groups) {
    EXPECT_EQ(group.synced_by, "scim");
    std::set<std::string> named;
    for (const auto& one : scim.groups()) {
      if (one->display_name != group.name) continue;
      for (const std::string& member : one->members) {
        named.insert(scim.FindUser(member)->AtlassianAccountId());
      }
    }
    named.erase("");
    EXPECT_EQ(group.members, named) << group.name;
  }
}

TEST(CompanySidesTest, EveryKindOfTheCloudIsThere) {
  const Company company = Made(kAllSides);
  for (const char* kind : {"scim_managed_leavers", "suspended_in_one", "unclaimed", "not_linked",
                           "guests", "google_owned", "org_admin_leavers"}) {
    ASSERT_THAT(company.drift.at(kind), SizeIs(1)) << kind;
    EXPECT_FALSE(Person(company, company.drift.at(kind)[0].person).active) << kind;
    EXPECT_TRUE(AccountOf(company, kind).active) << kind;
  }
  const ScimDirectory& scim = company.world.scim.at("scim");
  for (const char* kind : {"scim_managed_leavers", "suspended_in_one", "unclaimed"}) {
    const DriftEntry& entry = company.drift.at(kind)[0];
    EXPECT_TRUE(scim.FindUser(entry.account)->Active()) << kind;
    EXPECT_EQ(scim.FindUser(entry.account)->AtlassianAccountId(), entry.cloud_account) << kind;
  }
  EXPECT_TRUE(AccountOf(company, "suspended_in_one").directories.at("dir-lab").suspended);
  EXPECT_FALSE(AccountOf(company, "suspended_in_one").directories.at("dir-main").suspended);
  EXPECT_FALSE(AccountOf(company, "unclaimed").claimed);
  EXPECT_EQ(scim.FindUser(company.drift.at("not_linked")[0].account)->AtlassianAccountId(), "");
  EXPECT_FALSE(AccountOf(company, "guests").claimed);
  EXPECT_THAT(scim.UsersOfAccount(AccountOf(company, "guests").id), IsEmpty());
  EXPECT_EQ(AccountOf(company, "google_owned").owner, "externalDirectory.google");
  EXPECT_TRUE(AccountOf(company, "org_admin_leavers").IsOrgAdmin());
  EXPECT_TRUE(AccountOf(company, "org_admins").IsOrgAdmin());
  EXPECT_TRUE(Person(company, company.drift.at("org_admins")[0].person).active);
}

TEST(CompanySidesTest, CrowdAgreesWithThePeopleButForItsOwnDrift) {
  const Company company = Made(kAllSides);
  const CrowdDirectory& crowd = company.world.crowd.at("crowd").directories.at(0);
  std::map<std::string, const CompanyPerson*> by_email;
  for (const CompanyPerson& person : company.people) by_email[person.email] = &person;
  std::set<std::string> left;
  for (const auto& [name, user] : crowd.users) {
    ASSERT_EQ(by_email.count(user.email), 1u) << user.email;
    const CompanyPerson& person = *by_email[user.email];
    if (user.active != person.active) left.insert(user.name);
    for (const CompanyGroup& group : company.groups) {
      EXPECT_EQ(crowd.groups.at(FoldCrowdName(group.name)).users.count(name) > 0,
                Lists(company, group.name, person.id));
    }
  }
  EXPECT_EQ(left, (std::set<std::string>{company.drift.at("crowd_leavers")[0].crowd_user,
                                         company.drift.at("suspended_in_one")[0].crowd_user}));
  EXPECT_EQ(crowd.users.size(), 195u);
}

TEST(CompanySidesTest, TheSameSeedMakesTheSameSidesThatCanBeLoadedAgain) {
  const json world = WorldToJson(Made(kAllSides).world);
  EXPECT_EQ(WorldToJson(Made(kAllSides).world), world);
  const absl::StatusOr<World> loaded = WorldFromJson(world.dump(), absl::UnixEpoch());
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(WorldToJson(*loaded), world);
}

TEST(CompanyTest, TooFewPeopleOrWrongNumbersAreErrors) {
  CompanyOptions options;
  options.people = 10;
  EXPECT_TRUE(MakeCompany(options, absl::UnixEpoch()).ok());
  options.people = 9;
  EXPECT_FALSE(MakeCompany(options, absl::UnixEpoch()).ok());
  options.cloud = options.crowd = 1;
  options.people = 19;
  EXPECT_TRUE(MakeCompany(options, absl::UnixEpoch()).ok());
  options.people = 18;
  EXPECT_FALSE(MakeCompany(options, absl::UnixEpoch()).ok());
  for (const char* text : {"people", "people=x", "people=-1", "drift=9", "animals=3", "cloud=2"}) {
    EXPECT_FALSE(ParseCompanyOptions(text).ok()) << text;
  }
}

class CompanyExportTest : public ::testing::Test {
 protected:
  CompanyExportTest() {
    folder_ =
        std::filesystem::temp_directory_path() / ("rollcall-company-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~CompanyExportTest() override { std::filesystem::remove_all(folder_); }
  std::string Read(const char* name) {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::filesystem::path folder_;
};

TEST_F(CompanyExportTest, ScimExportHasEveryoneInPages) {
  const Company company = Made("people=1001,groups=5,drift=1");
  ASSERT_TRUE(WriteExport(company, ExportFormat::kScim, folder_.string()).ok());
  std::istringstream pages(Read("people.json"));
  std::string line;
  std::vector<size_t> sizes;
  while (std::getline(pages, line)) {
    const json page = json::parse(line);
    EXPECT_EQ(page["totalResults"], 1001);
    EXPECT_EQ(page["itemsPerPage"], page["Resources"].size());
    sizes.push_back(page["Resources"].size());
  }
  EXPECT_THAT(sizes, ::testing::ElementsAre(1000u, 1u));
  EXPECT_EQ(json::parse(Read("groups.json"))["Resources"].size(), 5u);
  EXPECT_EQ(json::parse(Read("drift.json"))["leavers"].size(), 10u);
}

TEST_F(CompanyExportTest, CsvExportHasARowForEveryone) {
  const Company company = Made("people=20,groups=5,drift=0");
  ASSERT_TRUE(WriteExport(company, ExportFormat::kCsv, folder_.string()).ok());
  const std::string people = Read("people.csv");
  EXPECT_EQ(people.substr(0, people.find('\n')), "id,user_name,email,active,department");
  EXPECT_EQ(std::count(people.begin(), people.end(), '\n'), 21);
  const std::string groups = Read("groups.csv");
  EXPECT_EQ(std::count(groups.begin(), groups.end(), '\n'), 1 + 20 * 3);
}

TEST_F(CompanyExportTest, EveryListHasEveryoneAndOnlyItsLastPageNamesNoNextOne) {
  const Company company = Made("people=1001,groups=5,drift=1");
  const std::tuple<ExportFormat, const char*, const char*> formats[] = {
      {ExportFormat::kEntra, "value", "@odata.nextLink"},
      {ExportFormat::kGoogle, "users", "nextPageToken"}};
  for (const auto& [format, list, next] : formats) {
    ASSERT_TRUE(WriteExport(company, format, folder_.string()).ok());
    std::istringstream pages(Read("people.json"));
    std::string line;
    std::vector<size_t> sizes;
    while (std::getline(pages, line)) {
      const json page = json::parse(line);
      sizes.push_back(page[list].size());
      EXPECT_EQ(page.contains(next), sizes.size() == 1);
    }
    EXPECT_THAT(sizes, ::testing::ElementsAre(1000u, 1u));
  }
  ASSERT_TRUE(WriteExport(company, ExportFormat::kOkta, folder_.string()).ok());
  EXPECT_EQ(json::parse(Read("people.json")).size(), 1001u);
  EXPECT_EQ(json::parse(Read("groups.json")).size(), 5u);
}

TEST_F(CompanyExportTest, FolderThatIsNotThereIsAnError) {
  const Company company = Made("people=0,groups=0,drift=0");
  EXPECT_FALSE(WriteExport(company, ExportFormat::kScim, (folder_ / "none").string()).ok());
}

}  // namespace
}  // namespace rollcall::twins
