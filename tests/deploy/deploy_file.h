// What the tests of deploy/ share: reading a file of the repository, running a tool that may be
// missing, and asking the binary whether it understands the arguments that a file gives it. Pure
// but for these.
#ifndef TESTS_DEPLOY_DEPLOY_FILE_H_
#define TESTS_DEPLOY_DEPLOY_FILE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/config/load_config.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace rollcall {

inline std::string SourcePath(const std::string& name) {
  return absl::StrCat(ROLLCALL_SOURCE_DIR "/", name);
}

// Of a file of the repository, such as "deploy/Dockerfile".
inline std::string ReadSource(const std::string& name) {
  std::ifstream file(SourcePath(name), std::ios::binary);
  EXPECT_TRUE(file.good()) << name;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

inline std::vector<std::string> LinesOf(const std::string& text) {
  return absl::StrSplit(text, '\n');
}

// Where a tool is, or "" where it is not installed.
inline std::string FindTool(const std::string& name) {
  for (const char* folder : {"/usr/bin/", "/bin/", "/usr/sbin/", "/usr/local/bin/"}) {
    const std::string path = absl::StrCat(folder, name);
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

inline ChildResult RunTool(const std::vector<std::string>& argv) {
  return ChildProcess(argv, ChildOptions()).Wait();
}

// The binary takes all of the arguments, for it reads the configuration and complains of that.
inline void ExpectArguments(std::vector<std::string> arguments) {
  constexpr char kConfig[] = "/etc/rollcall/rollcall.yaml";
  const TempFolder folder;
  const std::string config = folder.File("rollcall.yaml");
  std::ofstream(config) << "nonsense: true\n";
  bool named = false;
  for (std::string& argument : arguments) {
    if (argument != kConfig) continue;
    argument = config;
    named = true;
  }
  EXPECT_TRUE(named) << "the arguments name " << kConfig;
  arguments.insert(arguments.begin(), ROLLCALL_BINARY_DIR "/agent/rollcall");
  const ChildResult result = RunTool(arguments);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_TRUE(absl::StrContains(result.err, "nonsense")) << result.err;
}

// The example with every key.
inline const LoadedConfig& ExampleConfig() {
  static const LoadedConfig* config = [] {
    absl::StatusOr<LoadedConfig> loaded = LoadConfig(SourcePath("deploy/rollcall.example.yaml"));
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return new LoadedConfig(loaded.ok() ? *std::move(loaded) : LoadedConfig());
  }();
  return *config;
}

// "0.0.0.0:8441" -> "8441".
inline std::string PortOf(const std::string& address) {
  return address.substr(address.rfind(':') + 1);
}

}  // namespace rollcall

#endif  // TESTS_DEPLOY_DEPLOY_FILE_H_
