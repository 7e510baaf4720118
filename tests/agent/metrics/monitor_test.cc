#include "agent/metrics/monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/store/store.h"
#include "tests/agent/metrics/page_reader.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

MATCHER_P2(IsNews, directory, well, "") { return arg.directory == directory && arg.well == well; }

class MonitorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Store::Open(folder_.File("rollcall.db"));
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  // A plan that could read these directories, and could not read those.
  Plan SavePlan(const std::string& id, std::vector<std::string> read,
                std::vector<std::string> unreadable) {
    Plan plan;
    plan.id = id;
    plan.state = PlanState::kReady;
    plan.create_time = runtime_.Now();
    plan.state_id = store_->state_id();
    plan.directories = std::move(read);
    plan.unreadable = std::move(unreadable);
    const absl::Status saved = store_->plans().Save(plan, "{}");
    EXPECT_TRUE(saved.ok()) << saved;
    return plan;
  }

  std::string Listen(Monitor& monitor) {
    const auto address = monitor.Listen(
        "127.0.0.1:0", {[] { return std::vector<ScheduleStatus>(); }, [] { return int64_t{0}; }});
    EXPECT_TRUE(address.ok()) << address.status();
    return *address;
  }

  const std::vector<std::string> both_ = {"crowd", "scim"};
  TempFolder folder_;
  FakeRuntime runtime_;
  std::unique_ptr<Store> store_;
};

TEST_F(MonitorTest, DirectoryIsWellUntilAPlanCannotReadItAndAgainAfterwards) {
  Monitor monitor(*store_, runtime_, "1.2.3");
  EXPECT_THAT(monitor.Look(both_), IsEmpty());
  EXPECT_TRUE(monitor.IsWell("crowd"));
  SavePlan("p-1", {"scim"}, {"crowd"});
  EXPECT_THAT(monitor.Look(both_), ElementsAre(IsNews("crowd", false)));
  EXPECT_FALSE(monitor.IsWell("crowd"));
  EXPECT_TRUE(monitor.IsWell("scim"));
  EXPECT_THAT(monitor.Look(both_), IsEmpty());
  SavePlan("p-2", both_, {});
  EXPECT_THAT(monitor.Look(both_), ElementsAre(IsNews("crowd", true)));
  EXPECT_TRUE(monitor.IsWell("crowd"));
}

TEST_F(MonitorTest, WhatWasWrongIsWrongAfterARestart) {
  SavePlan("p-1", {}, {"crowd"});
  Monitor monitor(*store_, runtime_, "1.2.3");
  EXPECT_THAT(monitor.Look(both_), ElementsAre(IsNews("crowd", false)));
}

TEST_F(MonitorTest, EndOfAPlanOrRunIsWantedToBeLookedAtOnce) {
  Monitor monitor(*store_, runtime_, "1.2.3");
  EXPECT_FALSE(monitor.wanted());
  const Plan plan = SavePlan("p-1", both_, {});
  monitor.PlanEnded(plan, absl::Seconds(1));
  EXPECT_TRUE(monitor.wanted());
  monitor.Look(both_);
  EXPECT_FALSE(monitor.wanted());
  RunRecord run;
  run.state = RunState::kSucceeded;
  monitor.RunEnded(plan, run);
  EXPECT_TRUE(monitor.wanted());
}

TEST_F(MonitorTest, PagesShowWhatTheLastLookSaw) {
  Monitor monitor(*store_, runtime_, "1.2.3");
  const std::string address = Listen(monitor);
  SavePlan("p-1", {"scim", "gone"}, {"crowd"});
  EXPECT_THAT(ReadPage(address, "/metrics"), Not(HasSubstr("rollcall_directory_healthy{")));
  monitor.Look(both_);
  const std::string metrics = ReadPage(address, "/metrics");
  EXPECT_THAT(metrics, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(metrics, HasSubstr("rollcall_directory_healthy{directory=\"crowd\"} 0\n"));
  EXPECT_THAT(metrics, HasSubstr("rollcall_directory_healthy{directory=\"scim\"} 1\n"));
  EXPECT_THAT(metrics, Not(HasSubstr("gone")));  // it is not configured any more
  EXPECT_THAT(metrics, HasSubstr("rollcall_build_info{version=\"1.2.3\"} 1\n"));
  EXPECT_THAT(ReadPage(address, "/healthz"), HasSubstr("200 OK"));
  EXPECT_THAT(ReadPage(address, "/healthz"), HasSubstr("Directory crowd"));
}

TEST_F(MonitorTest, MainLoopThatDoesNotComeRoundIsNotHealthy) {
  Monitor monitor(*store_, runtime_, "1.2.3");
  const std::string address = Listen(monitor);
  runtime_.Advance(absl::Minutes(3));
  EXPECT_THAT(ReadPage(address, "/healthz"), HasSubstr(" 503 "));
  monitor.Look(both_);
  EXPECT_THAT(ReadPage(address, "/healthz"), HasSubstr("200 OK"));
  monitor.Stopping();
  EXPECT_THAT(ReadPage(address, "/healthz"), HasSubstr("200 OK"));
  EXPECT_THAT(ReadPage(address, "/readyz"), HasSubstr(" 503 "));
}

TEST_F(MonitorTest, RefusedConfigurationIsShownUntilOneIsTaken) {
  Monitor monitor(*store_, runtime_, "1.2.3");
  const std::string address = Listen(monitor);
  const std::string bad = "rollcall_config_last_reload_successful 0\n";
  monitor.Reloaded(false);
  EXPECT_THAT(ReadPage(address, "/metrics"), HasSubstr(bad));
  monitor.Reloaded(true);
  EXPECT_THAT(ReadPage(address, "/metrics"), Not(HasSubstr(bad)));
}

}  // namespace
}  // namespace rollcall
