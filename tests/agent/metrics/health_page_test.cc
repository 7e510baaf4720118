#include "agent/metrics/health_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/agent/metrics/sample_situation.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(HealthPageTest, WhatARestartDoesNotCureIsNamedAndStaysOk) {
  Situation situation = SampleSituation();
  situation.reload_successful = false;
  const Page page = HealthPage(situation);
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, StartsWith("ok\n"));
  EXPECT_THAT(page.body, HasSubstr("Directory crowd cannot be used since "));
  EXPECT_THAT(page.body, HasSubstr("Schedule nightly is in trouble"));
  EXPECT_THAT(page.body, HasSubstr("The configuration has errors"));
  EXPECT_THAT(page.body, Not(HasSubstr("scim")));
  EXPECT_THAT(page.body, Not(HasSubstr("@")));
}

TEST(HealthPageTest, StateThatDoesNotAnswerIsAFault) {
  Situation situation = SampleSituation();
  situation.state_trouble = "UNAVAILABLE";
  const Page page = HealthPage(situation);
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.body, StartsWith("The state file does not answer: UNAVAILABLE.\n"));
  EXPECT_EQ(ReadinessPage(situation).status, 503);
}

TEST(HealthPageTest, MainLoopMayStandStillSoLongAndNoLonger) {
  Situation situation = SampleSituation();
  situation.moved = situation.now - kLongestStandstill;
  EXPECT_EQ(HealthPage(situation).status, 200);
  situation.moved -= absl::Seconds(1);
  const Page page = HealthPage(situation);
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.body, StartsWith("The main loop has not moved for 2m1s.\n"));
}

TEST(HealthPageTest, WhoStopsIsNotReadyButLivesHoweverLongItTakes) {
  Situation situation = SampleSituation();
  situation.stopping = true;
  situation.moved = situation.now - absl::Hours(1);
  EXPECT_EQ(HealthPage(situation).status, 200);
  const Page page = ReadinessPage(situation);
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.body, StartsWith("Rollcall is stopping.\n"));
}

TEST(HealthPageTest, WhereEverythingIsWellThePageSaysNoMore) {
  Situation situation;
  situation.now = situation.moved = kSampleTime;
  EXPECT_EQ(HealthPage(situation).body, "ok\n");
  EXPECT_EQ(ReadinessPage(situation).body, "ok\n");
}

}  // namespace
}  // namespace rollcall
