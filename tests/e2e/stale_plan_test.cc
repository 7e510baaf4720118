// Plans that may not be applied: exit 5 and the reason, and not one write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

TEST(StalePlanTest, AFileEditedByAnyByteIsRefused) {
  Workplace place;
  place.Rollcall({"plan", "--out", "plan.json"});
  const std::string text = place.Read("plan.json");
  const size_t step = text.size() / 12;
  for (size_t at = 0; at < text.size(); at += step) {
    std::string edited = text;
    edited[at] = edited[at] == 'x' ? 'y' : 'x';
    place.Write("plan.json", edited);
    const ChildResult apply = place.Apply("plan.json");
    EXPECT_EQ(apply.exit_code, 5) << "byte " << at << ": " << apply.err;
  }
  place.Write("plan.json", text + " ");
  EXPECT_EQ(place.Apply("plan.json").exit_code, 5);
  EXPECT_EQ(place.Writes(), 0);
  place.Write("plan.json", text);
  EXPECT_EQ(place.Apply("plan.json").exit_code, 4);
}

TEST(StalePlanTest, APlanIsAppliedOnce) {
  Workplace place;
  const std::string plan = place.MakePlan();
  place.Apply(plan);
  const int64_t writes = place.Writes();
  const ChildResult again = place.Apply(plan);
  EXPECT_EQ(again.exit_code, 5);
  EXPECT_THAT(again.err, HasSubstr("was applied already, by run r-"));
  EXPECT_EQ(place.Writes(), writes);
}

TEST(StalePlanTest, ARunInBetweenMakesItStale) {
  Workplace place;
  const std::string first = place.MakePlan();
  const std::string second = place.MakePlan();
  place.Apply(second);
  const int64_t writes = place.Writes();
  const ChildResult apply = place.Apply(first);
  EXPECT_EQ(apply.exit_code, 5);
  EXPECT_THAT(apply.err, HasSubstr("has changed corp since it was made"));
  EXPECT_EQ(place.Writes(), writes);
  EXPECT_THAT(place.Rollcall({"show", first}).out, ::testing::StartsWith("STALE"));
}

std::string ListedStates(Workplace& place) {
  const ChildResult list = place.Rollcall({"plans", "list", "--format", "json"});
  const nlohmann::json plans = nlohmann::json::parse(list.out)["plans"];
  std::string states;
  for (const auto& plan : plans) {
    absl::StrAppend(&states, states.empty() ? "" : " ", plan["state"].get<std::string>());
  }
  return states;
}

TEST(StalePlanTest, TheListSaysWhichPlansAreStale) {
  Workplace place;
  place.MakePlan();
  const std::string second = place.MakePlan();
  EXPECT_EQ(ListedStates(place), "BLOCKED BLOCKED");
  place.Apply(second);
  EXPECT_EQ(ListedStates(place), "APPLIED STALE");
  place.MakePlan();
  EXPECT_EQ(ListedStates(place), "EMPTY APPLIED STALE");
  WorkplaceOptions other;
  other.guards = "guards: {first_run: false}\n";
  place.WriteConfig(other);
  EXPECT_EQ(ListedStates(place), "STALE APPLIED STALE");
}

TEST(StalePlanTest, APlanThatIsTooOldIsStale) {
  WorkplaceOptions options;
  options.more_config = "plan_max_age: 1ms\n";
  Workplace place(options);
  const ChildResult apply = place.Apply(place.MakePlan());
  EXPECT_EQ(apply.exit_code, 5);
  EXPECT_THAT(apply.err, HasSubstr("plan_max_age"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(StalePlanTest, AChangedConfigurationMakesItStale) {
  Workplace place;
  const std::string plan = place.MakePlan();
  WorkplaceOptions options;
  options.more_config = "policy: {unowned: deactivate}\n";
  place.WriteConfig(options);
  const ChildResult apply = place.Apply(plan);
  EXPECT_EQ(apply.exit_code, 5);
  EXPECT_THAT(apply.err, HasSubstr("the configuration has changed"));
  EXPECT_EQ(place.Writes(), 0);
}

TEST(StalePlanTest, APlanOfAnotherStateIsRefused) {
  Workplace place;
  place.Rollcall({"plan", "--out", "plan.json"});
  const std::string config = place.Read("rollcall.yaml");
  place.Write("rollcall.yaml",
              absl::StrReplaceAll(config, {{"state: rollcall.db", "state: other.db"}}));
  const ChildResult apply = place.Apply("plan.json");
  EXPECT_EQ(apply.exit_code, 5);
  EXPECT_THAT(apply.err, HasSubstr("applies only on its own state"));
  EXPECT_EQ(place.Apply("p-0123456789abcdef").exit_code, 5);
  EXPECT_EQ(place.Apply("no-such-file.json").exit_code, 7);
  EXPECT_EQ(place.Writes(), 0);
}

}  // namespace
}  // namespace rollcall
