// deploy/prometheus: every metric and label of the alert rules is one that the daemon has, each
// alert says what to do, and Prometheus itself understands them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/deploy/deploy_file.h"

namespace rollcall {
namespace {

using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr char kRules[] = "deploy/prometheus/rollcall.rules.yaml";

std::vector<YAML::Node> Alerts() {
  std::vector<YAML::Node> alerts;
  for (const YAML::Node& group : YAML::Load(ReadSource(kRules))["groups"]) {
    for (const YAML::Node& rule : group["rules"]) alerts.push_back(rule);
  }
  return alerts;
}

std::vector<std::smatch> Matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator()};
}

// What the daemon calls a metric whose parts Prometheus stores under names of their own.
std::string Family(const std::string& metric) {
  return std::regex_replace(metric, std::regex("_seconds_(bucket|count|sum)$"), "_seconds");
}

// The rows of the table in README.md, by the metric's name.
std::map<std::string, std::string> Documented() {
  std::map<std::string, std::string> rows;
  const std::regex row("^\\| `([a-z_]+)` \\| (gauge|counter|histogram) .*");
  for (const std::string& line : LinesOf(ReadSource("README.md"))) {
    std::smatch match;
    if (std::regex_match(line, match, row)) rows[match[1]] = line;
  }
  return rows;
}

std::string AgentSources() {
  std::string text;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(SourcePath("agent"))) {
    if (entry.path().extension() != ".cc" && entry.path().extension() != ".h") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    text.append(std::istreambuf_iterator<char>(file), {});
  }
  return text;
}

std::set<std::string> MetricsOf(const std::string& expression) {
  std::set<std::string> metrics;
  const std::regex name("\\b(rollcall|process)_[a-z_]+");
  for (const std::smatch& match : Matches(expression, name)) metrics.insert(Family(match[0]));
  return metrics;
}

TEST(AlertsTest, EveryMetricIsOneThatTheDaemonHas) {
  const std::map<std::string, std::string> documented = Documented();
  const std::string sources = AgentSources();
  std::set<std::string> used;
  for (const YAML::Node& alert : Alerts()) used.merge(MetricsOf(alert["expr"].as<std::string>()));
  EXPECT_GT(used.size(), 10u);
  for (const std::string& metric : used) {
    EXPECT_TRUE(documented.contains(metric)) << metric << " is not in README.md";
    EXPECT_THAT(sources, HasSubstr(metric));
  }
}

TEST(AlertsTest, EveryLabelAndItsValuesAreOnesThatTheMetricHas) {
  const std::map<std::string, std::string> documented = Documented();
  const std::regex selector("([a-z_]+)\\{([^}]*)\\}");
  const std::regex matcher("([a-z]+)=~?\"([^\"]*)\"");
  int labels = 0;
  for (const YAML::Node& alert : Alerts()) {
    const std::string expression = alert["expr"].as<std::string>();
    for (const std::smatch& match : Matches(expression, selector)) {
      const auto row = documented.find(Family(match[1]));
      const std::string within = match[2];
      for (const std::smatch& label : Matches(within, matcher)) {
        if (label[1] == "job") continue;  // Prometheus's own
        ASSERT_NE(row, documented.end()) << match[1];
        ++labels;
        for (const std::string& value :
             std::vector<std::string>(absl::StrSplit(label[2].str(), '|'))) {
          EXPECT_THAT(row->second, HasSubstr(absl::StrCat("`", value, "`"))) << label[0];
        }
        EXPECT_THAT(row->second, HasSubstr(absl::StrCat("`", label[1].str(), "`"))) << label[0];
      }
    }
  }
  EXPECT_GT(labels, 5);
}

TEST(AlertsTest, EachSaysHowBadItIsWhatIsSoAndWhatToDo) {
  std::set<std::string> names;
  for (const YAML::Node& alert : Alerts()) {
    const std::string name = alert["alert"].as<std::string>();
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_TRUE(absl::StartsWith(name, "Rollcall")) << name;
    EXPECT_THAT(alert["labels"]["severity"].as<std::string>(), AnyOf("page", "ticket")) << name;
    for (const char* text : {"summary", "description"}) {
      EXPECT_FALSE(alert["annotations"][text].as<std::string>().empty()) << name;
    }
  }
}

TEST(AlertsTest, PrometheusUnderstandsThemAndTheyFireWhenTheyShould) {
  const std::string tool = FindTool("promtool");
  if (tool.empty()) GTEST_SKIP() << "promtool is not installed (Debian: prometheus)";
  const ChildResult checked = RunTool({tool, "check", "rules", SourcePath(kRules)});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  const ChildResult tried =
      RunTool({tool, "test", "rules", SourcePath("tests/deploy/alerts.test.yaml")});
  EXPECT_EQ(tried.exit_code, 0) << tried.out << tried.err;
}

}  // namespace
}  // namespace rollcall
