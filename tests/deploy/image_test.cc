// deploy/Dockerfile, as far as it can be judged without a container engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "tests/deploy/deploy_file.h"

namespace rollcall {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

struct Instruction {
  std::string word;
  std::string rest;
};

// The instructions of each stage, FROM first.
std::vector<std::vector<Instruction>> Stages() {
  std::vector<std::vector<Instruction>> stages;
  for (const std::string& line : LinesOf(ReadSource("deploy/Dockerfile"))) {
    if (line.empty() || line[0] == '#') continue;
    EXPECT_NE(line.back(), '\\') << "this test reads instructions of one line: " << line;
    const size_t space = line.find(' ');
    const Instruction instruction{line.substr(0, space), line.substr(space + 1)};
    if (instruction.word == "FROM") stages.emplace_back();
    EXPECT_FALSE(stages.empty());
    if (!stages.empty()) stages.back().push_back(instruction);
  }
  return stages;
}

std::vector<std::string> RestsOf(const std::vector<Instruction>& stage, const std::string& word) {
  std::vector<std::string> rests;
  for (const Instruction& instruction : stage) {
    if (instruction.word == word) rests.push_back(instruction.rest);
  }
  return rests;
}

// What is copied from the repository.
std::vector<std::string> CopiedSources(const std::vector<Instruction>& stage) {
  std::vector<std::string> sources;
  for (const std::string& rest : RestsOf(stage, "COPY")) {
    std::vector<std::string> words = absl::StrSplit(rest, ' ', absl::SkipEmpty());
    if (absl::StartsWith(words[0], "--from=")) continue;
    words.pop_back();
    sources.insert(sources.end(), words.begin(), words.end());
  }
  return sources;
}

std::set<std::string> PackagesFor(const std::string& purpose) {
  std::set<std::string> packages;
  for (const std::string& line : LinesOf(ReadSource("deploy/packages.txt"))) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() >= 2 && words[0] == purpose) packages.insert(words[1]);
  }
  return packages;
}

// The libraries that the binary itself asks for.
std::set<std::string> NeededLibraries(const std::string& readelf) {
  std::set<std::string> needed;
  const ChildResult told = RunTool({readelf, "-d", ROLLCALL_BINARY_DIR "/agent/rollcall"});
  for (const std::string& line : LinesOf(told.out)) {
    if (!absl::StrContains(line, "(NEEDED)")) continue;
    const size_t begin = line.find('[') + 1;
    needed.insert(line.substr(begin, line.find(']') - begin));
  }
  return needed;
}

// The packages that hold a file of that name; other architectures have theirs.
std::map<std::string, std::set<std::string>> OwnersOf(const std::set<std::string>& libraries,
                                                      const std::string& dpkg) {
  std::vector<std::string> argv = {dpkg, "-S"};
  for (const std::string& library : libraries) argv.push_back("*/" + library);
  std::map<std::string, std::set<std::string>> owners;
  for (const std::string& line : LinesOf(RunTool(argv).out)) {
    const std::string file = line.substr(line.rfind('/') + 1);
    owners[file].insert(line.substr(0, line.find(':')));
  }
  return owners;
}

MATCHER_P(BelongsTo, packages, "") { return packages.contains(arg); }

TEST(ImageTest, WhatIsCopiedIsThereAndReachesTheBuilder) {
  const std::vector<std::string> ignored = LinesOf(ReadSource("deploy/Dockerfile.dockerignore"));
  EXPECT_THAT(ignored, Contains("*"));
  std::vector<std::string> sources;
  for (const std::vector<Instruction>& stage : Stages()) {
    for (const std::string& source : CopiedSources(stage)) {
      EXPECT_TRUE(std::filesystem::exists(SourcePath(source))) << source;
      EXPECT_THAT(ignored, Contains("!" + source));
      sources.push_back(source);
    }
  }
  EXPECT_GT(sources.size(), 5u);
}

TEST(ImageTest, EverythingThatTheBuildReadsIsCopied) {
  const std::vector<std::string> copied = CopiedSources(Stages().front());
  for (const std::string& line : LinesOf(ReadSource("CMakeLists.txt"))) {
    constexpr absl::string_view kFolder = "add_subdirectory(";
    if (!absl::StartsWith(line, kFolder)) continue;
    EXPECT_THAT(copied, Contains(line.substr(kFolder.size(), line.find(')') - kFolder.size())));
  }
}

TEST(ImageTest, LastStageIsDebianWithoutACompilerAndWithoutRoot) {
  const std::vector<std::vector<Instruction>> stages = Stages();
  ASSERT_EQ(stages.size(), 2u);
  const std::vector<Instruction>& last = stages.back();
  EXPECT_EQ(last[0].rest, "debian:12-slim");
  EXPECT_THAT(RestsOf(last, "RUN"), Contains(HasSubstr("install_packages.sh run &&")));
  EXPECT_THAT(RestsOf(last, "RUN"), Each(Not(HasSubstr("install_packages.sh build"))));
  EXPECT_THAT(PackagesFor("run"), Each(Not(HasSubstr("-dev"))));
  EXPECT_THAT(PackagesFor("run"), Not(Contains("g++")));
  EXPECT_EQ(RestsOf(last, "USER"), std::vector<std::string>{"65532:65532"});
  EXPECT_THAT(RestsOf(last, "RUN"),
              Contains("install -d -o 65532 -g 65532 -m 0700 /var/lib/rollcall"));
  EXPECT_EQ(RestsOf(last, "VOLUME"), std::vector<std::string>{"/var/lib/rollcall"});
}

TEST(ImageTest, PortsAreThoseOfTheExample) {
  const config::v1::Serve& serve = ExampleConfig().proto.serve();
  EXPECT_EQ(
      RestsOf(Stages().back(), "EXPOSE"),
      std::vector<std::string>{absl::StrCat(PortOf(serve.listen()), " ", PortOf(serve.metrics()))});
}

TEST(ImageTest, BinaryTakesTheArguments) {
  const std::vector<Instruction> last = Stages().back();
  EXPECT_EQ(RestsOf(last, "ENTRYPOINT"), std::vector<std::string>{"[\"/usr/bin/rollcall\"]"});
  ASSERT_EQ(RestsOf(last, "CMD").size(), 1u);
  ExpectArguments(nlohmann::json::parse(RestsOf(last, "CMD")[0]).get<std::vector<std::string>>());
}

// What these libraries need in turn comes with their packages.
TEST(ImageTest, LibrariesOfTheBinaryAreInThePackagesOfTheImage) {
  const std::string readelf = FindTool("readelf");
  const std::string dpkg = FindTool("dpkg-query");
  if (readelf.empty() || dpkg.empty()) GTEST_SKIP() << "this machine is no Debian";
  const std::set<std::string> needed = NeededLibraries(readelf);
  EXPECT_GT(needed.size(), 10u);
  for (const std::string& library : needed) {
    if (absl::StartsWith(library, "libasan") || absl::StartsWith(library, "libtsan")) {
      GTEST_SKIP() << "sanitized, the binary needs more libraries than the one that is shipped";
    }
  }
  const std::map<std::string, std::set<std::string>> owners = OwnersOf(needed, dpkg);
  std::set<std::string> packages = PackagesFor("run");
  packages.insert({"libc6", "libgcc-s1"});  // of every Debian
  for (const std::string& library : needed) {
    ASSERT_TRUE(owners.contains(library)) << library;
    EXPECT_THAT(owners.at(library), Contains(BelongsTo(packages))) << library;
  }
}

TEST(ImageTest, PackagesOfTheImageAreDebians) {
  const std::string dpkg = FindTool("dpkg-query");
  if (dpkg.empty()) GTEST_SKIP() << "this machine is no Debian";
  for (const std::string& package : PackagesFor("run")) {
    EXPECT_EQ(RunTool({dpkg, "-W", "-f=${db:Status-Status}", package}).out, "installed") << package;
  }
}

}  // namespace
}  // namespace rollcall
