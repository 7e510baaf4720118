// Every oddity of an organisation (tests/twins/org_quirks.h) through check, apply and plan, with
// one of each kind of leaver and a joiner: the result is right, or it is refused with a sentence
// that names the cure. Nobody else is ever touched, and who is left in is never called "in step".
#include "tests/twins/org_quirks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/e2e/office.h"

namespace rollcall {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using twins::OrgQuirk;
using twins::OrgQuirkInfo;

// Ada left and is in two directories; Gus, a guest, left and is suspended in one; Hal left and was
// never invited. Eve joins: her account is off. Bob and Fay stay.
constexpr char kQuirkWorld[] = R"({"organisation": {"id": "o-1", "name": "Example",
    "domains": ["example.com"],
    "directories": [{"id": "dir-main", "name": "Main"}, {"id": "dir-lab", "name": "Lab"}],
    "groups": [{"id": "g-1", "name": "eng", "members": ["aa-1", "aa-2", "aa-4"]}]},
  "cloud_accounts": [
    {"id": "aa-1", "email": "ada@example.com", "directories": ["dir-main", "dir-lab"]},
    {"id": "aa-2", "email": "bob@example.com", "directories": ["dir-main"],
     "roles": ["atlassian/org-admin"]},
    {"id": "aa-3", "email": "eve@example.com", "active": false, "directories": ["dir-main"]},
    {"id": "aa-4", "email": "fay@example.com", "directories": ["dir-main"]},
    {"id": "aa-5", "email": "gus@example.com", "claimed": false,
     "directories": {"dir-main": "suspended", "dir-lab": "active"}},
    {"id": "aa-6", "email": "hal@example.com"}]})";
constexpr char kRight[] =
    "aa-1 off aa-2 on aa-3 on aa-4 on aa-5 on,suspended aa-6 off, eng: 1 2 3 4";

std::vector<OfficePerson> QuirkPeople() {
  return {{"p-1", kAda, "", false},
          {"p-2", kBob, "", true, "eng"},
          {"p-3", "eve@example.com", "", true, "eng"},
          {"p-4", "fay@example.com", "", true, "eng"},
          {"p-5", "gus@example.com", "", false},
          {"p-6", "hal@example.com", "", false}};
}

// What comes of a quirk that does not let everything be made right.
struct Refused {
  OrgQuirk quirk;
  int apply;             // exit code
  const char* sentence;  // with the cure
  int check = 0;
};

constexpr Refused kRefused[] = {
    {OrgQuirk::kKeyExpired, 6, "API key of the organisation", 1},
    {OrgQuirk::kKeyScoped, 1, "make a key without scopes", 1},
    {OrgQuirk::kKeyScopedReads, 6, "make a key without scopes", 1},
    {OrgQuirk::kScope403Proxy, 1, "make a key without scopes", 1},
    {OrgQuirk::kForbidden, 6, "make the key as an administrator", 1},
    {OrgQuirk::kWrongOrgGateway, 6, "copy it from Atlassian Administration", 1},
    {OrgQuirk::kWrongOrg403, 6, "check `org_id`", 1},
    {OrgQuirk::kSearchMissing, 6, "check `base_url`", 1},
    {OrgQuirk::kHtml200, 6, "check `base_url`", 1},
    {OrgQuirk::kEmpty200, 6, "check `base_url`", 1},
    {OrgQuirk::kNextLoops, 6, "try again when nobody changes the directory", 1},
    {OrgQuirk::kRepeatedRows, 6, "try again when nobody changes the directory"},
    {OrgQuirk::kShiftedPages, 6, "try again when nobody changes the directory"},
    // Whether the account is not in the second directory, or the organisation is not there, is not
    // said: nothing is switched on.
    {OrgQuirk::kErrorsGateway, 4, "check `base_url`"},
    {OrgQuirk::kUnknownEnums, 4, "look at these accounts in the directory itself"},
    {OrgQuirk::kUnknownStatuses, 4, "look at these accounts in the directory itself"},
    {OrgQuirk::kClaimAbsent, 4, "look at these accounts in the directory itself"},
    {OrgQuirk::kEmailAbsent, 4, "make the key as an administrator who sees e-mail addresses"},
    {OrgQuirk::kLicenceLimit, 4, "free some, or extend the plan"},
    {OrgQuirk::kLicenceLimit400, 4, "free some, or extend the plan"},
    {OrgQuirk::kLicenceLimitV1, 4, "free some, or extend the plan"},
    {OrgQuirk::kPrivilegesMissing, 4, "look at it in Atlassian Administration"},
};

const Refused* FindRefused(OrgQuirk quirk) {
  for (const Refused& refused : kRefused) {
    if (refused.quirk == quirk) return &refused;
  }
  return nullptr;
}

OfficeEstate QuirkEstate(const OrgQuirkInfo& info) {
  OfficeEstate estate;
  estate.world = kQuirkWorld;
  const bool elsewhere = absl::StartsWith(info.name, "wrong_org");
  estate.directories = absl::StrCat(
      "  - {id: cloud, people: all, rate: 2000, page_size: 2, base_url: \"URL/atlassian\",\n"
      "     atlassian_admin: {org_id: ",
      elsewhere ? "o-2" : "o-1", ", api_key: {env: TWIN_TOKEN}}}\n");
  estate.more_config +=
      "groups: [{export: eng, directory: cloud}]\n"
      "policy: {activate: all, unclaimed_accounts: suspend}\n";
  estate.org_quirks = {info.name};
  if (info.quirk == OrgQuirk::kKeyScopedReads || info.quirk == OrgQuirk::kScope403Proxy) {
    estate.org_quirks.emplace_back("key_scoped");
  }
  return estate;
}

std::string Describe(Office& office) {
  std::string text;
  office.place().Exclusively([&] {
    for (const auto& [id, account] : office.place().world().cloud_accounts) {
      absl::StrAppend(&text, id, account.active ? " on" : " off");
      bool suspended = !account.directories.empty();
      for (const auto& [directory, place] : account.directories) suspended &= place.suspended;
      absl::StrAppend(&text, suspended ? ",suspended " : id == "aa-6" ? ", " : " ");
    }
    absl::StrAppend(&text, "eng:");
    for (const std::string& member :
         office.place().world().organisation->groups.at("g-1").members) {
      absl::StrAppend(&text, " ", member.substr(3));
    }
  });
  return text;
}

class OrgQuirksTest : public testing::TestWithParam<OrgQuirkInfo> {};

TEST_P(OrgQuirksTest, EndsRightOrSaysWhatToDo) {
  Office office(QuirkEstate(GetParam()));
  office.Export(QuirkPeople());
  const Refused* refused = FindRefused(GetParam().quirk);
  const ChildResult check = office.place().Rollcall({"check"});
  EXPECT_EQ(check.exit_code, refused == nullptr ? 0 : refused->check) << check.out << check.err;
  EXPECT_EQ(office.place().Writes(), 0);
  const ChildResult run = office.RunOnSchedule();
  const std::string world = Describe(office);
  const OfficePlan next = office.Plan();
  // Whatever happens, these stay: Bob and Fay, and nobody is taken out of the group.
  EXPECT_THAT(world, HasSubstr("aa-2 on "));
  EXPECT_THAT(world, HasSubstr("aa-4 on "));
  EXPECT_THAT(world, AnyOf(HasSubstr("eng: 1 2 4"), HasSubstr("eng: 1 2 3 4")));
  if (refused == nullptr) {
    EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
    EXPECT_EQ(world, kRight);
    EXPECT_EQ(next.exit_code, 0);
    EXPECT_EQ(next.state, "EMPTY");
    return;
  }
  EXPECT_EQ(run.exit_code, refused->apply) << run.out << run.err;
  EXPECT_THAT(absl::StrCat(run.out, run.err), HasSubstr(refused->sentence));
  EXPECT_NE(world, kRight);
  EXPECT_NE(next.exit_code, 0) << "somebody is still in, or still out";
}

std::vector<OrgQuirkInfo> EachQuirk() {
  return {twins::AllOrgQuirks().begin(), twins::AllOrgQuirks().end()};
}

INSTANTIATE_TEST_SUITE_P(Each, OrgQuirksTest, testing::ValuesIn(EachQuirk()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace rollcall
