#include "agent/store/run_lock.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;

class RunLockTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<RunLock>> Acquire(const std::string& run,
                                                   std::vector<std::string> directories) {
    return RunLock::Acquire(state_, run, std::move(directories));
  }
  TempFolder folder_;
  const std::string state_ = folder_.File("rollcall.db");
};

TEST_F(RunLockTest, SecondRunOverTheSameDirectoryIsRefusedAndNamesTheFirst) {
  auto first = Acquire("r-1", {"crowd", "cloud"});
  ASSERT_TRUE(first.ok()) << first.status();
  auto second = Acquire("r-2", {"scim", "cloud"});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("cloud is being worked on by run r-1"));
}

TEST_F(RunLockTest, RefusedRunHoldsNothing) {
  auto first = Acquire("r-1", {"z-last"});
  EXPECT_FALSE(Acquire("r-2", {"a-first", "z-last"}).ok());
  EXPECT_TRUE(Acquire("r-3", {"a-first"}).ok());
}

TEST_F(RunLockTest, RunsOverDifferentDirectoriesGoSideBySide) {
  auto first = Acquire("r-1", {"crowd"});
  auto second = Acquire("r-2", {"scim"});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_THAT(std::string(Acquire("r-3", {"crowd"}).status().message()), HasSubstr("r-1"));
  EXPECT_THAT(std::string(Acquire("r-3", {"scim"}).status().message()), HasSubstr("r-2"));
}

TEST_F(RunLockTest, LockEndsWithItsObject) {
  {
    ASSERT_TRUE(Acquire("r-1", {"crowd"}).ok());
  }
  EXPECT_TRUE(Acquire("r-2", {"crowd"}).ok());
}

TEST_F(RunLockTest, SameDirectoryNamedTwiceIsOne) {
  EXPECT_TRUE(Acquire("r-1", {"crowd", "crowd"}).ok());
}

TEST_F(RunLockTest, OtherProcessHoldsItUntilItDies) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto lock = RunLock::Acquire(state_, "r-other", {"crowd"});
    if (!lock.ok() || write(ready[1], "x", 1) != 1) _exit(1);
    while (true) pause();
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_THAT(std::string(Acquire("r-2", {"crowd"}).status().message()), HasSubstr("r-other"));
  kill(child, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(Acquire("r-2", {"crowd"}).ok());
  close(ready[0]);
  close(ready[1]);
}

TEST_F(RunLockTest, LockFileIsTheOwnersOnly) {
  auto lock = Acquire("r-1", {"crowd"});
  struct stat found{};
  ASSERT_EQ(stat((state_ + ".lock").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST_F(RunLockTest, MoreDirectoriesThanTheLimitAreRefused) {
  std::vector<std::string> directories;
  for (int i = 0; i < 1000; ++i) directories.push_back(std::to_string(i));
  {
    EXPECT_TRUE(Acquire("r-1", directories).ok());
  }
  directories.push_back("one more");
  EXPECT_EQ(Acquire("r-1", directories).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(RunLockTest, MissingFolderIsTold) {
  EXPECT_EQ(RunLock::Acquire(folder_.File("missing/x.db"), "r", {"crowd"}).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace rollcall
