// What the real binary says to those who call it wrongly, and that nothing is read or recorded
// then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(UsageTest, AnUnknownCommandIsNamed) {
  Workplace place;
  const ChildResult bogus = place.Rollcall({"bogus"});
  EXPECT_EQ(bogus.exit_code, 7);
  EXPECT_THAT(bogus.err, HasSubstr("there is no command \"bogus\""));
  EXPECT_THAT(place.Rollcall({"runs", "lst"}).err, HasSubstr("there is no command \"runs lst\""));
  EXPECT_THAT(place.Rollcall({"--bogus"}).err, HasSubstr("there is no option \"--bogus\""));
  const ChildResult none = place.Rollcall({});
  EXPECT_EQ(none.exit_code, 7);
  EXPECT_THAT(none.err, Not(HasSubstr("there is no")));
  EXPECT_THAT(place.Rollcall({"plan", "--bogus"}).err, HasSubstr("--bogus"));
}

TEST(UsageTest, AnEmptyValueIsNotOneLeftOut) {
  Workplace place;
  const std::vector<std::vector<std::string>> calls = {
      {"plan", "--export", ""},
      {"plan", "--out", ""},
      {"plan", "--directory", ""},
      {"plan", "--config", ""},
      {"show", "p-0123456789abcdef", "--person", ""},
      {"links", "--person", ""},
      {"links", "--directory", ""},
      {"unlink", "p-1", "corp", ""},
      {"adopt", "engineers", "--directory", ""},
      {"deactivate", "ada@example.com", "--reason", "left", "--until", ""}};
  for (const std::vector<std::string>& call : calls) {
    const ChildResult result = place.Rollcall(call);
    EXPECT_EQ(result.exit_code, 7) << call[0] << " " << result.out << result.err;
    EXPECT_THAT(result.err, HasSubstr("is empty")) << call[0];
  }
  EXPECT_EQ(place.Requests(), 0);
}

TEST(PlanFileTest, AFileThatCannotBeWrittenIsToldBeforeAnythingIsRead) {
  Workplace place;
  ASSERT_EQ(mkdir(place.File("folder").c_str(), 0700), 0);
  for (const char* out : {"not-there/plan.json", "folder", "people.json/plan.json"}) {
    const ChildResult plan = place.Rollcall({"plan", "--out", out});
    EXPECT_EQ(plan.exit_code, 7) << out;
    EXPECT_EQ(plan.out, "");
    EXPECT_THAT(plan.err, HasSubstr(out));
  }
  EXPECT_EQ(place.Requests(), 0);
  const ChildResult list = place.Rollcall({"plans", "list", "--format", "json"});
  EXPECT_TRUE(json::parse(list.out)["plans"].empty());
}

TEST(PlanFileTest, APlanWhoseFileCannotBeWrittenAfterAllIsPrintedAndStored) {
  Workplace place;
  ASSERT_EQ(mkdir(place.File("folder").c_str(), 0700), 0);
  place.Exclusively([&] {
    place.watched().set_watch([&](int64_t number, const twins::TwinRequest&) {
      if (number == 1) rmdir(place.File("folder").c_str());
      return true;
    });
  });
  const ChildResult plan =
      place.Rollcall({"plan", "--out", "folder/plan.json", "--format", "json"});
  const json printed = json::parse(plan.out);
  const std::string id = printed["id"];
  // The exit code of the blocked plan comes first, as everywhere.
  EXPECT_EQ(plan.exit_code, 3) << plan.err;
  EXPECT_THAT(plan.err, AllOf(HasSubstr(id), HasSubstr("stored"), HasSubstr("folder/plan.json")));
  EXPECT_EQ(json::parse(place.Rollcall({"show", id, "--format", "json"}).out), printed);
}

TEST(LinkTest, SomebodyWhomNeitherTheExportNorTheStateKnowsIsRefused) {
  Workplace place;
  place.Apply(place.MakePlan());
  const json drift = json::parse(place.Read("drift.json"));
  const std::string links = place.Rollcall({"links"}).out;
  for (const char* command : {"link", "unlink"}) {
    const ChildResult typo = place.Rollcall({command, "adda", "corp", "u-1", "--reason", "asked"});
    EXPECT_EQ(typo.exit_code, 7) << typo.err;
    EXPECT_THAT(typo.err, AllOf(HasSubstr("adda"), HasSubstr("nothing was recorded")));
  }
  EXPECT_EQ(place.Rollcall({"links"}).out, links);
}

TEST(LinkTest, SomebodyOfAnEarlierExportIsKnownByTheStableId) {
  Workplace place;
  place.Apply(place.MakePlan());
  json people = json::parse(place.Read("people.json"));
  const std::string gone = people["Resources"].back()["id"];
  people["Resources"].erase(people["Resources"].size() - 1);
  people["totalResults"] = people["Resources"].size();
  people["itemsPerPage"] = people["Resources"].size();
  place.Write("people.json", people.dump());
  const ChildResult unlink = place.Rollcall({"unlink", gone, "corp", "u-1", "--reason", "asked"});
  EXPECT_EQ(unlink.exit_code, 0) << unlink.err;
  EXPECT_THAT(unlink.err, HasSubstr("gone from the export"));
}

TEST(ShowTest, RunsShowKnowsAll) {
  Workplace place;
  place.Apply(place.MakePlan());
  const json runs = json::parse(place.Rollcall({"runs", "list", "--format", "json"}).out);
  const std::string id = runs["runs"][0]["id"];
  const ChildResult all = place.Rollcall({"runs", "show", id, "--all"});
  EXPECT_EQ(all.exit_code, 0) << all.err;
  EXPECT_EQ(all.out, place.Rollcall({"show", id, "--all"}).out);
}

TEST(CheckTest, AStateFileThatOthersMayReadIsToldAndThenKeptToOurselves) {
  Workplace place;
  place.MakePlan();
  const std::string state = place.File("rollcall.db");
  ASSERT_EQ(chmod(state.c_str(), 0644), 0);
  EXPECT_THAT(place.Rollcall({"check"}).out,
              AllOf(HasSubstr("rollcall.db"), HasSubstr("chmod 600")));
  struct stat found{};
  ASSERT_EQ(stat(state.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0644u) << "check writes nothing";
  place.Rollcall({"plans", "list"});
  ASSERT_EQ(stat(state.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  EXPECT_THAT(place.Rollcall({"check"}).out, Not(HasSubstr("chmod 600")));
}

}  // namespace
}  // namespace rollcall
