// A Jira Cloud site beside the organisation behind it and its SCIM directory, on the real binary:
// what follows by itself is verified and not sent, what is the site's own is given and taken there,
// and what a site cannot do is said by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kSite[] = R"(
  - {id: site, people: all, rate: 2000, identity: aa-9,
     jira: {url: "URL/jira/site", email: admin@example.com, api_token: {env: TWIN_TOKEN}}}
)";
// The site's own access, given by a group or by a product.
constexpr char kOwnSite[] = R"(
  - {id: site, people: all, rate: 2000, identity: aa-9,
     policy: {site_access: follow_activity, activate: all},
     jira: {url: "URL/jira/site", email: admin@example.com, api_token: {env: TWIN_TOKEN},
            access_groups: [jira-users]}}
)";
constexpr char kOwnSiteByProduct[] = R"(
  - {id: site, people: all, rate: 2000, identity: aa-9,
     policy: {site_access: follow_activity, activate: all},
     jira: {url: "URL/jira/site", email: admin@example.com, api_token: {env: TWIN_TOKEN},
            products: [jira-software]}}
)";
constexpr char kCloud[] = R"(
  - {id: cloud, people: all, rate: 2000, base_url: "URL/atlassian", identity: aa-9,
     atlassian_admin: {org_id: o-1, api_key: {env: TWIN_TOKEN}}}
)";
constexpr char kScim[] = R"(
  - {id: cloud-scim, people: all, rate: 2000,
     scim: {url: "URL/scim/v2", token: {env: TWIN_TOKEN}, provisions: cloud}}
)";

// Ada and Bob, with records that name their accounts, and the administrator, who is nobody's.
constexpr char kWorld[] = R"({
  "organisation": {"id": "o-1", "name": "Example", "domains": ["example.com"],
    "directories": [{"id": "dir-main", "name": "Main"}],
    "groups": [{"id": "g-users", "name": "jira-users", "members": ["aa-1", "aa-2"]},
               {"id": "g-team", "name": "team", "members": ["aa-2"]},
               {"id": "g-sync", "name": "crew", "members": ["aa-1", "aa-2"],
                "synced_by": "scim"}]},
  "cloud_accounts": [
    {"id": "aa-1", "email": "ada@example.com", "directories": ["dir-main"]},
    {"id": "aa-2", "email": "bob@example.com", "directories": ["dir-main"]},
    {"id": "aa-9", "email": "admin@example.com", "directories": ["dir-main"]}],
  "scim": {"scim": {
    "users": [{"id": "u-1", "userName": "ada@example.com", "email": "ada@example.com",
               "atlassianAccountId": "aa-1"},
              {"id": "u-2", "userName": "bob@example.com", "email": "bob@example.com",
               "atlassianAccountId": "aa-2"}],
    "groups": [{"id": "sg-crew", "displayName": "crew", "members": ["u-1", "u-2"]}]}},
  "sites": {"site": {"id": "cloud-1", "directory": "dir-main", "admins": ["aa-9"],
                     "access_groups": ["jira-users"]}}})";

OfficeEstate SiteEstate(const std::string& directories, const std::string& more = "") {
  OfficeEstate estate;
  estate.world = kWorld;
  estate.directories = directories;
  estate.more_config += more;
  return estate;
}

std::vector<OfficePerson> Staff(bool ada_is_active, const std::string& adas_group = "") {
  return {{"p-1", kAda, "", ada_is_active, adas_group}, {"p-2", kBob, "", true, "team"}};
}

std::set<std::string> GroupOf(Office& office, const std::string& id) {
  std::set<std::string> members;
  office.place().Exclusively(
      [&] { members = office.place().world().organisation->groups.at(id).members; });
  return members;
}

bool AccountIsActive(Office& office, const std::string& id) {
  bool active = false;
  office.place().Exclusively([&] { active = office.place().world().cloud_accounts.at(id).active; });
  return active;
}

bool WasTakenOff(Office& office, const std::string& id) {
  bool off = false;
  office.place().Exclusively(
      [&] { off = office.place().world().sites.at("site").removed.count(id) > 0; });
  return off;
}

int64_t WritesAt(Office& office, const std::string& path) {
  int64_t writes = 0;
  office.place().Exclusively([&] {
    const nlohmann::json report = office.place().rehearsal().log().Report();
    for (const nlohmann::json& write : report["log"]) {
      writes += absl::StartsWith(write["path"].get<std::string>(), path) ? 1 : 0;
    }
  });
  return writes;
}

void ExpectInStep(Office& office) {
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_EQ(plan.state, "EMPTY");
}

TEST(SiteTest, ALeaverIsDisabledByOneChangeAndTheSiteFollows) {
  for (const bool has_scim : {true, false}) {
    Office office(SiteEstate(absl::StrCat(kCloud, has_scim ? kScim : "", kSite)));
    if (!has_scim) office.place().Exclusively([&] { office.place().world().scim.clear(); });
    office.Export(Staff(false));
    const OfficePlan plan = office.Plan();
    EXPECT_THAT(plan.placed,
                ElementsAre(has_scim ? "cloud-scim DEACTIVATE u-1" : "cloud DEACTIVATE aa-1"));
    const ChildResult shown = office.place().Rollcall({"plan"});
    EXPECT_THAT(shown.out, HasSubstr("site"));
    const ChildResult run = office.RunOnSchedule();
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_EQ(office.place().Writes(), 1);
    EXPECT_EQ(WritesAt(office, "/jira"), 0);
    EXPECT_FALSE(AccountIsActive(office, "aa-1"));
    EXPECT_TRUE(AccountIsActive(office, "aa-2"));
    ExpectInStep(office);
  }
}

TEST(SiteTest, AHiddenEmailIsKnownByItsAccountsIdInTheOrganisation) {
  OfficeEstate estate =
      SiteEstate(absl::StrCat(kCloud, kSite), "groups: [{export: team, directory: site}]\n");
  estate.jira_quirks = {"email_hidden"};
  Office office(estate);
  office.Export(Staff(true, "team"));
  EXPECT_THAT(office.Plan().placed, ElementsAre("site ADD_MEMBERSHIP aa-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(GroupOf(office, "g-team"), ElementsAre("aa-1", "aa-2"));
  ExpectInStep(office);
}

// Without the organisation nobody knows whose account it is: that is said, and nothing is guessed.
TEST(SiteTest, AHiddenEmailThatNothingElseKnowsIsCounted) {
  Office office(SiteEstate(kOwnSite));
  office.place().Exclusively(
      [&] { office.place().world().cloud_accounts.at("aa-1").email_hidden = true; });
  office.Export(Staff(false));
  const OfficePlan plan = office.Plan();
  EXPECT_THAT(plan.placed, IsEmpty());
  EXPECT_THAT(plan.findings, Contains(HasSubstr("oddity")));
  const ChildResult shown = office.place().Rollcall({"plan"});
  EXPECT_THAT(shown.out, HasSubstr("a leaver among them is not seen"));
}

TEST(SiteTest, AMembershipIsAddedThroughTheSiteAndTheOrganisationHasIt) {
  Office office(SiteEstate(kSite, "groups: [{export: team, directory: site}]\n"));
  office.Export(Staff(true, "team"));
  EXPECT_THAT(office.Plan().placed, ElementsAre("site ADD_MEMBERSHIP aa-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_THAT(GroupOf(office, "g-team"), ElementsAre("aa-1", "aa-2"));
  ExpectInStep(office);
  // And is taken from her again.
  office.Export(Staff(true));
  EXPECT_THAT(office.Plan().placed, ElementsAre("site REMOVE_MEMBERSHIP aa-1"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(GroupOf(office, "g-team"), ElementsAre("aa-2"));
  ExpectInStep(office);
}

class SiteAccessTest : public testing::TestWithParam<const char*> {};

TEST_P(SiteAccessTest, IsTakenFromWhoLeavesAndGivenToWhoComesBack) {
  Office office(SiteEstate(GetParam()));
  office.Export(Staff(false));
  EXPECT_THAT(office.Plan().placed, ElementsAre("site DEACTIVATE aa-1"));
  const ChildResult leaves = office.RunOnSchedule();
  EXPECT_EQ(leaves.exit_code, 0) << leaves.out << leaves.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_TRUE(WasTakenOff(office, "aa-1"));
  EXPECT_FALSE(WasTakenOff(office, "aa-2"));
  EXPECT_TRUE(AccountIsActive(office, "aa-1"));  // the account is the organisation's
  ExpectInStep(office);
  office.Export(Staff(true));
  EXPECT_THAT(office.Plan().placed, ElementsAre("site ACTIVATE aa-1"));
  const ChildResult returns = office.RunOnSchedule();
  EXPECT_EQ(returns.exit_code, 0) << returns.out << returns.err;
  EXPECT_EQ(office.place().Writes(), 2);
  EXPECT_FALSE(WasTakenOff(office, "aa-1"));
  EXPECT_THAT(GroupOf(office, "g-users"), ElementsAre("aa-1", "aa-2"));
  ExpectInStep(office);
}

INSTANTIATE_TEST_SUITE_P(Ways, SiteAccessTest, testing::Values(kOwnSite, kOwnSiteByProduct));

TEST(SiteTest, WhoCannotBeGivenBackByHerAddressIsRefusedWithTheWay) {
  for (const char* quirk : {"revive_500", "create_exists_400"}) {
    OfficeEstate estate = SiteEstate(kOwnSiteByProduct);
    estate.jira_quirks = {quirk};
    Office office(estate);
    office.place().Exclusively([&] {
      office.place().world().sites.at("site").removed = {"aa-1"};
      office.place().world().organisation->groups.at("g-users").members.erase("aa-1");
    });
    office.Export(Staff(true));
    EXPECT_THAT(office.Plan().placed, ElementsAre("site ACTIVATE aa-1"));
    const ChildResult run = office.RunOnSchedule();
    EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr("access_groups"));
    EXPECT_EQ(office.place().Writes(), 1);
    EXPECT_TRUE(WasTakenOff(office, "aa-1"));
  }
}

// The organisation's answer and the site's do not agree about who owns the group.
OfficeEstate OwnedElsewhere(const std::string& directories, const std::string& refusal) {
  OfficeEstate estate =
      SiteEstate(directories, "groups: [{export: crew, directory: site, may_be_empty: true}]\n");
  estate.jira_quirks = {"external_user_management"};
  if (!refusal.empty()) estate.jira_quirks.push_back(refusal);
  return estate;
}

// Nobody can see that the group is synchronised; its members follow the SCIM directory all the
// same.
void HideWhatIsSynced(Office& office) {
  office.place().Exclusively(
      [&] { office.place().world().organisation->groups.at("g-sync").synced = false; });
}

std::vector<OfficePerson> BobIsTheCrew() {
  return {{"p-1", kAda}, {"p-2", kBob, "", true, "crew"}};
}

TEST(SiteTest, ExternalUserManagementIsReroutedThroughTheRecord) {
  for (const char* refusal : {"", "external_403"}) {
    Office office(OwnedElsewhere(absl::StrCat(kCloud, kScim, kSite), refusal));
    HideWhatIsSynced(office);
    office.Export(BobIsTheCrew());
    EXPECT_THAT(office.Plan().placed, ElementsAre("site REMOVE_MEMBERSHIP aa-1"));
    const ChildResult shown = office.place().Rollcall({"plan", "--format", "json"});
    EXPECT_THAT(shown.out, HasSubstr("reroute"));
    const ChildResult run = office.RunOnSchedule();
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr("cloud-scim"));
    EXPECT_EQ(WritesAt(office, "/jira"), 1);
    EXPECT_EQ(WritesAt(office, "/scim/v2"), 1);
    EXPECT_THAT(GroupOf(office, "g-sync"), ElementsAre("aa-2"));
    ExpectInStep(office);
  }
}

TEST(SiteTest, ExternalUserManagementIsRefusedWithAdviceWhereThereIsNoRecord) {
  for (const char* refusal : {"", "external_403"}) {
    Office office(OwnedElsewhere(kSite, refusal));
    office.Export(BobIsTheCrew());
    const ChildResult run = office.RunOnSchedule();
    EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr("external user management"));
    EXPECT_THAT(run.out, HasSubstr("(R4)"));
    EXPECT_EQ(office.place().Writes(), 1);
    EXPECT_THAT(GroupOf(office, "g-sync"), ElementsAre("aa-1", "aa-2"));
  }
}

// What is known to be synchronised is not tried at the site at all.
TEST(SiteTest, ASyncedGroupOfASiteIsChangedThroughScim) {
  Office office(OwnedElsewhere(absl::StrCat(kCloud, kScim, kSite), ""));
  office.Export(BobIsTheCrew());
  EXPECT_THAT(office.Plan().placed, ElementsAre("cloud-scim REMOVE_MEMBERSHIP u-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(WritesAt(office, "/jira"), 0);
  EXPECT_THAT(GroupOf(office, "g-sync"), ElementsAre("aa-2"));
  ExpectInStep(office);
}

TEST(SiteTest, ADataCenterThatIsConfiguredByMistakeIsNamed) {
  for (const char* json : {"", "data_center_json"}) {
    OfficeEstate estate = SiteEstate(kSite);
    estate.jira_quirks = {"data_center"};
    if (*json != '\0') estate.jira_quirks.push_back(json);
    Office office(estate);
    office.Export(Staff(false));
    const ChildResult check = office.place().Rollcall({"check"});
    EXPECT_EQ(check.exit_code, 1) << check.out << check.err;
    EXPECT_THAT(check.out + check.err, HasSubstr("Jira Data Center"));
    EXPECT_THAT(check.out + check.err, HasSubstr("crowd"));
    const OfficePlan plan = office.Plan();
    EXPECT_EQ(plan.exit_code, 6);
    EXPECT_THAT(plan.findings, Contains(HasSubstr("unreadable_directory")));
    const ChildResult shown = office.place().Rollcall({"plan"});
    EXPECT_THAT(shown.out + shown.err, HasSubstr("Jira Data Center"));
    EXPECT_EQ(office.place().Writes(), 0);
  }
}

TEST(SiteTest, CheckNamesWhatTheTokenMayNotDo) {
  const struct {
    const char* quirk;
    const char* says;
  } faults[] = {{"browse_forbidden", "Browse users and groups"},
                {"not_admin", "Administer Jira"},
                {"html_200", "Log in with Atlassian account"}};
  for (const auto& fault : faults) {
    OfficeEstate estate = SiteEstate(kSite);
    estate.jira_quirks = {fault.quirk};
    Office office(estate);
    office.Export(Staff(true));
    const ChildResult check = office.place().Rollcall({"check"});
    EXPECT_EQ(check.exit_code, 1) << check.out << check.err;
    EXPECT_THAT(check.out + check.err, HasSubstr(fault.says));
  }
  Office office(SiteEstate(kSite));
  office.Export(Staff(true));
  const ChildResult check = office.place().Rollcall({"check"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  EXPECT_EQ(office.place().Writes(), 0);
}

TEST(SiteTest, AWrongTokenReadsNothingAndIsNamed) {
  OfficeEstate estate = SiteEstate(kSite);
  estate.jira_quirks = {"anonymous_reads"};
  Office office(estate);
  office.Export(Staff(false));
  office.place().Write("token", "another");
  const ChildResult plan = office.place().Rollcall({"plan"});
  EXPECT_EQ(plan.exit_code, 6) << plan.out << plan.err;
  EXPECT_THAT(plan.out + plan.err, HasSubstr("api_token"));
  EXPECT_EQ(office.place().Writes(), 0);
}

}  // namespace
}  // namespace rollcall
