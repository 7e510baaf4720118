// One test for each *.scenario file of this folder, named after it: the plan that follows from the
// situation is, line by line, the one that the file expects.
#include "tests/support/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/plan_text.h"

namespace rollcall {
namespace {

std::vector<std::string> ScenarioNames() {
  std::vector<std::string> names;
  std::filesystem::path folder = std::filesystem::path(ROLLCALL_SOURCE_DIR) / "tests/scenarios";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".scenario") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string ReadScenario(const std::string& name) {
  std::ifstream file(std::string(ROLLCALL_SOURCE_DIR) + "/tests/scenarios/" + name + ".scenario");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class ScenarioTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ScenarioTest, ThePlanIsTheExpectedOne) {
  absl::StatusOr<Scenario> scenario = ParseScenario(ReadScenario(GetParam()));
  ASSERT_TRUE(scenario.ok()) << GetParam() << ": " << scenario.status();
  EXPECT_EQ(PlanText(PlanOf(*scenario)), scenario->expected);
  if (scenario->odd.has_value()) {
    EXPECT_EQ(AccountsOf(*scenario), *scenario->odd);
  }
}

INSTANTIATE_TEST_SUITE_P(Files, ScenarioTest, ::testing::ValuesIn(ScenarioNames()),
                         [](const auto& info) { return info.param; });

TEST(Scenario, ALineThatIsNotUnderstoodIsNamed) {
  absl::StatusOr<Scenario> scenario =
      ParseScenario("export\n  persn p1 ada\nexpect\n  state READY");
  ASSERT_FALSE(scenario.ok());
  EXPECT_EQ(scenario.status().message(), "line 2 (  persn p1 ada): not understood: persn");
}

TEST(Scenario, AFileThatExpectsNothingFails) {
  EXPECT_FALSE(ParseScenario("export\n  person p1 ada\n").ok());
}

TEST(Scenario, AnExpectationThatDoesNotHoldIsSeen) {
  absl::StatusOr<Scenario> scenario = ParseScenario(
      "export\n  person p1 ada inactive\n  person p2 bob\ndirectory dir\n  account a1 ada\n"
      "  account a2 bob\nexpect\n  state EMPTY\n");
  ASSERT_TRUE(scenario.ok()) << scenario.status();
  EXPECT_EQ(PlanText(PlanOf(*scenario)), "state READY\nDEACTIVATE dir/a1 p1 by A1\n");
}

}  // namespace
}  // namespace rollcall
