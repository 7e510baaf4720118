// The repository's rules that a program can check: who may include what, how long files are, what
// must not be left in them, and how they are formatted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/support/child_process.h"

namespace rollcall {
namespace {

constexpr int kMaxLines = 400;
constexpr char kClangFormat[] = "/usr/bin/clang-format-19";

struct SourceFile {
  std::string path;  // from the root
  std::vector<std::string> lines;
};

bool IsSource(const std::string& path) {
  return absl::EndsWith(path, ".cc") || absl::EndsWith(path, ".h") ||
         absl::EndsWith(path, ".proto");
}

std::vector<SourceFile> ReadSources() {
  std::vector<SourceFile> files;
  for (const char* folder : {"proto", "reconciler", "clients", "agent", "tests"}) {
    const std::filesystem::path root = std::filesystem::path(ROLLCALL_SOURCE_DIR) / folder;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      const std::string path =
          std::filesystem::relative(entry.path(), ROLLCALL_SOURCE_DIR).generic_string();
      if (!entry.is_regular_file() || !IsSource(path)) continue;
      if (absl::StrContains(path, "node_modules/")) continue;
      SourceFile& file = files.emplace_back();
      file.path = path;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) file.lines.push_back(line);
    }
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

const std::vector<SourceFile>& Sources() {
  static const std::vector<SourceFile>* files = new std::vector<SourceFile>(ReadSources());
  return *files;
}

// What a file includes, without quotes and brackets.
std::vector<std::string> IncludesOf(const SourceFile& file) {
  std::vector<std::string> includes;
  for (absl::string_view line : file.lines) {
    if (!absl::ConsumePrefix(&line, "#include ")) continue;
    const size_t end = line.find_first_of(">\"", 1);
    if (end != absl::string_view::npos) includes.emplace_back(line.substr(1, end - 1));
  }
  return includes;
}

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

// Files under `where` that include something that starts with one of `what`.
std::set<std::string> Offenders(const std::string& where, const std::vector<std::string>& what) {
  std::set<std::string> offenders;
  for (const SourceFile& file : Sources()) {
    if (!absl::StartsWith(file.path, where)) continue;
    for (const std::string& include : IncludesOf(file)) {
      for (const std::string& prefix : what) {
        if (absl::StartsWith(include, prefix)) {
          offenders.insert(absl::StrCat(file.path, " includes ", include));
        }
      }
    }
  }
  return offenders;
}

TEST(TidyTest, ThereIsSomethingToCheck) { EXPECT_GT(Sources().size(), 100u); }

TEST(TidyTest, TheDomainKnowsNeitherClientsNorAgentNorProto) {
  EXPECT_EQ(Offenders("reconciler/", {"clients/", "agent/", "rollcall/v1/", "rollcall/config/",
                                      "google/protobuf", "tests/"}),
            std::set<std::string>());
}

TEST(TidyTest, PlanningKnowsNoIoAndNoThreads) {
  EXPECT_EQ(Offenders("reconciler/plan/", {"thread", "mutex", "fstream", "iostream", "unistd.h",
                                           "sys/", "absl/time/clock.h", "reconciler/apply/"}),
            std::set<std::string>());
}

TEST(TidyTest, ClientsKnowNeitherAgentNorProto) {
  EXPECT_EQ(Offenders("clients/",
                      {"agent/", "rollcall/v1/", "rollcall/config/", "google/protobuf", "tests/"}),
            std::set<std::string>());
}

TEST(TidyTest, NothingDependsOnTests) {
  EXPECT_EQ(Offenders("agent/", {"tests/"}), std::set<std::string>());
}

TEST(TidyTest, KindsOfClientsDoNotKnowEachOther) {
  const std::set<std::string> shared = {"clients/http", "clients/json", "clients/xml"};
  for (const SourceFile& file : Sources()) {
    if (!absl::StartsWith(file.path, "clients/")) continue;
    for (const std::string& include : IncludesOf(file)) {
      if (!absl::StartsWith(include, "clients/")) continue;
      const std::string folder = FolderOf(include);
      EXPECT_TRUE(folder == FolderOf(file.path) || shared.contains(folder))
          << file.path << " includes " << include;
    }
  }
}

TEST(TidyTest, EachForeignLibraryHasOnePlace) {
  const std::map<std::string, std::string> places = {
      {"curl/", "clients/http"},         {"rapidjson/", "clients/json"},
      {"expat.h", "clients/xml"},        {"sqlite3.h", "agent/store"},
      {"yaml-cpp/", "agent/config"},     {"CLI/", "agent/cli"},
      {"utf8proc.h", "reconciler/base"}, {"prometheus/", "agent/metrics"},
      {"httplib.h", "agent/metrics"},
  };
  std::map<std::string, std::set<std::string>> files;
  for (const SourceFile& file : Sources()) {
    if (absl::StartsWith(file.path, "tests/")) continue;
    for (const std::string& include : IncludesOf(file)) {
      for (const auto& [library, place] : places) {
        if (!absl::StartsWith(include, library)) continue;
        EXPECT_EQ(FolderOf(file.path), place) << file.path << " includes " << include;
        files[library].insert(file.path);
      }
      // The two ends of the wire.
      if (!absl::StartsWith(include, "grpcpp/")) continue;
      EXPECT_THAT(FolderOf(file.path), ::testing::AnyOf("agent/service", "agent/remote"))
          << file.path << " includes " << include;
    }
  }
  EXPECT_EQ(files["curl/"].size(), 1u);
  EXPECT_EQ(files["sqlite3.h"].size(), 1u);
  EXPECT_EQ(files["yaml-cpp/"].size(), 1u);
}

TEST(TidyTest, OnlyTheWiringNamesConcreteDirectories) {
  std::set<std::string> files;
  for (const SourceFile& file : Sources()) {
    if (!absl::StartsWith(file.path, "agent/")) continue;
    for (const std::string& include : IncludesOf(file)) {
      const bool concrete = absl::StartsWith(include, "clients/scim/") ||
                            absl::StartsWith(include, "clients/crowd/") ||
                            absl::StartsWith(include, "clients/atlassian/");
      if (concrete) files.insert(file.path);
    }
  }
  EXPECT_EQ(files, std::set<std::string>{"agent/runs/wiring.cc"});
}

TEST(TidyTest, NoFileIsTooLong) {
  for (const SourceFile& file : Sources()) {
    // A schema is one reference; a list of test cases may be long.
    if (absl::EndsWith(file.path, ".proto") || absl::EndsWith(file.path, "_test.cc")) continue;
    EXPECT_LE(file.lines.size(), static_cast<size_t>(kMaxLines)) << file.path;
  }
}

TEST(TidyTest, NothingIsLeftForLater) {
  // Put together here, so that this file does not find itself.
  const std::vector<std::string> words = {absl::StrCat("TO", "DO"), absl::StrCat("FIX", "ME"),
                                          absl::StrCat("X", "XX:")};
  for (const SourceFile& file : Sources()) {
    for (size_t i = 0; i < file.lines.size(); ++i) {
      for (const std::string& word : words) {
        EXPECT_FALSE(absl::StrContains(file.lines[i], word)) << file.path << ":" << i + 1;
      }
    }
  }
}

// The words between backquotes below "# Incidents" in the README of the scenarios.
std::vector<std::string> WordsOfTheIncidents() {
  std::ifstream in(std::filesystem::path(ROLLCALL_SOURCE_DIR) / "tests/scenarios/README.md");
  std::vector<std::string> words;
  bool incidents = false;
  for (std::string line; std::getline(in, line);) {
    incidents = incidents || line == "# Incidents";
    if (!incidents || !absl::StartsWith(line, "| ")) continue;
    const std::vector<std::string> parts = absl::StrSplit(line, '`');
    for (size_t i = 1; i < parts.size(); i += 2) words.push_back(parts[i]);
  }
  return words;
}

bool SomeFileHolds(absl::string_view folder, const std::string& text) {
  return std::any_of(Sources().begin(), Sources().end(), [&](const SourceFile& file) {
    return absl::StartsWith(file.path, folder) &&
           std::any_of(file.lines.begin(), file.lines.end(),
                       [&](const std::string& line) { return absl::StrContains(line, text); });
  });
}

TEST(TidyTest, TheTableOfIncidentsNamesTestsThatExist) {
  const std::vector<std::string> words = WordsOfTheIncidents();
  EXPECT_GT(words.size(), 40u);
  const std::filesystem::path root = ROLLCALL_SOURCE_DIR;
  for (const std::string& word : words) {
    if (word == "e2e" || word == "tests/e2e") continue;
    const size_t dot = word.find('.');
    if (dot == std::string::npos) {
      EXPECT_TRUE(std::filesystem::exists(root / "tests/scenarios" / (word + ".scenario"))) << word;
    } else {
      // The name may stand on a line of its own.
      EXPECT_TRUE(SomeFileHolds("tests/e2e/", word.substr(dot + 1) + ")")) << word;
      EXPECT_TRUE(SomeFileHolds("tests/e2e/", "(" + word.substr(0, dot) + ",")) << word;
    }
  }
}

TEST(TidyTest, HeadersBeginWithWhatTheyAre) {
  for (const SourceFile& file : Sources()) {
    if (!absl::EndsWith(file.path, ".h") || file.lines.empty()) continue;
    EXPECT_TRUE(absl::StartsWith(file.lines[0], "// ")) << file.path;
  }
}

TEST(TidyTest, HeaderGuardsFollowThePath) {
  for (const SourceFile& file : Sources()) {
    if (!absl::EndsWith(file.path, ".h")) continue;
    std::string guard = absl::StrCat("#ifndef ", file.path, "_");
    for (size_t i = 8; i < guard.size(); ++i) {
      guard[i] = std::isalnum(static_cast<unsigned char>(guard[i])) != 0
                     ? static_cast<char>(std::toupper(static_cast<unsigned char>(guard[i])))
                     : '_';
    }
    EXPECT_NE(std::find(file.lines.begin(), file.lines.end(), guard), file.lines.end())
        << file.path << " lacks " << guard;
  }
}

TEST(TidyTest, EverythingIsFormatted) {
  if (access(kClangFormat, X_OK) != 0) GTEST_SKIP() << kClangFormat << " is not installed";
  std::vector<std::string> argv = {kClangFormat, "--dry-run", "-Werror"};
  for (const SourceFile& file : Sources()) {
    if (!absl::EndsWith(file.path, ".proto")) argv.push_back(file.path);
  }
  ChildProcess child(argv, {ROLLCALL_SOURCE_DIR, {}});
  const ChildResult result = child.Wait();
  EXPECT_EQ(result.exit_code, 0) << result.err.substr(0, 2000);
}

}  // namespace
}  // namespace rollcall
