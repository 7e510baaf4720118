// Every oddity of a Jira site (tests/twins/jira_quirks.h) through check, apply and plan, with
// somebody who leaves, somebody who comes back and a membership to add and one to remove: the
// result is right, or it is refused with a sentence that names the cure. Nobody else is ever
// touched, and who is left in is never called "in step".
#include "tests/twins/jira_quirks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using twins::JiraQuirk;
using twins::JiraQuirkInfo;

// Ada left; Eve comes back, and was taken off the site; Bob and Fay stay. Fay joins the team, and
// Gus, whom the export does not put there, leaves it.
constexpr char kSiteWorld[] = R"({"organisation": {"id": "o-1", "name": "Example",
    "domains": ["example.com"], "directories": [{"id": "dir-main", "name": "Main"}],
    "groups": [{"id": "g-users", "name": "jira-users",
                "members": ["aa-1", "aa-2", "aa-4", "aa-5"]},
               {"id": "g-team", "name": "team", "members": ["aa-2", "aa-5"]}]},
  "cloud_accounts": [
    {"id": "aa-1", "email": "ada@example.com", "directories": ["dir-main"]},
    {"id": "aa-2", "email": "bob@example.com", "directories": ["dir-main"]},
    {"id": "aa-3", "email": "eve@example.com", "directories": ["dir-main"]},
    {"id": "aa-4", "email": "fay@example.com", "directories": ["dir-main"]},
    {"id": "aa-5", "email": "gus@example.com", "directories": ["dir-main"]},
    {"id": "aa-9", "email": "admin@example.com", "directories": ["dir-main"]}],
  "sites": {"site": {"id": "cloud-1", "directory": "dir-main", "admins": ["aa-9"],
                     "removed": ["aa-3"], "access_groups": ["jira-users"]}}})";
constexpr char kRightSite[] = "off: aa-1, users: aa-2 aa-3 aa-4 aa-5, team: aa-2 aa-4";

std::vector<OfficePerson> SitePeople() {
  return {{"p-1", kAda, "", false},
          {"p-2", kBob, "", true, "team"},
          {"p-3", "eve@example.com"},
          {"p-4", "fay@example.com", "", true, "team"},
          {"p-5", "gus@example.com"}};
}

// What comes of a quirk that does not let everything be made right.
struct RefusedSite {
  JiraQuirk quirk;
  int apply;             // exit code
  const char* sentence;  // with the cure
  int check = 0;
};

constexpr RefusedSite kRefusedSites[] = {
    {JiraQuirk::kBrowseForbidden, 6, "Browse users and groups", 1},
    {JiraQuirk::kNotAdmin, 1, "administrator of the site", 1},
    {JiraQuirk::kHtml200, 6, "check `url`", 1},
    {JiraQuirk::kDataCenter, 6, "kind `crowd`", 1},
    {JiraQuirk::kUsersSearch409, 6, "took longer than 10 seconds", 1},
    {JiraQuirk::kShortPages, 6, "try again when nobody changes"},
    {JiraQuirk::kShiftedPages, 6, "try again when nobody changes"},
    {JiraQuirk::kRepeatedRows, 6, "try again when nobody changes"},
    {JiraQuirk::kEmailHidden, 4, "configure the SCIM directory"},
    {JiraQuirk::kExternalUserManagement, 1, "(R4)"},
    {JiraQuirk::kDeleteUser400, 4, "Atlassian Administration"},  // the rest is done
};

const RefusedSite* FindRefusedSite(JiraQuirk quirk) {
  for (const RefusedSite& refused : kRefusedSites) {
    if (refused.quirk == quirk) return &refused;
  }
  return nullptr;
}

OfficeEstate SiteQuirkEstate(const JiraQuirkInfo& info) {
  OfficeEstate estate;
  estate.world = kSiteWorld;
  estate.directories =
      "  - {id: site, people: all, rate: 2000, page_size: 2, identity: aa-9,\n"
      "     policy: {activate: all, site_access: follow_activity},\n"
      "     jira: {url: \"URL/jira/site\", email: admin@example.com,\n"
      "            api_token: {env: TWIN_TOKEN}, access_groups: [jira-users]}}\n";
  estate.more_config =
      "groups: [{export: team, directory: site}]\n"
      "guards: {first_run: false, shrunken_export: false, max_group_removals: false}\n";
  estate.jira_quirks = {info.name};
  return estate;
}

std::string DescribeSite(Office& office) {
  std::string text = "off:";
  office.place().Exclusively([&] {
    const twins::World& world = office.place().world();
    for (const std::string& id : world.sites.at("site").removed) absl::StrAppend(&text, " ", id);
    for (const char* group : {"users", "team"}) {
      absl::StrAppend(&text, ", ", group, ":");
      for (const std::string& id :
           world.organisation->groups.at(absl::StrCat("g-", group)).members) {
        absl::StrAppend(&text, " ", id);
      }
    }
    for (const auto& [id, account] : world.cloud_accounts) EXPECT_TRUE(account.active) << id;
  });
  return text;
}

class JiraQuirksTest : public testing::TestWithParam<JiraQuirkInfo> {};

TEST_P(JiraQuirksTest, EndsRightOrSaysWhatToDo) {
  Office office(SiteQuirkEstate(GetParam()));
  office.Export(SitePeople());
  const RefusedSite* refused = FindRefusedSite(GetParam().quirk);
  const ChildResult check = office.place().Rollcall({"check"});
  EXPECT_EQ(check.exit_code, refused == nullptr ? 0 : refused->check) << check.out << check.err;
  EXPECT_EQ(office.place().Writes(), 0);
  const ChildResult run = office.RunOnSchedule();
  const std::string world = DescribeSite(office);
  const OfficePlan next = office.Plan();
  // Whatever happens, these stay.
  EXPECT_THAT(world, HasSubstr("team: aa-2"));
  if (refused == nullptr) {
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_EQ(world, kRightSite);
    EXPECT_EQ(next.exit_code, 0);
    EXPECT_EQ(next.state, "EMPTY");
    return;
  }
  EXPECT_EQ(run.exit_code, refused->apply) << run.out << run.err;
  EXPECT_THAT(absl::StrCat(run.out, run.err), HasSubstr(refused->sentence));
  EXPECT_NE(world, kRightSite);
  EXPECT_NE(next.exit_code, 0) << "somebody is still in, or still out";
}

std::vector<JiraQuirkInfo> EachJiraQuirk() {
  std::vector<JiraQuirkInfo> quirks;
  for (const JiraQuirkInfo& info : twins::AllJiraQuirks()) {
    // Every call is refused, and waited for, for minutes: seen in tests/clients/jira.
    if (info.quirk != JiraQuirk::kEdge429) quirks.push_back(info);
  }
  return quirks;
}

INSTANTIATE_TEST_SUITE_P(Each, JiraQuirksTest, testing::ValuesIn(EachJiraQuirk()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rollcall
