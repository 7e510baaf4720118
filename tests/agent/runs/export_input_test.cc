#include "agent/runs/export_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

class ExportInputTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.File(name), std::ios::binary) << text;
  }

  // The export that `export:` names.
  absl::StatusOr<Export> Read(const std::string& exported) {
    const absl::StatusOr<LoadedConfig> config =
        ParseConfig(absl::StrCat("export: ", exported,
                                 "\ndirectories: [{id: a, people: all, scim: {url: "
                                 "\"https://a.example.com\", token: {env: T}}}]\n"),
                    folder_.File("rollcall.yaml"));
    if (!config.ok()) return config.status();
    return ReadConfiguredExport(
        {.config = *config, .other_file = other_file_, .keep_all_attributes = false}, runtime_, {});
  }

  TempFolder folder_;
  FakeRuntime runtime_;
  std::optional<std::string> other_file_;
};

TEST_F(ExportInputTest, TheDelimiterOfTheConfigurationReachesTheReader) {
  Write("p.csv", "user_name;active;note, a, b, c\nada;1;x\n");
  EXPECT_FALSE(Read("{people: p.csv}").ok());
  const absl::StatusOr<Export> exported = Read("{people: p.csv, csv: {delimiter: semicolon}}");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->people.size(), 1u);
  Write("t.csv", "user_name\tactive;,,,\nada\t1\n");
  EXPECT_EQ(Read("{people: t.csv, csv: {delimiter: tab, active: \"active;,,,\"}}")->people.size(),
            1u);
  Write("c.csv", "user_name,active,a;b;c;d\nada,1,\n");
  EXPECT_EQ(Read("{people: c.csv, csv: {delimiter: comma}}")->people.size(), 1u);
}

TEST_F(ExportInputTest, TheStatusesOfTheConfigurationReachTheReader) {
  Write("p.csv", "login,status\nada,LOCKED_OUT\nbob,STAGED\ncy,ACTIVE\ndi,ACTIVE\n");
  const absl::StatusOr<Export> exported =
      Read("{people: p.csv, statuses: {LOCKED_OUT: hold, STAGED: active, ACTIVE: inactive}}");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->people[0].standing, Standing::kHold);
  EXPECT_EQ(exported->people[1].standing, Standing::kActive);
  EXPECT_EQ(exported->people[2].standing, Standing::kInactive);
}

TEST_F(ExportInputTest, AnotherFileStandsForThePeopleAndTheGroupsStay) {
  Write("p.csv", "id,user_name,active\n1,ada,1\n");
  Write("g.csv", "group,member\neng,2\n");
  Write("other.csv", "id,user_name,active\n2,bob,1\n");
  other_file_ = folder_.File("other.csv");
  const absl::StatusOr<Export> exported = Read("{people: p.csv, groups: g.csv}");
  ASSERT_TRUE(exported.ok()) << exported.status();
  ASSERT_EQ(exported->people.size(), 1u);
  EXPECT_EQ(exported->people[0].user_name, "bob");
  EXPECT_EQ(exported->groups.size(), 1u);
}

TEST_F(ExportInputTest, TheNewestFileOfAPatternIsRead) {
  Write("p-1.csv", "user_name,active\nold,1\n");
  Write("p-2.csv", "user_name,active\nnew,1\n");
  ASSERT_EQ(std::system(absl::StrCat("touch -d '2 hours ago' ", folder_.File("p-2.csv")).c_str()),
            0);
  EXPECT_EQ(Read("{people: \"p-*.csv\"}")->people[0].user_name, "old");
  ASSERT_EQ(std::system(absl::StrCat("touch -d '3 hours ago' ", folder_.File("p-1.csv")).c_str()),
            0);
  EXPECT_EQ(Read("{people: \"p-*.csv\"}")->people[0].user_name, "new");
  EXPECT_THAT(std::string(Read("{people: \"q-*.csv\"}").status().message()),
              HasSubstr("there is no file"));
}

TEST_F(ExportInputTest, TheOutputOfACommandIsRead) {
  const absl::StatusOr<Export> exported =
      Read("{people: {exec: [printf, 'user_name,active\\nada,1\\n']}}");
  ASSERT_TRUE(exported.ok()) << exported.status();
  EXPECT_EQ(exported->people.size(), 1u);
  const absl::Status failed = Read("{people: {exec: [\"false\"]}}").status();
  EXPECT_FALSE(failed.ok());
  EXPECT_THAT(std::string(failed.message()), HasSubstr("false"));
}

}  // namespace
}  // namespace rollcall
