// What happened to users of other tools, each incident by its name, on the real binary: what did
// them harm must do none here. tests/scenarios/README.md says where each of them is shown; here are
// those that are about the whole program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr char kCyd[] = "cyd@example.com";

// Small limits would stop a small office.
constexpr char kNoLimits[] =
    "guards: {first_run: false, shrunken_export: false, max_deactivations: false,\n"
    "         max_removals: false, max_additions: false, max_group_removals: false,\n"
    "         emptied_group: false, privileged: false}\n";

std::string ScimEntry(const std::string& policy = "activate: own") {
  return absl::StrCat("\n  - {id: corp, people: all, rate: 2000, policy: {", policy,
                      "},\n     scim: {url: \"URL/scim/v2\", token: {env: TWIN_TOKEN}}}\n");
}

std::string CrowdEntry() {
  return "\n  - {id: crowd, people: all, rate: 2000, match: {user_name: local_part},\n"
         "     crowd: {url: \"URL/crowd\", application: rollcall, password: {env: TWIN_TOKEN}}}\n";
}

std::string ScimUserJson(int number, const std::string& name, bool active = true) {
  return absl::StrCat(R"({"id": "u-)", number, R"(", "userName": ")", name, R"(", "email": ")",
                      name, R"(", "active": )", active ? "true" : "false", "}");
}

// The members are ids: "u-1".
std::string ScimWorld(const std::vector<std::string>& users, const std::string& group = "",
                      const std::vector<std::string>& members = {}) {
  std::string groups;
  if (!group.empty()) {
    groups = absl::StrCat(R"({"id": "g-1", "displayName": ")", group, R"(", "members": [)",
                          members.empty() ? "" : "\"", absl::StrJoin(members, "\", \""),
                          members.empty() ? "" : "\"", "]}");
  }
  return absl::StrCat(R"({"scim": {"scim": {"users": [)", absl::StrJoin(users, ", "),
                      R"(], "groups": [)", groups, "]}}}");
}

std::vector<std::string> AdaBobAndCyd() {
  return {ScimUserJson(1, kAda), ScimUserJson(2, kBob), ScimUserJson(3, kCyd)};
}

OfficeEstate Estate(const std::string& world, const std::string& directories,
                    const std::string& more_config = kNoLimits) {
  OfficeEstate estate;
  estate.world = world;
  estate.directories = directories;
  estate.more_config = more_config;
  return estate;
}

std::string Numbered(int number) { return absl::StrCat("person", number, "@example.com"); }

// Members of the SCIM group, in the order of the twin.
std::vector<std::string> Members(Office& office, const std::string& group = "g-1") {
  std::vector<std::string> members;
  office.place().Exclusively(
      [&] { members = office.place().world().scim["scim"].FindGroup(group)->members; });
  return members;
}

void Replace(Office& office, const std::string& was, const std::string& is) {
  std::string config = office.place().Read("rollcall.yaml");
  const size_t at = config.find(was);
  ASSERT_NE(at, std::string::npos);
  office.place().Write("rollcall.yaml", config.replace(at, was.size(), is));
}

void Fail(Office& office, twins::FaultRule rule) {
  office.place().Exclusively([&] { office.place().rehearsal().faults().Add(std::move(rule)); });
}

void ExpectNoFaultIsLeft(Office& office) {
  office.place().Exclusively(
      [&] { EXPECT_THAT(office.place().rehearsal().faults().Unmet(), IsEmpty()); });
}

// The outcomes of the run that a JSON document tells of, "c1 APPLIED".
std::vector<std::string> Outcomes(const ChildResult& run) {
  std::vector<std::string> outcomes;
  const nlohmann::json document = nlohmann::json::parse(run.out, nullptr, false);
  EXPECT_TRUE(document.is_object()) << run.out << run.err;
  if (!document.is_object()) return outcomes;
  for (const nlohmann::json& outcome : document["outcomes"]) {
    outcomes.push_back(outcome["state"].get<std::string>());
  }
  return outcomes;
}

// --- The export -------------------------------------------------------------------------------

TEST(IncidentTest, ASourceThatFailsInMidReadIsNoExport) {
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}});
  office.Export({{"p-1", kAda}});  // Bob would have come next
  Replace(office, "people: people.jsonl",
          "people: {exec: [/bin/sh, -c, \"cat people.jsonl; exit 3\"]}");
  const ChildResult plan = office.place().Rollcall({"plan", "--out", "plan.json"});
  EXPECT_EQ(plan.exit_code, 6) << plan.out;
  EXPECT_THAT(plan.err, HasSubstr("/bin/sh"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 6);
  EXPECT_EQ(office.place().Requests(), 0);
}

TEST(IncidentTest, ADirectoryThatFailsInMidReadIsLeftAsItIs) {
  std::vector<std::string> users;
  std::vector<OfficePerson> people;
  for (int i = 1; i <= 250; ++i) {
    users.push_back(ScimUserJson(i, Numbered(i)));
    people.push_back({absl::StrCat("p-", i), Numbered(i), "", i > 1});
  }
  Office office(Estate(ScimWorld(users), ScimEntry("unowned: deactivate")));
  office.Export(people);
  twins::FaultRule rule;
  rule.method = "GET";
  rule.path = "*/Users*";
  rule.nth = 2;
  rule.times = 0;
  rule.effect.kind = twins::FaultEffect::Kind::kAnswer;
  rule.effect.status = 404;
  rule.effect.body = "[]";
  Fail(office, rule);
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 6) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("unreadable_directory"));
  EXPECT_EQ(office.place().Writes(), 0);
}

// The provider's filter was narrowed by mistake: eight of twenty are not exported any more.
TEST(IncidentTest, AFilterOfTheExportThatLosesPeopleLocksNobodyOut) {
  OfficeAccounts accounts;
  std::vector<OfficePerson> all;
  for (int i = 1; i <= 20; ++i) {
    accounts.push_back({absl::StrCat("a-", i), Numbered(i)});
    all.push_back({absl::StrCat("p-", i), Numbered(i)});
  }
  Office office(accounts);
  Replace(office, "activate: all", "activate: all, vanished: deactivate, unowned: deactivate");
  Replace(office, ", shrunken_export: false", "");
  office.place().Write("rollcall.yaml",
                       absl::StrCat(office.place().Read("rollcall.yaml"),
                                    "managed: {domains: [example.com]}\nvanished_after: 2\n"));
  office.Export(all);
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  for (const bool other : {false, true, false}) {  // another content each time
    std::vector<OfficePerson> some(all.begin(), all.begin() + 12);
    if (other) some[0].email = "other@example.com";
    office.Export(some);
    const ChildResult run = office.RunOnSchedule();
    EXPECT_EQ(run.exit_code, 3) << run.out << run.err;
    EXPECT_THAT(run.out, HasSubstr("shrunken_export"));
  }
  office.Export(all);
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 0);
}

// --- The configuration ------------------------------------------------------------------------

TEST(IncidentTest, AFilterOfADirectoryThatIsNarrowedReportsStraysAndTouchesNone) {
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}});
  office.Export({{"p-1", kAda, "", true, "staff"}, {"p-2", kBob}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  const std::string before = office.place().MakePlan();
  Replace(office, "people: all", "people: {groups: [staff]}");
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, Contains("not_entitled: p-2"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), ElementsAre("a-1", "a-2"));
  EXPECT_EQ(office.place().Writes(), 0);
}

TEST(IncidentTest, ADomainThatIsDeclaredManagedReportsStraysAndTouchesNone) {
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}, {"a-9", "build@example.com"}});
  office.Export({{"p-1", kAda}, {"p-2", kBob}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  office.place().Write("rollcall.yaml", absl::StrCat(office.place().Read("rollcall.yaml"),
                                                     "managed: {domains: [example.com]}\n"));
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, ElementsAre("unowned: corp/a-9"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 0);
}

// --- Who is who -------------------------------------------------------------------------------

TEST(IncidentTest, ACaseOnlyRenameIsNoRename) {
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}});
  office.Export({{"p-1", kAda}, {"p-2", kBob}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  office.Export({{"p-1", "Ada@Example.COM"}, {"p-2", kBob}});
  const OfficePlan renamed = office.Plan();
  EXPECT_EQ(renamed.exit_code, 0);
  EXPECT_EQ(renamed.state, "EMPTY");
  EXPECT_THAT(renamed.findings, IsEmpty());
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 0);
  // She leaves, and the directory changes its spelling between plan and apply.
  office.Export({{"p-1", "Ada@Example.COM", "", false}, {"p-2", kBob}});
  const std::string plan = office.place().MakePlan();
  office.place().Exclusively([&] {
    auto& directory = office.place().world().scim["scim"];
    twins::ScimUser user = *directory.FindUser("a-1");
    user.attributes["userName"] = "ADA@example.com";
    directory.PutUser(user);
  });
  const ChildResult run = office.place().Rollcall({"apply", plan, "--yes"});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(office.Active(), ElementsAre("a-2"));
}

TEST(IncidentTest, AReturningLeaverGetsTodaysGroupsAndNotTheOldOnes) {
  Office office(Estate(R"({"scim": {"scim": {
      "users": [{"id": "u-1", "userName": "ada@example.com", "email": "ada@example.com"},
                {"id": "u-2", "userName": "bob@example.com", "email": "bob@example.com"}],
      "groups": [{"id": "g-1", "displayName": "payroll", "members": ["u-1", "u-2"]},
                 {"id": "g-2", "displayName": "sales", "members": []}]}}})",
                       ScimEntry(),
                       absl::StrCat(kNoLimits,
                                    "groups: [{export: payroll, directory: corp},\n"
                                    "         {export: sales, directory: corp}]\n")));
  office.Export({{"p-1", kAda, "", true, "payroll"},
                 {"p-2", kBob, "", true, "payroll"},
                 {"p-3", kCyd, "", true, "sales"}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  office.Export({{"p-1", kAda, "", false, "payroll"},
                 {"p-2", kBob, "", true, "payroll"},
                 {"p-3", kCyd, "", true, "sales"}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), ElementsAre("u-2"));
  // She comes back to another team.
  office.Export({{"p-1", kAda, "", true, "sales"},
                 {"p-2", kBob, "", true, "payroll"},
                 {"p-3", kCyd, "", true, "sales"}});
  EXPECT_THAT(office.Plan().changes,
              ElementsAre("REMOVE_MEMBERSHIP u-1", "ACTIVATE u-1", "ADD_MEMBERSHIP u-1"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(office.Active(), ElementsAre("u-1", "u-2"));
  EXPECT_THAT(Members(office, "g-1"), ElementsAre("u-2"));
  EXPECT_THAT(Members(office, "g-2"), ElementsAre("u-1"));
}

// --- Groups -----------------------------------------------------------------------------------

TEST(IncidentTest, AGroupOfTheSameNameThatIsNotOursLosesNobodyUntilItIsAdopted) {
  OfficeEstate estate =
      Estate(ScimWorld(AdaBobAndCyd(), "staff", {"u-2", "u-3"}), ScimEntry(),
             absl::StrCat(kNoLimits, "groups: [{export: \"st*\", directory: corp}]\n"));
  Office office(estate);
  office.Export({{"p-1", kAda, "", true, "staff"}, {"p-2", kBob}, {"p-3", kCyd}});
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(Members(office), UnorderedElementsAre("u-1", "u-2", "u-3"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 1);
  EXPECT_EQ(office.place().Rollcall({"adopt", "staff"}).exit_code, 0);
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_THAT(Members(office), ElementsAre("u-1"));
}

TEST(IncidentTest, AGroupOfTheSameNameThatNobodyHasLookedAtBlocksTheFirstPlan) {
  Office office(Estate(ScimWorld(AdaBobAndCyd(), "staff", {"u-2", "u-3"}), ScimEntry(),
                       "guards: {max_group_removals: false}\n"
                       "groups: [{export: staff, directory: corp}]\n"));
  office.Export({{"p-1", kAda, "", true, "staff"}, {"p-2", kBob}, {"p-3", kCyd}});
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 3) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("first_run"));
  EXPECT_EQ(office.place().Writes(), 0);
}

// A server that takes at most a hundred members in one PATCH, and says so with an error.
TEST(IncidentTest, MoreThanAHundredMembersInAPatchAllComeAndGo) {
  constexpr int kPeople = 250;
  std::vector<std::string> users;
  std::vector<std::string> old_members;
  std::vector<OfficePerson> people;
  for (int i = 1; i <= 2 * kPeople; ++i) {
    users.push_back(ScimUserJson(i, Numbered(i)));
    const bool joins = i <= kPeople;
    people.push_back({absl::StrCat("p-", i), Numbered(i), "", true, joins ? "staff" : ""});
    if (!joins) old_members.push_back(absl::StrCat("u-", i));
  }
  OfficeEstate estate =
      Estate(ScimWorld(users, "staff", old_members), ScimEntry(),
             absl::StrCat(kNoLimits, "groups: [{export: staff, directory: corp}]\n"));
  estate.scim_quirks = {"max_patch_members=100"};
  Office office(estate);
  office.Export(people);
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out.substr(0, 2000) << run.err;
  std::vector<std::string> wanted;
  for (int i = 1; i <= kPeople; ++i) wanted.push_back(absl::StrCat("u-", i));
  EXPECT_THAT(Members(office), ::testing::UnorderedElementsAreArray(wanted));
  // Halves of halves, not one by one.
  EXPECT_LT(office.place().Writes(), 20);
}

TEST(IncidentTest, NestedAndCircularGroupsOfTheExportEndAndMeanEverybodyInside) {
  Office office(Estate(R"({"scim": {"scim": {
      "users": [{"id": "u-1", "userName": "ada@example.com", "email": "ada@example.com"},
                {"id": "u-2", "userName": "bob@example.com", "email": "bob@example.com"},
                {"id": "u-3", "userName": "cyd@example.com", "email": "cyd@example.com"}],
      "groups": [{"id": "g-1", "displayName": "eng", "members": ["u-3"]},
                 {"id": "g-2", "displayName": "core", "members": []}]}}})",
                       ScimEntry(),
                       absl::StrCat(kNoLimits,
                                    "groups: [{export: eng, directory: corp},\n"
                                    "         {export: core, directory: corp}]\n")));
  office.Export({{"p-1", kAda}, {"p-2", kBob}, {"p-3", kCyd}});
  Replace(office, "people: people.jsonl", "people: people.jsonl, groups: groups.jsonl");
  office.place().Write(
      "groups.jsonl",
      R"({"id": "x-1", "displayName": "eng", "members": [{"value": "p-1"}, {"value": "x-2"}]})"
      "\n"
      R"({"id": "x-2", "displayName": "core", "members": [{"value": "p-2"}, {"value": "x-1"}]})"
      "\n");
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(Members(office, "g-1"), UnorderedElementsAre("u-1", "u-2"));
  EXPECT_THAT(Members(office, "g-2"), UnorderedElementsAre("u-1", "u-2"));
}

TEST(IncidentTest, NestedGroupsOfTheDirectoryAreNamedAndLeftAsTheyAre) {
  Office office(Estate(R"({"crowd": {"crowd": {
      "users": [{"name": "ada", "external-id": "x1"}, {"name": "bob", "external-id": "x2"}],
      "groups": [{"name": "staff", "users": ["ada"], "groups": ["inner"]},
                 {"name": "inner", "users": ["bob"]}]}}})",
                       CrowdEntry(),
                       absl::StrCat(kNoLimits, "groups: [{export: staff, directory: crowd}]\n")));
  office.Export({{"p-1", kAda, "", true, "staff"}, {"p-2", kBob}});
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, Contains("nested_access: staff"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 0);
}

TEST(IncidentTest, TheLastAdministratorStays) {
  Office office(Estate(ScimWorld(AdaBobAndCyd(), "administrators", {"u-1"}), ScimEntry(),
                       "guards: {first_run: false, shrunken_export: false, emptied_group: false,\n"
                       "         min_admins: {groups: [administrators], limit: 1}}\n"));
  office.Export({{"p-1", kAda, "", false}, {"p-2", kBob}, {"p-3", kCyd, "", false}});
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 3) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("min_admins"));
  EXPECT_THAT(office.Active(), ElementsAre("u-1", "u-2", "u-3"));
  EXPECT_EQ(office.place().Writes(), 0);
}

// --- Servers ----------------------------------------------------------------------------------

class PageCapTest : public testing::TestWithParam<int> {};

// The leaver is the last one of more people than any page holds.
TEST_P(PageCapTest, EverybodyIsReadHoweverFewAPageHolds) {
  constexpr int kPeople = 1010;
  std::vector<std::string> users;
  std::vector<std::string> crowd;
  std::vector<OfficePerson> people;
  for (int i = 1; i <= kPeople; ++i) {
    users.push_back(ScimUserJson(i, Numbered(i)));
    crowd.push_back(absl::StrCat(R"({"name": "person)", i, R"(", "external-id": "x)", i, "\"}"));
    people.push_back({absl::StrCat("p-", i), Numbered(i), "", i < kPeople});
  }
  std::string world = ScimWorld(users);
  world.pop_back();
  absl::StrAppend(&world, R"(, "crowd": {"crowd": {"users": [)", absl::StrJoin(crowd, ", "),
                  "]}}}");
  OfficeEstate estate = Estate(world, absl::StrCat(ScimEntry("unowned: deactivate"), CrowdEntry()),
                               absl::StrCat(kNoLimits, "managed: {domains: [example.com]}\n"));
  estate.scim_quirks = {absl::StrCat("page_cap=", GetParam())};
  estate.crowd_quirks = {absl::StrCat("page_cap=", GetParam())};
  Office office(estate);
  office.Export(people);
  const OfficePlan plan = office.Plan();
  EXPECT_THAT(plan.placed, ElementsAre(absl::StrCat("corp DEACTIVATE u-", kPeople),
                                       absl::StrCat("crowd DEACTIVATE 1:x", kPeople)));
  // Somebody who was not read would be missing, or unowned. That pages are short is told.
  EXPECT_THAT(plan.findings, Each(StartsWith("oddity")));
}

// Ids sort as the numbers do: the last leaver is on the last page.
std::string CloudId(int number) { return absl::StrCat("aa-", absl::Dec(number, absl::kZeroPad4)); }

// An organisation of two directories: everybody up to `invited` is in the first, every third one
// in the second too, the rest in none. The group holds everybody invited but `missing`.
std::string CloudWorld(int people, int invited, int missing) {
  std::vector<std::string> accounts;
  std::vector<std::string> members;
  for (int i = 1; i <= people; ++i) {
    const char* where = i > invited  ? ""
                        : i % 3 == 0 ? "\"dir-main\", \"dir-lab\""
                                     : "\"dir-main\"";
    accounts.push_back(absl::StrCat(R"({"id": ")", CloudId(i), R"(", "email": ")", Numbered(i),
                                    R"(", "directories": [)", where, "]}"));
    if (i <= invited && i != missing) members.push_back(absl::StrCat("\"", CloudId(i), "\""));
  }
  return absl::StrCat(R"({"organisation": {"id": "o-1", "name": "Example",
    "domains": ["example.com"],
    "directories": [{"id": "dir-main", "name": "Main"}, {"id": "dir-lab", "name": "Lab"}],
    "groups": [{"id": "g-1", "name": "staff", "members": [)",
                      absl::StrJoin(members, ", "), R"(]}]}, "cloud_accounts": [)",
                      absl::StrJoin(accounts, ", "), "]}");
}

// Two leavers, the last whom a directory holds and the last whom none does, and one who is missing
// in a group: each list of the organisation is longer than a page, and whoever was not read would
// be missing, or be added once more. Of its pages the organisation gives 100 rows at most.
TEST_P(PageCapTest, EverybodyOfAnOrganisationIsReadHoweverFewAPageHolds) {
  constexpr int kPeople = 1230;
  constexpr int kInvited = 1110;
  constexpr int kJoiner = kInvited - 1;
  std::vector<OfficePerson> people;
  for (int i = 1; i <= kPeople; ++i) {
    const bool active = i != kInvited && i != kPeople;
    people.push_back(
        {absl::StrCat("p-", i), Numbered(i), "", active, i <= kInvited ? "staff" : ""});
  }
  OfficeEstate estate =
      Estate(CloudWorld(kPeople, kInvited, kJoiner),
             "\n  - {id: cloud, people: all, rate: 2000, base_url: \"URL/atlassian\",\n"
             "     atlassian_admin: {org_id: o-1, api_key: {env: TWIN_TOKEN}}}\n",
             absl::StrCat(kNoLimits, "groups: [{export: staff, directory: cloud}]\n",
                          "managed: {domains: [example.com]}\n"));
  estate.org_quirks = {absl::StrCat("page_cap=", GetParam())};
  Office office(estate);
  office.Export(people);
  const OfficePlan plan = office.Plan();
  EXPECT_THAT(plan.changes, ElementsAre(absl::StrCat("DEACTIVATE ", CloudId(kInvited)),
                                        absl::StrCat("DEACTIVATE ", CloudId(kPeople)),
                                        absl::StrCat("ADD_MEMBERSHIP ", CloudId(kJoiner))));
  EXPECT_THAT(plan.findings, IsEmpty());
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office.place().Writes(), 3);
  const OfficePlan next = office.Plan();
  EXPECT_EQ(next.state, "EMPTY");
  EXPECT_EQ(next.exit_code, 0);
}

INSTANTIATE_TEST_SUITE_P(Caps, PageCapTest, testing::Values(20, 50, 100, 1000));

constexpr char kCrowdStaff[] = R"({"crowd": {"crowd": {
      "users": [{"name": "ada", "external-id": "x1"}, {"name": "bob", "external-id": "x2"},
                {"name": "cyd", "external-id": "x3"}],
      "groups": [{"name": "staff", "users": ["ada", "bob"]}]}}})";

// Ada is to go out of the group, Cyd to come in.
class CrowdRaceTest : public testing::Test {
 protected:
  CrowdRaceTest()
      : office_(Estate(kCrowdStaff, CrowdEntry(),
                       absl::StrCat(kNoLimits, "groups: [{export: staff, directory: crowd}]\n"))) {
    office_.Export(
        {{"p-1", kAda}, {"p-2", kBob, "", true, "staff"}, {"p-3", kCyd, "", true, "staff"}});
    plan_ = office_.place().MakePlan();
  }

  std::set<std::string>& Staff() {
    return office_.place().world().crowd["crowd"].directories[0].groups["staff"].users;
  }
  ChildResult Apply() {
    return office_.place().Rollcall({"apply", plan_, "--yes", "--format", "json"});
  }

  Office office_;
  std::string plan_;
};

TEST_F(CrowdRaceTest, A404OnARemovalMeansThatItIsDone) {
  office_.place().Exclusively([&] { Staff().erase("ada"); });
  const ChildResult run = Apply();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(Outcomes(run), UnorderedElementsAre("ALREADY_DONE", "APPLIED"));
  office_.place().Exclusively([&] { EXPECT_THAT(Staff(), ElementsAre("bob", "cyd")); });
  EXPECT_EQ(office_.place().Writes(), 2);
}

TEST_F(CrowdRaceTest, A409OnAnAdditionMeansThatItIsDone) {
  office_.place().Exclusively([&] { Staff().insert("cyd"); });
  const ChildResult run = Apply();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(Outcomes(run), UnorderedElementsAre("ALREADY_DONE", "APPLIED"));
  office_.place().Exclusively([&] { EXPECT_THAT(Staff(), ElementsAre("bob", "cyd")); });
  EXPECT_EQ(office_.place().Writes(), 2);
}

// The server wants to know which version is written, and somebody else writes just before us.
TEST(IncidentTest, A412IsReadAgainAndKeepsWhatSomebodyElseWrote) {
  OfficeEstate estate = Estate(ScimWorld(AdaBobAndCyd()), ScimEntry());
  estate.scim_quirks = {"etag_required"};
  Office office(estate);
  office.Export({{"p-1", kAda, "", false}, {"p-2", kBob, "", false}, {"p-3", kCyd}});
  int conflicts = 0;
  office.place().Exclusively([&] {
    office.place().watched().set_watch([&](int64_t, const twins::TwinRequest& request) {
      const bool first = conflicts == 0 && request.method == "PATCH" &&
                         !twins::FindTwinHeader(request.headers, "If-Match").empty();
      if (!first) return true;
      ++conflicts;
      auto& directory = office.place().world().scim["scim"];
      for (const char* id : {"u-1", "u-2"}) {
        if (!absl::StrContains(request.target, id)) continue;
        twins::ScimUser user = *directory.FindUser(id);
        user.attributes["nickName"] = "written by somebody else";
        ++user.version;
        directory.PutUser(user);
      }
      return true;
    });
  });
  const ChildResult run = office.RunOnSchedule();
  office.place().Exclusively([&] { office.place().watched().set_watch(nullptr); });
  EXPECT_EQ(conflicts, 1);
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(office.Active(), ElementsAre("u-3"));
  EXPECT_THAT(office.place().World(), HasSubstr("written by somebody else"));
}

// More in a row than a request has attempts.
TEST(IncidentTest, ABurstOf429LosesNothingAndRepeatsNothing) {
  Office office(Estate(ScimWorld(AdaBobAndCyd()), ScimEntry()));
  office.Export({{"p-1", kAda, "", false}, {"p-2", kBob, "", false}, {"p-3", kCyd}});
  twins::FaultRule rule;
  rule.method = "PATCH";
  rule.times = 7;
  rule.effect.kind = twins::FaultEffect::Kind::kAnswer;
  rule.effect.status = 429;
  rule.effect.retry_after = absl::Seconds(1);
  Fail(office, rule);
  const ChildResult run = office.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  ExpectNoFaultIsLeft(office);
  EXPECT_THAT(office.Active(), ElementsAre("u-3"));
  EXPECT_EQ(office.place().Writes(), 2 + 7);
}

// --- Dry runs ---------------------------------------------------------------------------------

// Somebody looks what would happen with a wrong export, more than once; nothing comes of it.
TEST(IncidentTest, ADryRunWithAWrongExportDoesNotPoisonTheRealOne) {
  Office office(OfficeAccounts{{"a-1", kAda}, {"a-2", kBob}, {"a-3", kCyd, "", false}});
  Replace(office, "activate: all", "activate: own, vanished: deactivate");
  office.place().Write("rollcall.yaml",
                       absl::StrCat(office.place().Read("rollcall.yaml"), "vanished_after: 2\n"));
  const std::vector<OfficePerson> right = {{"p-1", kAda}, {"p-2", kBob}, {"p-3", kCyd}};
  office.Export(right);
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  office.Export({{"p-1", kAda, "", false}, {"p-2", kBob, "", false}, {"p-3", kCyd}});
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(office.Plan().changes, ElementsAre("DEACTIVATE a-1", "DEACTIVATE a-2"));
  }
  office.Export(right);
  // Nobody is taken for somebody whom we deactivated, and nothing for applied.
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 0);
  EXPECT_EQ(plan.state, "EMPTY");
  EXPECT_THAT(plan.findings, ElementsAre("deactivated_elsewhere: p-3"));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 0);
}

// What a plan counts and shows does not depend on how often it was looked at before.
TEST(IncidentTest, APlanThatIsMadeThreeTimesIsTheSameAndAppliesAsTheFirstWould) {
  const std::string config =
      "guards: {shrunken_export: false, max_deactivations: {floor: 0, percent: 100, count: 2}}\n"
      "groups: [{export: staff, directory: corp}]\n";
  Office office(Estate(ScimWorld(AdaBobAndCyd(), "staff", {"u-1", "u-2"}), ScimEntry(), config));
  office.Export({{"p-1", kAda, "", false, "staff"},
                 {"p-2", kBob, "", false},
                 {"p-3", kCyd, "", true, "staff"}});
  const OfficePlan first = office.Plan();
  EXPECT_EQ(first.exit_code, 3);
  EXPECT_THAT(first.findings, Contains(HasSubstr("first_run")));
  EXPECT_THAT(first.findings, Not(Contains(HasSubstr("max_deactivations"))));
  for (int i = 0; i < 2; ++i) {
    const OfficePlan again = office.Plan();
    EXPECT_EQ(again.exit_code, 3);
    EXPECT_EQ(again.changes, first.changes);
    EXPECT_EQ(again.findings, first.findings);
  }
  const std::string plan = office.place().MakePlan();
  const ChildResult run = office.place().Apply(plan);
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(office.Active(), ElementsAre("u-3"));
  EXPECT_EQ(office.Plan().exit_code, 0);
}

// An export with nobody in it is looked at; the right one is then compared with the right ones.
TEST(IncidentTest, ADryRunWithABlockedExportIsNotWhatTheNextOneIsComparedWith) {
  OfficeAccounts accounts;
  std::vector<OfficePerson> people;
  for (int i = 1; i <= 20; ++i) {
    accounts.push_back({absl::StrCat("a-", i), Numbered(i)});
    people.push_back({absl::StrCat("p-", i), Numbered(i)});
  }
  Office office(accounts);
  Replace(office, ", shrunken_export: false", "");
  office.Export(people);
  EXPECT_EQ(office.RunOnSchedule().exit_code, 0);
  office.Export({{"p-1", Numbered(1)}});
  EXPECT_EQ(office.Plan().exit_code, 3);
  office.Export(std::vector<OfficePerson>(people.begin(), people.begin() + 10));
  EXPECT_EQ(office.Plan().exit_code, 3);  // half of what there was, not ten times as many
  office.Export(people);
  EXPECT_EQ(office.Plan().exit_code, 0);
  EXPECT_EQ(office.place().Writes(), 0);
}

}  // namespace
}  // namespace rollcall
