// The story of deploy/quickstart.sh, with the binaries of this build in place of those that it
// would build.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

// A folder that looks like the repository, where installing and building have nothing to do.
class QuickstartTest : public testing::Test {
 protected:
  void SetUp() override {
    const std::string source = ROLLCALL_SOURCE_DIR "/deploy/";
    fs::create_directories(root_.File("deploy"));
    fs::copy(source + "quickstart", root_.File("deploy/quickstart"), fs::copy_options::recursive);
    fs::copy(source + "quickstart.sh", root_.File("deploy/quickstart.sh"));
    Program("deploy/install_packages.sh");
    Program("bin/cmake");
    for (const char* binary : {"agent/rollcall", "tests/rollcall-twin"}) {
      const fs::path link = root_.File(absl::StrCat("build/ci/", binary));
      fs::create_directories(link.parent_path());
      fs::create_symlink(absl::StrCat(ROLLCALL_BINARY_DIR "/", binary), link);
    }
  }

  // One that succeeds at once.
  void Program(const std::string& name) {
    const fs::path path = root_.File(name);
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\nexit 0\n";
    fs::permissions(path, fs::perms::owner_all);
  }

  ChildResult Run() {
    const std::string script =
        absl::StrCat("PATH=\"", root_.File("bin"), ":$PATH\" exec ./deploy/quickstart.sh");
    return ChildProcess({"/bin/sh", "-c", script}, {.folder = root_.path(), .environment = {}})
        .Wait();
  }

  TempFolder root_;
};

TEST_F(QuickstartTest, OnePersonLeavesFourPlacesWithOneCommand) {
  const ChildResult told = Run();
  ASSERT_EQ(told.exit_code, 0) << told.out << told.err;
  EXPECT_THAT(told.out, HasSubstr("carla.meier@example.com can no longer get in: 4 accounts"));
  const std::string gone = "[^\n]* inactive, seen";
  for (const char* place : {"    crowd +carla.meier +[a-z ]*active +here",
                            "    cloud +carla.meier@[a-z.]+ +[a-z ]*active +follows cloud-scim",
                            "    cloud-scim +carla.meier@[a-z.]+ +[a-z ]*active +here",
                            "    site +carla.meier@[a-z.]+ +[a-z ]*active +follows cloud-scim"}) {
    EXPECT_THAT(told.out, ContainsRegex(place + gone));
  }
  EXPECT_THAT(told.out, HasSubstr("Done. What to try next"));
}

}  // namespace
}  // namespace rollcall
