#include "agent/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/metrics/metric_table.h"
#include "tests/agent/metrics/sample_situation.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// The samples of a text, by name and labels as they stand there.
std::map<std::string, std::string> SamplesIn(const std::string& text) {
  std::map<std::string, std::string> samples;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    if (absl::StartsWith(line, "#")) continue;
    const size_t space = line.rfind(' ');
    samples[std::string(line.substr(0, space))] = std::string(line.substr(space + 1));
  }
  return samples;
}

Change MakeChange(const std::string& id, const std::string& directory, Action action) {
  Change change;
  change.id = id;
  change.directory = directory;
  change.action = action;
  change.account = "account of " + id;
  change.person = "person of " + id;
  change.user_name = "jane@example.com";
  return change;
}

RunRecord EndedRun() {
  RunRecord run;
  run.id = "r-1";
  run.state = RunState::kPartial;
  run.started = kSampleTime - absl::Seconds(90);
  run.ended = kSampleTime;
  run.outcomes["c1"] = {"c1", OutcomeState::kApplied, true, 1, 200, "", "", false};
  run.outcomes["c2"] = {"c2", OutcomeState::kRefused, false, 1, 403, "jane@example.com", "", false};
  run.unknown = {"c3"};
  return run;
}

Plan BlockedPlan() {
  Plan plan;
  plan.id = "p-1";
  plan.state = PlanState::kBlocked;
  plan.changes = {MakeChange("c1", "crowd", Action::kDeactivate),
                  MakeChange("c2", "crowd", Action::kDeactivate),
                  MakeChange("c3", "scim", Action::kAddMembership),
                  MakeChange("c4", "scim", Action::kActivate)};
  plan.findings = {
      {"first_run", Severity::kBlocking, "", "", "crowd", 0, 0, {}},
      {"first_run", Severity::kBlocking, "", "", "scim", 0, 0, {}},
      {"max_removals", Severity::kWarning, "", "", "crowd", 0, 0, {}},
      {"protected", Severity::kWithholding, "", "", "crowd", 0, 0, {"jane@example.com"}},
      {"planning_failed", Severity::kBlocking, "", "", "", 0, 0, {}},
  };
  return plan;
}

// Metrics after some of everything.
void DoEverything(Metrics& metrics) {
  metrics.Sent("crowd", "GET /user", "200");
  metrics.Sent("crowd", "GET /user", "200");
  metrics.Sent("crowd", "GET /user", "UNAVAILABLE");
  metrics.Throttled("crowd", absl::Seconds(3), true, 429);
  metrics.Throttled("crowd", absl::Milliseconds(500), false, 429);
  metrics.PlanEnded(BlockedPlan(), absl::Seconds(4));
  metrics.RunEnded(BlockedPlan(), EndedRun());
  metrics.Deleted({3, 2});
}

TEST(MetricsTest, EveryMetricOfTheTableIsShownWithItsLabelsAndNoOther) {
  Metrics metrics("1.2.3");
  DoEverything(metrics);
  std::map<std::string, std::set<std::string>> labels_of;
  for (const auto& [sample, value] : SamplesIn(metrics.Text(SampleSituation()))) {
    const std::vector<std::string> parts = absl::StrSplit(sample, absl::MaxSplits('{', 1));
    std::string name = parts[0];
    for (const char* suffix : {"_bucket", "_sum", "_count"}) {
      const std::string whole(absl::StripSuffix(name, suffix));
      if (absl::StrContains(whole, "_duration_seconds")) name = whole;
    }
    std::set<std::string>& labels = labels_of[name];
    if (parts.size() == 1) continue;
    for (const absl::string_view label : absl::StrSplit(absl::StripSuffix(parts[1], "}"), "\",")) {
      const std::string label_name(label.substr(0, label.find('=')));
      if (label_name != "le") labels.insert(label_name);
    }
  }
  std::map<std::string, std::set<std::string>> expected;
  for (const MetricInfo& info : MetricTable()) {
    expected[info.name] = {info.labels.begin(), info.labels.end()};
  }
  EXPECT_EQ(labels_of, expected);
}

TEST(MetricsTest, TableInTheReadmeIsTheTableInTheCode) {
  std::ifstream readme(absl::StrCat(ROLLCALL_SOURCE_DIR, "/README.md"));
  std::vector<std::string> documented;
  bool in_table = false;
  for (std::string line; std::getline(readme, line);) {
    if (line == "| metric | type | labels | what it says |") in_table = true;
    if (!absl::StartsWith(line, "|")) in_table = false;
    if (!in_table || !absl::StartsWith(line, "| `")) continue;
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    ASSERT_GE(cells.size(), 5u) << line;
    EXPECT_FALSE(absl::StripAsciiWhitespace(cells[4]).empty()) << line;
    documented.push_back(absl::StrJoin({cells[1], cells[2], cells[3]}, "|"));
  }
  std::vector<std::string> known;
  for (const MetricInfo& info : MetricTable()) {
    std::vector<std::string> labels;
    for (const std::string& label : info.labels) labels.push_back(absl::StrCat("`", label, "`"));
    constexpr const char* kTypes[] = {"counter", "gauge", "histogram"};
    known.push_back(absl::StrCat(" `", info.name, "` | ", kTypes[static_cast<int>(info.type)],
                                 " | ", absl::StrJoin(labels, ", "), labels.empty() ? "" : " "));
  }
  EXPECT_THAT(documented, ::testing::UnorderedElementsAreArray(known));
}

TEST(MetricsTest, NamesFollowTheConventions) {
  for (const MetricInfo& info : MetricTable()) {
    EXPECT_EQ(info.type == MetricType::kCounter, absl::EndsWith(info.name, "_total")) << info.name;
    EXPECT_TRUE(absl::StartsWith(info.name, "rollcall_") || absl::StartsWith(info.name, "process_"))
        << info.name;
    EXPECT_FALSE(info.help.empty()) << info.name;
  }
}

TEST(MetricsTest, RequestsAndWaitsAreCountedByDirectory) {
  Metrics metrics("1.2.3");
  DoEverything(metrics);
  auto samples = SamplesIn(metrics.Text(SampleSituation()));
  const std::string requests =
      "rollcall_directory_requests_total{directory=\"crowd\",endpoint=\"GET /user\",status=";
  EXPECT_EQ(samples[requests + "\"200\"}"], "2");
  EXPECT_EQ(samples[requests + "\"UNAVAILABLE\"}"], "1");
  EXPECT_EQ(samples["rollcall_directory_throttled_seconds_total{directory=\"crowd\"}"], "3.5");
  EXPECT_EQ(samples["rollcall_directory_throttles_total{directory=\"crowd\",status=\"429\"}"], "1");
}

TEST(MetricsTest, LabelsThatSomebodyElseMakesUpAreBounded) {
  Metrics metrics("1.2.3");
  for (size_t i = 0; i <= Metrics::kMostEndpoints; ++i) {
    metrics.Sent("crowd", absl::StrCat("GET /", i), "200");
  }
  metrics.Sent("crowd", "GET /0", "1000");
  metrics.Sent("crowd", "GET /0", "99");
  auto samples = SamplesIn(metrics.Text({}));
  const std::string of = "rollcall_directory_requests_total{directory=\"crowd\",endpoint=";
  EXPECT_EQ(samples[absl::StrCat(of, "\"GET /", Metrics::kMostEndpoints - 1, "\",status=\"200\"}")],
            "1");
  EXPECT_EQ(
      samples.count(absl::StrCat(of, "\"GET /", Metrics::kMostEndpoints, "\",status=\"200\"}")),
      0u);
  EXPECT_EQ(samples[of + "\"other\",status=\"200\"}"], "1");
  EXPECT_EQ(samples[of + "\"GET /0\",status=\"other\"}"], "2");
}

TEST(MetricsTest, ChangesAreCountedByWhatBecameOfThem) {
  Metrics metrics("1.2.3");
  Plan plan = BlockedPlan();
  plan.changes[0].reroute.emplace();
  plan.changes[0].reroute->directory = "scim";
  RunRecord run = EndedRun();
  run.outcomes["c1"].rerouted = true;
  metrics.RunEnded(plan, run);
  auto samples = SamplesIn(metrics.Text({}));
  const auto count = [&](const std::string& directory, const std::string& action,
                         const std::string& outcome) {
    return samples[absl::StrCat("rollcall_changes_total{action=\"", action, "\",directory=\"",
                                directory, "\",outcome=\"", outcome, "\"}")];
  };
  EXPECT_EQ(count("scim", "deactivate", "applied"), "1");
  EXPECT_EQ(count("crowd", "deactivate", "refused"), "1");
  EXPECT_EQ(count("scim", "add_membership", "unknown"), "1");
  EXPECT_EQ(count("scim", "activate", "pending"), "1");
  EXPECT_EQ(samples["rollcall_run_duration_seconds_sum{state=\"partial\"}"], "90");
  EXPECT_EQ(samples["rollcall_run_duration_seconds_count{state=\"succeeded\"}"], "0");
}

TEST(MetricsTest, WhatIsCountedOfAKnownDirectoryBeginsAtZero) {
  Metrics metrics("1.2.3");
  metrics.Expect("crowd");
  metrics.RunEnded(BlockedPlan(), EndedRun());
  metrics.Expect("crowd");
  auto samples = SamplesIn(metrics.Text({}));
  const std::string of =
      "rollcall_changes_total{action=\"deactivate\",directory=\"crowd\",outcome=";
  EXPECT_EQ(samples[of + "\"failed\"}"], "0");
  EXPECT_EQ(samples[of + "\"refused\"}"], "1");
  EXPECT_EQ(samples["rollcall_directory_throttled_seconds_total{directory=\"crowd\"}"], "0");
}

TEST(MetricsTest, GuardCountsOnceAPlanAndFromZero) {
  Metrics metrics("1.2.3");
  metrics.PlanEnded(BlockedPlan(), absl::Seconds(4));
  auto samples = SamplesIn(metrics.Text({}));
  EXPECT_EQ(samples["rollcall_guard_trips_total{effect=\"blocked\",guard=\"first_run\"}"], "1");
  EXPECT_EQ(samples["rollcall_guard_trips_total{effect=\"withheld\",guard=\"protected\"}"], "1");
  EXPECT_EQ(samples["rollcall_guard_trips_total{effect=\"blocked\",guard=\"max_removals\"}"], "0");
  EXPECT_EQ(
      samples.count("rollcall_guard_trips_total{effect=\"blocked\",guard=\"planning_failed\"}"),
      0u);
}

TEST(MetricsTest, SituationIsShownAsItIs) {
  auto samples = SamplesIn(Metrics("1.2.3").Text(SampleSituation()));
  EXPECT_EQ(samples["rollcall_build_info{version=\"1.2.3\"}"], "1");
  EXPECT_EQ(samples["rollcall_directory_healthy{directory=\"crowd\"}"], "0");
  EXPECT_EQ(samples["rollcall_directory_healthy{directory=\"scim\"}"], "1");
  EXPECT_EQ(samples.count("rollcall_directory_healthy{directory=\"\"}"), 0u);
  EXPECT_EQ(samples["rollcall_directory_drift{directory=\"crowd\",kind=\"deactivate\"}"], "7");
  EXPECT_EQ(samples["rollcall_directory_drift{directory=\"\",kind=\"group_not_in_export\"}"], "1");
  EXPECT_EQ(samples["rollcall_schedule_state{schedule=\"nightly\",state=\"backing_off\"}"], "1");
  EXPECT_EQ(samples["rollcall_schedule_state{schedule=\"nightly\",state=\"running\"}"], "0");
  EXPECT_EQ(samples["rollcall_schedule_last_result{schedule=\"nightly\",result=\"failed\"}"], "1");
  EXPECT_EQ(samples["rollcall_schedule_failures{schedule=\"nightly\"}"], "2");
  EXPECT_EQ(samples["rollcall_state_plans"], "12");
  EXPECT_EQ(samples["rollcall_runs_active"], "1");
}

TEST(MetricsTest, TextIsTheSameForTheSameNumbersAndNamesNobody) {
  Metrics metrics("1.2.3");
  DoEverything(metrics);
  const std::string text = metrics.Text(SampleSituation());
  EXPECT_THAT(text, Not(HasSubstr("jane")));
  EXPECT_THAT(text, Not(HasSubstr("@")));
  EXPECT_THAT(text, Not(HasSubstr("p-1")));
  std::vector<std::string> names;
  for (const auto& [sample, value] : SamplesIn(text)) {
    if (absl::StartsWith(sample, "rollcall_state_")) names.push_back(sample);
  }
  EXPECT_THAT(names, ElementsAre("rollcall_state_answers", "rollcall_state_plans",
                                 "rollcall_state_runs", "rollcall_state_size_bytes"));
}

}  // namespace
}  // namespace rollcall
