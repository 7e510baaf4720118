// The Atlassian organisation beside its SCIM directory and Crowd, on the real binary: each change
// is made where the account is owned, what follows by itself is verified and not sent, and what
// cannot be done is said by name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kCloud[] = R"(
  - {id: cloud, people: all, rate: 2000, base_url: "URL/atlassian",
     atlassian_admin: {org_id: o-1, api_key: {env: TWIN_TOKEN}}}
)";
constexpr char kCloudScim[] = R"(
  - {id: cloud-scim, people: all, rate: 2000,
     scim: {url: "URL/scim/v2", token: {env: TWIN_TOKEN}, provisions: cloud}}
)";
constexpr char kCrowd[] = R"(
  - {id: crowd, people: all, rate: 2000, match: {user_name: local_part},
     crowd: {url: "URL/crowd", application: rollcall, password: {env: TWIN_TOKEN}}}
)";

constexpr char kOrganisation[] = R"("organisation": {"id": "o-1", "name": "Example",
    "domains": ["example.com"],
    "directories": [{"id": "dir-main", "name": "Main"}, {"id": "dir-lab", "name": "Lab"}]})";

// Bob stays, so that the export is not empty and guards have a base.
constexpr char kBobsAccount[] =
    R"({"id": "aa-2", "email": "bob@example.com", "directories": ["dir-main"]})";

std::string World(const std::vector<std::string>& accounts,
                  const std::vector<std::string>& records = {}, const std::string& more = "") {
  return absl::StrCat("{", kOrganisation, ", \"cloud_accounts\": [", absl::StrJoin(accounts, ", "),
                      "], \"scim\": {\"scim\": {\"users\": [", absl::StrJoin(records, ", "), "]}}",
                      more, "}");
}

OfficeEstate Estate(const std::string& world, const std::string& directories) {
  OfficeEstate estate;
  estate.world = world;
  estate.directories = directories;
  return estate;
}

constexpr char kAdasRecord[] = R"({"id": "u-1", "userName": "ada@example.com",
    "email": "ada@example.com", "atlassianAccountId": "aa-1"})";
constexpr char kAdasAccount[] = R"({"id": "aa-1", "email": "ada@example.com",
    "owner": "externalDirectory.scim", "directories": ["dir-main", "dir-lab"]})";

std::vector<OfficePerson> AdaLeft() { return {{"p-1", kAda, "", false}, {"p-2", kBob}}; }

int64_t WritesBelow(Office& office, const std::string& path) {
  int64_t writes = 0;
  office.place().Exclusively([&] {
    const nlohmann::json report = office.place().rehearsal().log().Report();
    for (const nlohmann::json& write : report["log"]) {
      writes += absl::StartsWith(write["path"].get<std::string>(), path) ? 1 : 0;
    }
  });
  return writes;
}

bool IsActive(Office& office, const std::string& account) {
  bool active = false;
  office.place().Exclusively(
      [&] { active = office.place().world().cloud_accounts.at(account).active; });
  return active;
}

TEST(OrganisationTest, ALeaverOfScimIsDeactivatedByOnePatchAndBothSidesAreVerified) {
  Office office(
      Estate(World({kAdasAccount, kBobsAccount}, {kAdasRecord}), absl::StrCat(kCloud, kCloudScim)));
  office.Export(AdaLeft());
  const OfficePlan plan = office.Plan();
  EXPECT_THAT(plan.placed, ElementsAre("cloud-scim DEACTIVATE u-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_EQ(WritesBelow(office, "/scim/v2"), 1);
  EXPECT_FALSE(IsActive(office, "aa-1"));
  const OfficePlan again = office.Plan();
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.state, "EMPTY");
}

TEST(OrganisationTest, AnAccountOfItsOwnIsDisabledByTheOrganisation) {
  Office office(Estate(World({R"({"id": "aa-1", "email": "ada@example.com",
                                  "directories": ["dir-main"]})",
                              kBobsAccount}),
                       kCloud));
  office.Export(AdaLeft());
  EXPECT_THAT(office.Plan().placed, ElementsAre("cloud DEACTIVATE aa-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_FALSE(IsActive(office, "aa-1"));
  EXPECT_TRUE(IsActive(office, "aa-2"));
  // She comes back: what Rollcall itself switched off, it switches on.
  office.Export({{"p-1", kAda}, {"p-2", kBob}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_TRUE(IsActive(office, "aa-1"));
}

TEST(OrganisationTest, WhatCannotBeRoutedIsToldApart) {
  Office office(Estate(
      World({R"({"id": "aa-1", "email": "ada@example.com", "owner": "externalDirectory.scim",
                 "directories": ["dir-main"]})",
             kBobsAccount,
             R"({"id": "aa-3", "email": "cyd@example.com", "claimed": false,
                 "directories": ["dir-main"]})",
             R"({"id": "aa-4", "email": "dan@example.com", "owner": "externalDirectory.google",
                 "directories": ["dir-main"]})"},
            // Ada's record names no account; Cyd's does, and the organisation does not manage it.
            {R"({"id": "u-1", "userName": "ada@example.com", "email": "ada@example.com"})",
             R"({"id": "u-3", "userName": "cyd@example.com", "email": "cyd@example.com",
                 "atlassianAccountId": "aa-3"})"}),
      absl::StrCat(kCloud, kCloudScim)));
  office.Export({{"p-1", kAda, "", false},
                 {"p-2", kBob},
                 {"p-3", "cyd@example.com", "", false},
                 {"p-4", "dan@example.com", "", false}});
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.placed, ElementsAre("cloud-scim DEACTIVATE u-1", "cloud-scim DEACTIVATE u-3"));
  EXPECT_THAT(plan.findings, Contains("scim_unlinked: p-1"));
  EXPECT_THAT(plan.findings, Contains("unclaimed_accounts: p-3"));
  EXPECT_THAT(plan.findings, Contains("blocked_route: p-4"));
  const ChildResult shown = office.place().Rollcall({"plan"});
  EXPECT_THAT(shown.out, HasSubstr("externalDirectory.google"));
  EXPECT_THAT(shown.out, HasSubstr("externalDirectory.scim"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 4) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 2);
  EXPECT_TRUE(IsActive(office, "aa-3"));
  EXPECT_TRUE(IsActive(office, "aa-4"));
}

TEST(OrganisationTest, AnOwnerThatIsNotConfiguredIsNamed) {
  Office office(Estate(World({kAdasAccount, kBobsAccount}, {kAdasRecord}), kCloud));
  office.Export(AdaLeft());
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.placed, IsEmpty());
  EXPECT_THAT(plan.findings, ElementsAre("blocked_route: p-1", "owner_not_configured: p-1"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 4);
  EXPECT_EQ(office.place().Writes(), 0);
}

TEST(OrganisationTest, ALeaverEverywhereGetsExactlyTheChangesThatAreMissing) {
  Office office(
      Estate(World({R"({"id": "aa-1", "email": "ada@example.com", "owner": "externalDirectory.scim",
                 "directories": {"dir-main": "active", "dir-lab": "suspended"}})",
                    kBobsAccount},
                   {kAdasRecord},
                   R"(, "crowd": {"crowd": {"users": [{"name": "ada", "external-id": "x1"},
                                               {"name": "bob", "external-id": "x2"}]}})"),
             absl::StrCat(kCrowd, kCloud, kCloudScim)));
  office.Export(AdaLeft());
  EXPECT_THAT(office.Plan().placed,
              ElementsAre("crowd DEACTIVATE 1:x1", "cloud-scim DEACTIVATE u-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 2);
  EXPECT_EQ(office.Plan().state, "EMPTY");
}

// A record under a name of its own, which the SCIM directory itself would leave alone; the
// organisation says that it may disable the account, and refuses when it should.
TEST(OrganisationTest, ARefusalWhileApplyingIsReroutedOnceThroughTheOwner) {
  OfficeEstate estate =
      Estate(World({kAdasAccount, kBobsAccount},
                   {R"({"id": "u-1", "userName": "old-0815", "atlassianAccountId": "aa-1"})"}),
             absl::StrCat(kCloud, kCloudScim));
  estate.org_quirks = {"privileges_lie"};
  Office office(estate);
  office.Export(AdaLeft());
  EXPECT_THAT(office.Plan().placed, ElementsAre("cloud DEACTIVATE aa-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("cloud-scim"));
  EXPECT_FALSE(IsActive(office, "aa-1"));
  EXPECT_EQ(WritesBelow(office, "/atlassian"), 1);
  EXPECT_EQ(WritesBelow(office, "/scim/v2"), 1);
}

TEST(OrganisationTest, ARefusalWhileApplyingIsReportedWhereTheOwnerIsNotConfigured) {
  OfficeEstate estate = Estate(World({kAdasAccount, kBobsAccount}), kCloud);
  estate.org_quirks = {"privileges_lie"};
  Office office(estate);
  office.Export(AdaLeft());
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 1) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("externalDirectory.scim"));
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_TRUE(IsActive(office, "aa-1"));
}

// What the organisation shows late is waited for, and not taken for a failure.
TEST(OrganisationTest, AnEffectThatShowsLateIsWaitedFor) {
  std::string world = World({kAdasAccount, kBobsAccount}, {kAdasRecord});
  const std::string without = R"("name": "Example",)";
  world.insert(world.find(without), R"("propagation": {"reads": 2}, )");
  Office office(Estate(world, absl::StrCat(kCloud, kCloudScim)));
  office.Export(AdaLeft());
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
}

TEST(OrganisationTest, AnAdministratorWhoLeavesIsToldWithTheCureAndNotTouched) {
  Office office(Estate(World({R"({"id": "aa-1", "email": "ada@example.com",
                                  "roles": ["atlassian/org-admin"], "directories": ["dir-main"]})",
                              kBobsAccount}),
                       kCloud));
  office.Export(AdaLeft());
  const OfficePlan plan = office.Plan();
  EXPECT_THAT(plan.placed, IsEmpty());
  EXPECT_THAT(plan.findings, Contains("blocked_route: p-1"));
  const ChildResult shown = office.place().Rollcall({"plan"});
  EXPECT_EQ(shown.exit_code, 2);
  EXPECT_THAT(shown.out, HasSubstr("administers the organisation"));
  EXPECT_THAT(shown.out, HasSubstr("role"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 4);
  EXPECT_EQ(office.place().Writes(), 0);
}

// Two groups of the organisation: one of its own, and one that SCIM carries along.
class OrganisationGroupsTest : public testing::Test {
 protected:
  static OfficeEstate WithGroups(const std::string& groups) {
    std::string world = World({kAdasAccount, kBobsAccount}, {kAdasRecord});
    const std::string name = R"("name": "Example",)";
    world.insert(world.find(name), R"("groups": [
        {"id": "og-own", "name": "own", "directory": "dir-main", "members": ["aa-2"]},
        {"id": "og-staff", "name": "staff", "directory": "dir-main", "synced_by": "scim"}], )");
    const std::string users = R"("scim": {"scim": {)";
    world.insert(world.find(users) + users.size(),
                 R"("groups": [{"id": "sg-staff", "displayName": "staff"}], )");
    OfficeEstate estate = Estate(world, absl::StrCat(kCloud, kCloudScim));
    estate.more_config += absl::StrCat("groups: [", groups, "]\n");
    return estate;
  }
  static std::set<std::string> MembersOf(Office& office, const std::string& group) {
    std::set<std::string> members;
    office.place().Exclusively(
        [&] { members = office.place().world().organisation->groups.at(group).members; });
    return members;
  }
};

TEST_F(OrganisationGroupsTest, ItsOwnGroupIsChangedByItself) {
  Office office(WithGroups("{export: own, directory: cloud}"));
  office.Export({{"p-1", kAda, "", true, "own"}, {"p-2", kBob}});
  EXPECT_THAT(office.Plan().placed,
              ElementsAre("cloud REMOVE_MEMBERSHIP aa-2", "cloud ADD_MEMBERSHIP aa-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 2);
  EXPECT_THAT(MembersOf(office, "og-own"), ElementsAre("aa-1"));
  EXPECT_EQ(office.Plan().state, "EMPTY");
}

TEST_F(OrganisationGroupsTest, ASyncedGroupIsChangedThroughScimAndFollows) {
  Office office(WithGroups("{export: staff, directory: cloud}"));
  office.Export({{"p-1", kAda, "", true, "staff"}, {"p-2", kBob}});
  EXPECT_THAT(office.Plan().placed, ElementsAre("cloud-scim ADD_MEMBERSHIP u-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_THAT(MembersOf(office, "og-staff"), ElementsAre("aa-1"));
  EXPECT_EQ(office.Plan().state, "EMPTY");
}

TEST_F(OrganisationGroupsTest, AGroupOfBothIsChangedOnceInScim) {
  Office office(
      WithGroups("{export: staff, directory: cloud}, "
                 "{export: staff, directory: cloud-scim}"));
  office.Export({{"p-1", kAda, "", true, "staff"}, {"p-2", kBob}});
  EXPECT_THAT(office.Plan().placed, ElementsAre("cloud-scim ADD_MEMBERSHIP u-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_THAT(MembersOf(office, "og-staff"), ElementsAre("aa-1"));
  EXPECT_EQ(office.Plan().state, "EMPTY");
}

class HalfSuspendedGuestTest : public testing::TestWithParam<const char*> {};

// The listing may show the status of the whole organisation only.
TEST_P(HalfSuspendedGuestTest, IsSuspendedWhereHeStillHasAccess) {
  OfficeEstate estate =
      Estate(World({R"({"id": "aa-1", "email": "ada@example.com", "claimed": false,
                        "directories": {"dir-main": "suspended", "dir-lab": "active"}})",
                    kBobsAccount}),
             kCloud);
  estate.more_config += "policy: {unclaimed_accounts: suspend}\n";
  if (*GetParam() != '\0') estate.org_quirks = {GetParam()};
  Office office(estate);
  office.Export(AdaLeft());
  EXPECT_THAT(office.Plan().placed, ElementsAre("cloud DEACTIVATE aa-1"));
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_EQ(
      WritesBelow(office, "/atlassian/admin/v2/orgs/o-1/directories/dir-lab/users/aa-1/suspend"),
      1);
  EXPECT_EQ(office.Plan().state, "EMPTY");
}

INSTANTIATE_TEST_SUITE_P(Listings, HalfSuspendedGuestTest,
                         testing::Values("", "status_per_directory"));

TEST(OrganisationTest, WhileItAnswers503NothingIsPlannedForItAndItsScimPartner) {
  Office office(
      Estate(World({kAdasAccount, kBobsAccount}, {kAdasRecord},
                   R"(, "crowd": {"crowd": {"users": [{"name": "ada", "external-id": "x1"},
                                               {"name": "bob", "external-id": "x2"}]}})"),
             absl::StrCat(kCrowd, kCloud, kCloudScim)));
  office.Export(AdaLeft());
  office.place().Exclusively([&] {
    twins::FaultRule rule;
    rule.path = "/atlassian/admin/*";
    rule.times = 0;
    rule.effect.kind = twins::FaultEffect::Kind::kAnswer;
    rule.effect.status = 503;
    office.place().rehearsal().faults().Add(rule);
  });
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 6) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_EQ(WritesBelow(office, "/crowd"), 1);
  EXPECT_TRUE(IsActive(office, "aa-1"));
  office.place().Exclusively([&] { office.place().rehearsal().set_faults({}); });
  const ChildResult next = office.RunOnSchedule();
  EXPECT_EQ(next.exit_code, 0) << next.out << next.err;
  EXPECT_FALSE(IsActive(office, "aa-1"));
}

}  // namespace
}  // namespace rollcall
