// The metrics and the health of the real `rollcall serve`, read over their own port.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/agent/metrics/page_reader.h"
#include "tests/e2e/health_client.h"
#include "tests/e2e/served_place.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kServe[] = "metrics: \"127.0.0.1:0\"";
constexpr char kDirectory[] = "directory=\"corp\"";

class MetricsPlace {
 public:
  explicit MetricsPlace(const WorkplaceOptions& options = {}) : served_(options, kServe) {}

  ServedPlace& served() { return served_; }

  // Where the agent says that its metrics are, with the line that it writes first.
  std::string Address() {
    const std::string& log = served_.LogUntil("\"listening\"");
    const size_t key = log.find("\"metrics\":\"");
    EXPECT_NE(key, std::string::npos) << log;
    const size_t begin = log.find("127.0.0.1:", key);
    return log.substr(begin, log.find('"', begin) - begin);
  }
  std::string Page(const std::string& path) { return ReadPage(Address(), path); }

  // Asks until the page says so: what a plan or run did is shown a moment after its end.
  std::string PageWith(const std::string& path, const std::string& text) {
    const absl::Time end = absl::Now() + absl::Minutes(1);
    std::string page;
    do {
      page = Page(path);
    } while (!absl::StrContains(page, text) && absl::Now() < end);
    EXPECT_THAT(page, HasSubstr(text));
    return page;
  }

 private:
  ServedPlace served_;
};

// The value of the first sample that begins so; -1: there is none.
double ValueOf(const std::string& page, const std::string& sample) {
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!absl::StartsWith(line, sample)) continue;
    double value = -1;
    EXPECT_TRUE(absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value)) << line;
    return value;
  }
  return -1;
}

std::string Of(const std::string& metric, const std::string& more = "") {
  return absl::StrCat(metric, "{", kDirectory, more, "}");
}

std::string DriftOf(const std::string& kind) {
  return Of("rollcall_directory_drift", absl::StrCat(",kind=\"", kind, "\""));
}

TEST(ServedMetricsTest, PlanAndRunAreCountedAndNobodyIsNamed) {
  MetricsPlace place;
  EXPECT_EQ(ValueOf(place.Page("/metrics"), Of("rollcall_directory_healthy")), -1);
  const v1::Plan plan = place.served().MakePlan();
  std::string page = place.PageWith("/metrics", Of("rollcall_directory_healthy"));
  EXPECT_EQ(ValueOf(page, Of("rollcall_directory_healthy")), 1);
  EXPECT_EQ(ValueOf(page, DriftOf("deactivate")), plan.counts().deactivate());
  EXPECT_EQ(ValueOf(page, DriftOf("add_membership")), plan.counts().add_membership());
  EXPECT_EQ(ValueOf(page, "rollcall_guard_trips_total{effect=\"blocked\",guard=\"first_run\"}"), 1);
  EXPECT_EQ(ValueOf(page, "rollcall_plan_duration_seconds_count{state=\"blocked\"}"), 1);
  EXPECT_EQ(ValueOf(page, Of("rollcall_directory_last_success_timestamp_seconds")), -1);

  const v1::Run run = place.served().Apply(plan);
  EXPECT_TRUE(place.served().Watch(run.id()).status.ok());
  page = place.PageWith("/metrics", DriftOf("deactivate") + " 0\n");
  EXPECT_EQ(ValueOf(page, absl::StrCat("rollcall_changes_total{action=\"deactivate\",", kDirectory,
                                       ",outcome=\"applied\"}")),
            plan.counts().deactivate());
  EXPECT_EQ(ValueOf(page, "rollcall_run_duration_seconds_count{state=\"succeeded\"}"), 1);
  EXPECT_NEAR(ValueOf(page, Of("rollcall_directory_last_success_timestamp_seconds")),
              absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()), 60);
  double requests = 0;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!absl::StartsWith(line, "rollcall_directory_requests_total{")) continue;
    double value = 0;
    EXPECT_TRUE(absl::SimpleAtod(line.substr(line.rfind(' ') + 1), &value));
    requests += value;
  }
  EXPECT_EQ(requests, static_cast<double>(place.served().place().Requests()));
  EXPECT_THAT(page, Not(HasSubstr("@")));
  EXPECT_THAT(page, Not(HasSubstr("example.com")));
  EXPECT_THAT(page, Not(HasSubstr(run.id())));
}

TEST(ServedMetricsTest, DirectoryIsUnhealthyFromAPlanThatCannotReadItUntilOneThatCan) {
  WorkplaceOptions options;
  options.token = "wrong";
  MetricsPlace place(options);
  ServedPlace& served = place.served();
  const auto health = [&] {
    return HealthOf(served.place().File("agent.sock"), "directories/corp");
  };
  EXPECT_EQ(health(), "SERVING");
  served.MakePlan();
  std::string page = place.PageWith("/metrics", Of("rollcall_directory_healthy"));
  EXPECT_EQ(ValueOf(page, Of("rollcall_directory_healthy")), 0);
  EXPECT_EQ(health(), "NOT_SERVING");
  EXPECT_THAT(place.Page("/healthz"), HasSubstr("200 OK"));
  EXPECT_THAT(place.Page("/healthz"), HasSubstr("Directory corp cannot be used since "));
  EXPECT_EQ(HealthOf(served.place().File("agent.sock"), ""), "SERVING");

  // Known after a restart, before anything was tried.
  EXPECT_EQ(served.Stop(SIGTERM).exit_code, 0);
  served.place().Write("token", "twin-token");
  served.Start();
  EXPECT_EQ(ValueOf(place.Page("/metrics"), Of("rollcall_directory_healthy")), 0);
  EXPECT_EQ(health(), "NOT_SERVING");
  served.MakePlan();
  place.PageWith("/metrics", Of("rollcall_directory_healthy") + " 1\n");
  EXPECT_EQ(health(), "SERVING");
}

TEST(ServedMetricsTest, WhatTheCommandLineDidInTheSameStateIsKnownAfterARestart) {
  MetricsPlace place;
  ServedPlace& served = place.served();
  EXPECT_EQ(served.Stop(SIGTERM).exit_code, 0);
  // 4: some people of the company cannot be told apart, which no run settles.
  EXPECT_EQ(served.place().Apply(served.place().MakePlan()).exit_code, 4);
  served.Start();
  const std::string page = place.Page("/metrics");
  EXPECT_EQ(ValueOf(page, DriftOf("deactivate")), 0);
  EXPECT_GT(ValueOf(page, Of("rollcall_directory_last_success_timestamp_seconds")), 0);
  EXPECT_EQ(ValueOf(page, "rollcall_run_duration_seconds_count{state=\"succeeded\"}"), 0);
}

TEST(ServedMetricsTest, PlanThatCannotBeMadeIsCountedAsFailed) {
  MetricsPlace place;
  place.served().place().Write("people.json", "{");
  EXPECT_EQ(place.served().MakePlan().state(), v1::Plan::FAILED);
  const std::string page = place.Page("/metrics");
  EXPECT_EQ(ValueOf(page, "rollcall_plan_duration_seconds_count{state=\"failed\"}"), 1);
  EXPECT_EQ(ValueOf(page, Of("rollcall_directory_healthy")), -1);  // nothing was asked
}

TEST(ServedMetricsTest, PortThatIsTakenKeepsTheAgentFromStarting) {
  MetricsPlace place;
  std::string config = place.served().place().Read("rollcall.yaml");
  config.replace(config.find("127.0.0.1:0"), 11, place.Address());
  config.replace(config.find("agent.sock"), 10, "other.sock");
  place.served().place().Write("another.yaml", config);
  const ChildResult other = place.served().place().Rollcall({"--config", "another.yaml", "serve"});
  EXPECT_EQ(other.exit_code, 7);
  EXPECT_THAT(other.err, HasSubstr("serve.metrics: cannot listen on 127.0.0.1:"));
}

TEST(ServedMetricsTest, OldPlansAreDeletedAndTheLogSaysHowLargeTheStateIs) {
  MetricsPlace place;
  place.served().LogUntil("\"message\":\"retention\"");
  const std::string page = place.PageWith("/metrics", "rollcall_state_plans 0\n");
  EXPECT_GT(ValueOf(page, "rollcall_state_size_bytes"), 4096);
  EXPECT_EQ(ValueOf(page, "rollcall_schedules_held"), 1);
}

TEST(ServedMetricsTest, IdleAgentIsSmall) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "sanitized, no agent is small";
#endif
  MetricsPlace place;
  place.served().LogUntil("\"message\":\"retention\"");
  EXPECT_LT(ValueOf(place.Page("/metrics"), "process_resident_memory_bytes"), 45e6);
}

}  // namespace
}  // namespace rollcall
