// Several directories under one plan, on the real binary: what one of them cannot do keeps no other
// from being put in order, and a change goes through the directory that owns the account.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
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

constexpr char kCrowdAndScim[] = R"(
  - {id: crowd, people: all, rate: 2000, match: {user_name: local_part},
     crowd: {url: "URL/crowd", application: rollcall, password: {env: TWIN_TOKEN}}}
  - {id: corp, people: all, rate: 2000, scim: {url: "URL/scim/v2", token: {env: TWIN_TOKEN}}}
)";

constexpr char kAdaAndBob[] = R"({
  "crowd": {"crowd": {"users": [
      {"name": "ada", "external-id": "x1", "attributes": {"badge": ["7", "8"]}},
      {"name": "bob", "external-id": "x2"}],
    "groups": [{"name": "staff", "users": ["ada", "bob"]}]}},
  "scim": {"scim": {"users": [
      {"id": "u-1", "userName": "ada@example.com", "email": "ada@example.com"},
      {"id": "u-2", "userName": "bob@example.com", "email": "bob@example.com"}]}}})";

// From now on nobody gets an answer below a path.
void CutOff(Office& office, const std::string& below) {
  office.place().Exclusively([&] {
    office.place().watched().set_watch([below](int64_t, const twins::TwinRequest& request) {
      return !absl::StartsWith(request.target, below);
    });
  });
}

void BringBack(Office& office) {
  office.place().Exclusively([&] { office.place().watched().set_watch(nullptr); });
}

class CrowdAndScimTest : public testing::Test {
 protected:
  CrowdAndScimTest() : office_(OfficeEstate{kAdaAndBob, kCrowdAndScim}) {
    office_.Export({{"p-1", kAda, "", false}, {"p-2", kBob}});
  }

  bool AdaIsActiveInCrowd() {
    bool active = false;
    office_.place().Exclusively([&] {
      active = office_.place().world().crowd["crowd"].directories[0].users["ada"].active;
    });
    return active;
  }

  Office office_;
};

TEST_F(CrowdAndScimTest, ALeaverLosesEveryAccountByOnePlan) {
  const OfficePlan plan = office_.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.placed, ElementsAre("crowd DEACTIVATE 1:x1", "corp DEACTIVATE u-1"));
  const ChildResult run = office_.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_EQ(office_.place().Writes(), 2);
  EXPECT_FALSE(AdaIsActiveInCrowd());
  EXPECT_THAT(office_.Active(), ElementsAre("u-2"));
  const OfficePlan again = office_.Plan();
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(again.state, "EMPTY");
}

TEST_F(CrowdAndScimTest, WhileCrowdIsUnreachableTheOthersArePutInOrderAndTheNextRunCatchesUp) {
  CutOff(office_, "/crowd");
  const ChildResult run = office_.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 6) << run.out << run.err;
  EXPECT_THAT(run.out, HasSubstr("not in step: crowd could not be read"));
  EXPECT_THAT(office_.Active(), ElementsAre("u-2"));
  EXPECT_TRUE(AdaIsActiveInCrowd());
  BringBack(office_);
  const ChildResult next = office_.RunOnSchedule();
  EXPECT_EQ(next.exit_code, 0) << next.out << next.err;
  EXPECT_FALSE(AdaIsActiveInCrowd());
  EXPECT_EQ(office_.place().Writes(), 2);
}

TEST_F(CrowdAndScimTest, ExplainShowsOnePersonInEveryDirectory) {
  const ChildResult explain = office_.place().Rollcall({"explain", kAda});
  EXPECT_EQ(explain.exit_code, 0) << explain.err;
  EXPECT_THAT(explain.out, HasSubstr("crowd"));
  EXPECT_THAT(explain.out, HasSubstr("1:x1"));
  EXPECT_THAT(explain.out, HasSubstr("corp"));
  EXPECT_THAT(explain.out, HasSubstr("u-1"));
}

// A second administrator renames the user after the executor's look: his change stays.
TEST_F(CrowdAndScimTest, WhatAnotherAdministratorChangesMeanwhileIsKept) {
  twins::World& world = office_.place().world();
  int64_t reads_of_ada = 0;
  office_.place().Exclusively([&] {
    office_.place().watched().set_watch([&](int64_t, const twins::TwinRequest& request) {
      if (request.method == "GET" && absl::StrContains(request.target, "/user?") &&
          absl::StrContains(request.target, "ada")) {
        ++reads_of_ada;
      }
      if (request.method == "PUT" && reads_of_ada > 0) reads_of_ada = -1000;
      // After the executor's look, before the client's own read for the write.
      if (reads_of_ada == 2) {
        world.crowd["crowd"].directories[0].users["ada"].display_name = "Ada King";
      }
      return true;
    });
  });
  const ChildResult run = office_.RunOnSchedule();
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  BringBack(office_);
  office_.place().Exclusively([&] {
    const twins::CrowdUser& ada = world.crowd["crowd"].directories[0].users["ada"];
    EXPECT_FALSE(ada.active);
    EXPECT_EQ(ada.display_name, "Ada King");
    EXPECT_THAT(ada.attributes.at("badge"), ElementsAre("7", "8"));
  });
}

constexpr char kCrowdAlone[] = R"(
  - {id: crowd, people: all, rate: 2000, match: {user_name: local_part},
     crowd: {url: "URL/crowd", application: rollcall, password: {env: TWIN_TOKEN}}}
)";

// Ada has left; both runs and both plans are told of it.
void ExpectToldAndNotTriedAgain(Office& office, const std::string& finding) {
  office.Export({{"p-1", kAda, "", false}, {"p-2", kBob}});
  const ChildResult first = office.RunOnSchedule();
  EXPECT_EQ(first.exit_code, 1) << first.out << first.err;
  const int64_t writes = office.place().Writes();
  EXPECT_GT(writes, 0);
  const OfficePlan plan = office.Plan();
  EXPECT_EQ(plan.exit_code, 2);
  EXPECT_THAT(plan.placed, IsEmpty());
  EXPECT_THAT(plan.findings, Contains(testing::StartsWith(finding)));
  EXPECT_EQ(office.RunOnSchedule().exit_code, 4);
  EXPECT_EQ(office.place().Writes(), writes);
}

// A rival's edit reaches Crowd when our write does: after our read, before our write.
struct RivalInTheGap {
  explicit RivalInTheGap(std::vector<std::string> quirks) {
    OfficeEstate estate;
    estate.world = R"({"crowd": {"crowd": {"users": [
        {"name": "ada", "external-id": "x1", "display-name": "Ada King", "first-name": "Ada",
         "last-name": "King", "email": "ada@example.com"},
        {"name": "bob", "external-id": "x2"}]}}})";
    estate.directories = kCrowdAlone;
    estate.crowd_quirks = std::move(quirks);
    estate.crowd_quirks.push_back("rival_edits=1");
    office.emplace(estate);
    office->Export({{"p-1", kAda, "", false}, {"p-2", kBob}});
    run = office->RunOnSchedule();
    constexpr size_t kIdSize = 18;
    const std::string id = run.out.substr(std::min(run.out.find("r-"), run.out.size()), kIdSize);
    const ChildResult shown = office->place().Rollcall({"show", id, "--format", "json"});
    json = nlohmann::json::parse(shown.out, nullptr, false);
    EXPECT_TRUE(json.is_object()) << shown.err;
    office->place().Exclusively(
        [&] { ada = office->place().world().crowd["crowd"].directories[0].users["ada"]; });
  }
  std::optional<Office> office;
  ChildResult run;
  nlohmann::json json;  // of the run
  twins::CrowdUser ada;
};

TEST(CrowdTest, AChangeThatOursOverwroteIsToldInTheReportAndInJson) {
  const RivalInTheGap rival({"events_whole"});
  EXPECT_EQ(rival.run.exit_code, 0) << rival.run.out << rival.run.err;
  EXPECT_FALSE(rival.ada.active);
  EXPECT_EQ(rival.ada.display_name, "Ada King");
  EXPECT_THAT(rival.run.out, HasSubstr("1 applied, with something to know"));
  ASSERT_EQ(rival.json["outcomes"].size(), 1u) << rival.json.dump();
  const std::string message = rival.json["outcomes"][0]["message"];
  for (const std::string& told : {rival.run.out, message}) {
    EXPECT_THAT(told, HasSubstr("his change may have been overwritten"));
    EXPECT_THAT(told, HasSubstr("the event feed shows display-name \"Ada King (edited)\""));
  }
  EXPECT_EQ(rival.json["outcomes"][0]["state"], "APPLIED");
  EXPECT_EQ(rival.json["requestsUsed"], 7) << "six reads, two of them of the feed, and one write";
}

TEST(CrowdTest, WithoutAFeedNothingIsToldAndOneRequestIsLost) {
  for (const char* quirk : {"events_missing", "events_unavailable", "events_xml_only"}) {
    const RivalInTheGap rival({quirk});
    EXPECT_EQ(rival.run.exit_code, 0) << rival.run.out << rival.run.err;
    EXPECT_FALSE(rival.ada.active) << quirk;
    EXPECT_THAT(rival.run.out, testing::Not(HasSubstr("something to know"))) << quirk;
    EXPECT_EQ(rival.json["outcomes"][0].value("message", ""), "") << quirk;
    EXPECT_EQ(rival.json["requestsUsed"], 6) << quirk;
  }
}

TEST(CrowdTest, AReadOnlyDirectoryIsFoundByItsFirstRefusalAndLeftAloneFromThenOn) {
  OfficeEstate estate;
  estate.world = R"({"crowd": {"crowd": {"directories": [{"id": 1, "read_only": true, "users": [
      {"name": "ada", "external-id": "x1"}, {"name": "bob", "external-id": "x2"}]}]}}})";
  estate.directories = kCrowdAlone;
  Office office(estate);
  ExpectToldAndNotTriedAgain(office, "read_only");
  const ChildResult check = office.place().Rollcall({"check"});
  EXPECT_EQ(check.exit_code, 0) << check.out;
  EXPECT_THAT(check.out,
              HasSubstr("a change of a user was refused for lack of a permission (first at 20"));
}

}  // namespace
}  // namespace rollcall
