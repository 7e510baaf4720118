// deploy/systemd: the units are understood by systemd itself, are closed as far as they can be, and
// call the binary as it wants to be called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "tests/deploy/deploy_file.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const std::vector<std::string>& Units() {
  static const std::vector<std::string>* units = new std::vector<std::string>{
      "rollcall.service", "rollcall-plan.service", "rollcall-plan.timer"};
  return *units;
}

std::string UnitText(const std::string& unit) { return ReadSource("deploy/systemd/" + unit); }

// The units in a folder, with a binary that is there.
std::vector<std::string> CopyUnits(const TempFolder& folder) {
  std::vector<std::string> paths;
  for (const std::string& unit : Units()) {
    paths.push_back(folder.File(unit));
    std::ofstream(paths.back()) << absl::StrReplaceAll(
        UnitText(unit), {{"/usr/bin/rollcall", ROLLCALL_BINARY_DIR "/agent/rollcall"}});
  }
  return paths;
}

std::vector<std::string> ArgumentsOf(const std::string& unit) {
  constexpr char kExec[] = "ExecStart=/usr/bin/rollcall ";
  for (const std::string& line : LinesOf(UnitText(unit))) {
    if (absl::StartsWith(line, kExec)) {
      return absl::StrSplit(line.substr(sizeof(kExec) - 1), ' ');
    }
  }
  return {};
}

// The settings that close a service off: everything behind the line that says what its keys are.
std::vector<std::string> SandboxOf(const std::string& unit) {
  std::vector<std::string> settings;
  bool begun = false;
  for (const std::string& line : LinesOf(UnitText(unit))) {
    begun = begun || line == "LimitCORE=0";
    if (line == "[Install]") break;
    if (begun && !line.empty() && line[0] != '#') settings.push_back(line);
  }
  return settings;
}

TEST(SystemdTest, SystemdUnderstandsTheUnits) {
  const std::string tool = FindTool("systemd-analyze");
  if (tool.empty()) GTEST_SKIP() << "systemd-analyze is not installed (Debian: systemd)";
  const TempFolder folder;
  std::vector<std::string> argv = {tool, "verify", "--man=no"};
  for (const std::string& path : CopyUnits(folder)) argv.push_back(path);
  const ChildResult result = RunTool(argv);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out + result.err, "");
}

TEST(SystemdTest, SystemdNoticesAMistakeInAUnit) {
  const std::string tool = FindTool("systemd-analyze");
  if (tool.empty()) GTEST_SKIP() << "systemd-analyze is not installed (Debian: systemd)";
  const TempFolder folder;
  const std::vector<std::string> paths = CopyUnits(folder);
  std::ofstream(paths[0], std::ios::app) << "[Service]\nProtectSystm=strict\n";
  EXPECT_THAT(RunTool({tool, "verify", "--man=no", paths[0]}).err, HasSubstr("ProtectSystm"));
}

TEST(SystemdTest, ServicesAreClosedAsFarAsTheyCanBe) {
  const std::string tool = FindTool("systemd-analyze");
  if (tool.empty()) GTEST_SKIP() << "systemd-analyze is not installed (Debian: systemd)";
  const TempFolder folder;
  const std::vector<std::string> paths = CopyUnits(folder);
  for (const std::string& path : {paths[0], paths[1]}) {
    // 15: exposure 1.5 of 10.
    const ChildResult result =
        RunTool({tool, "security", "--offline=yes", "--no-pager", "--threshold=15", path});
    EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  }
}

TEST(SystemdTest, BothServicesAreClosedAlike) {
  EXPECT_GT(SandboxOf("rollcall.service").size(), 25u);
  EXPECT_EQ(SandboxOf("rollcall.service"), SandboxOf("rollcall-plan.service"));
}

TEST(SystemdTest, BinaryTakesTheArguments) {
  ExpectArguments(ArgumentsOf("rollcall.service"));
  ExpectArguments(ArgumentsOf("rollcall-plan.service"));
  EXPECT_EQ(ArgumentsOf("rollcall.service").back(), "serve");
}

TEST(SystemdTest, FilesThatTheReadmeInstallsAreThere) {
  const std::string readme = ReadSource("README.md");
  const std::regex file("\\bdeploy/[A-Za-z_./-]*[A-Za-z]");
  int named = 0;
  for (std::sregex_iterator it(readme.begin(), readme.end(), file), end; it != end; ++it) {
    EXPECT_TRUE(std::filesystem::exists(SourcePath(it->str()))) << it->str();
    ++named;
  }
  EXPECT_GT(named, 6);
}

TEST(SystemdTest, DaemonIsWaitedForWatchedAndReadAgain) {
  const std::vector<std::string> lines = LinesOf(UnitText("rollcall.service"));
  for (const char* line : {"Type=notify", "NotifyAccess=main", "WatchdogSec=60s",
                           "ExecReload=/bin/kill -HUP $MAINPID", "RestartPreventExitStatus=7"}) {
    EXPECT_THAT(lines, Contains(line));
  }
}

}  // namespace
}  // namespace rollcall
