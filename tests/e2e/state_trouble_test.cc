// Trouble with the state file and with other processes, on the real binary: a disk that is full, a
// state that may not be written, one of a newer version, a run that stands still while another one
// is started. What cannot be journalled is not sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "tests/e2e/workplace.h"

namespace rollcall {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kSomebody[] = "ada.rossi@example.com";

// A shell with mounts of its own, which go away with it.
std::vector<std::string> ShellWithMounts() {
  return {"/usr/bin/unshare", geteuid() == 0 ? "-m" : "-rm", "/bin/sh"};
}

// A place whose state lies in a folder of its own, on which a small disk can be mounted.
class SmallDiskTest : public testing::Test {
 protected:
  SmallDiskTest() {
    place_.Write("rollcall.yaml",
                 absl::StrReplaceAll(place_.Read("rollcall.yaml"),
                                     {{"state: rollcall.db", "state: disk/rollcall.db"}}));
  }

  void SetUp() override {
    const ChildResult tried = Run("mount -t tmpfs tmpfs disk");
    if (tried.exit_code != 0) GTEST_SKIP() << "no mounts of one's own here: " << tried.err;
  }

  // Runs a script after `disk` was made; `fill_at` is the request to the twin at which everything
  // that is left of the disk is used up (0: none).
  ChildResult Run(const std::string& script, int64_t fill_at = 0) {
    std::atomic<pid_t> pid{0};
    std::unique_ptr<ChildProcess> child;
    place_.Exclusively([&] {
      place_.watched().set_watch([&, fill_at](int64_t number, const twins::TwinRequest&) {
        if (number == fill_at) FillDiskOf(pid);
        return true;
      });
      child = place_.StartScript(ShellWithMounts(), absl::StrCat("mkdir -p disk\n", script));
      pid = child->pid();
    });
    ChildResult result = child->Wait();
    place_.Exclusively([&] { place_.watched().set_watch(nullptr); });
    return result;
  }

  // What a process sees as its disk is reached by its own root.
  void FillDiskOf(pid_t pid) {
    std::ofstream filler(absl::StrCat("/proc/", pid, "/root", place_.File("disk/filler")),
                         std::ios::binary);
    const std::string block(512, 'x');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())) &&
           filler.flush()) {
    }
  }

  Workplace place_;
};

constexpr char kPlanOnASmallDisk[] =
    "mount -t tmpfs -o size=4m tmpfs disk\n"
    "$ROLLCALL plan --format json >plan.json\n"
    "id=$(sed -n 's/^ *\"id\": *\"\\(p-[^\"]*\\)\".*/\\1/p' plan.json | head -1)\n"
    "apply() { $ROLLCALL apply $id --yes --waive first_run --reason tested; }\n";

TEST_F(SmallDiskTest, AFullDiskStopsTheRunAndWithSpaceItGoesOnAsIfUndisturbed) {
  const ChildResult peace = Run(absl::StrCat(kPlanOnASmallDisk, "apply"));
  ASSERT_EQ(peace.exit_code, 4) << peace.out << peace.err;
  const std::string world = place_.World();
  const int64_t writes = place_.Writes();
  const int64_t requests = place_.Requests();
  int stopped = 0;
  for (int64_t at = 10; at < requests; at += requests / 12) {
    SCOPED_TRACE(absl::StrCat("full at request ", at, " of ", requests));
    place_.StartOver();
    const ChildResult both =
        Run(absl::StrCat(kPlanOnASmallDisk,
                         "apply >first.out 2>first.err; echo $? >first.code\n"
                         "rm disk/filler\napply >second.out 2>second.err; echo $? >second.code"),
            at);
    const std::string first = place_.Read("first.code");
    const std::string said = place_.Read("first.out") + place_.Read("first.err");
    if (first != "4\n") {
      ++stopped;
      EXPECT_EQ(first, "1\n") << said;
      EXPECT_THAT(said, HasSubstr("the disk is full; free space and run the command again"));
      EXPECT_EQ(place_.Read("second.code"), "4\n")
          << place_.Read("second.out") << place_.Read("second.err") << both.err;
    }
    EXPECT_EQ(place_.World(), world);
    EXPECT_EQ(place_.Writes(), writes);
  }
  EXPECT_GE(stopped, 3);
}

TEST_F(SmallDiskTest, WithAFullDiskNobodyIsDeactivatedUnrecorded) {
  const ChildResult result =
      Run(absl::StrCat("mount -t tmpfs -o size=4m tmpfs disk\n"
                       "$ROLLCALL plan >first.out 2>&1\n"
                       "cat /dev/zero >disk/filler 2>/dev/null\n"
                       "$ROLLCALL deactivate ",
                       kSomebody, " --reason left"));
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_THAT(result.err, HasSubstr("the disk is full"));
  EXPECT_EQ(place_.Writes(), 0);
}

TEST_F(SmallDiskTest, AStateThatMayNotBeWrittenKeepsEverythingAsItIs) {
  const ChildResult result = Run(absl::StrCat(
      kPlanOnASmallDisk, "mount -o remount,ro disk\napply >apply.out 2>apply.err; echo $? >code\n",
      "$ROLLCALL plan >plan.out 2>plan.err; echo $? >plan.code"));
  EXPECT_EQ(place_.Read("code"), "1\n") << place_.Read("apply.err");
  EXPECT_THAT(place_.Read("apply.err"), HasSubstr("disk/rollcall.db"));
  EXPECT_THAT(place_.Read("apply.err"), HasSubstr("may write the folder and the file"));
  EXPECT_EQ(place_.Read("plan.code"), "1\n") << place_.Read("plan.err");
  EXPECT_EQ(place_.Writes(), 0);
}

TEST(StateTroubleTest, AStateOfANewerVersionIsLeftAlone) {
  Workplace place;
  const std::string plan = place.MakePlan();
  std::string state = place.Read("rollcall.db");
  ASSERT_GT(state.size(), 64);
  state[60] = 1;  // SQLite's user version, four bytes, the highest first: our schema's number
  place.Write("rollcall.db", state);
  const int64_t requests = place.Requests();
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"apply", plan, "--yes"},
                                             {"plan"},
                                             {"deactivate", kSomebody, "--reason", "x"},
                                             {"runs", "list"}}) {
    const ChildResult result = place.Rollcall(command);
    EXPECT_EQ(result.exit_code, 1) << command[0] << result.out << result.err;
    EXPECT_THAT(result.err, HasSubstr("use the newer Rollcall that wrote it")) << command[0];
    EXPECT_THAT(result.err, HasSubstr("rollcall.db")) << command[0];
  }
  EXPECT_EQ(place.Read("rollcall.db"), state);
  EXPECT_EQ(place.Requests(), requests);
}

// How long the run below stands still, on top of what is done meanwhile.
absl::Duration StandStill() {
  const char* given = std::getenv("ROLLCALL_STAND_STILL_SECONDS");
  int64_t seconds = 0;
  if (given != nullptr && !absl::SimpleAtoi(given, &seconds)) ADD_FAILURE() << given;
  return absl::Seconds(seconds);
}

TEST(StateTroubleTest, WhileARunStandsStillAnotherIsRefusedAndThenItGoesOn) {
  WorkplaceOptions options;
  options.directory_options = "rate: 2000, concurrency: 1, ";  // it stands in no commit
  Workplace place(options);
  const std::string undisturbed = place.MakePlan();
  ASSERT_EQ(place.Apply(undisturbed).exit_code, 4);
  const std::string world = place.World();
  const int64_t writes = place.Writes();
  place.StartOver();
  const std::string plan = place.MakePlan();
  std::atomic<pid_t> pid{0};
  std::atomic<int64_t> writes_seen{0};
  std::unique_ptr<ChildProcess> first;
  place.Exclusively([&] {
    place.watched().set_watch([&](int64_t, const twins::TwinRequest& request) {
      if (request.method != "GET" && ++writes_seen == 3) kill(pid, SIGSTOP);
      return true;
    });
    first = place.Start({"apply", plan, "--yes", "--waive", "first_run", "--reason", "tested"});
    pid = first->pid();
  });
  while (writes_seen < 3) {
    ASSERT_EQ(kill(first->pid(), 0), 0);
    place.Exclusively([] {});
  }
  const absl::Time stopped = absl::Now();
  const std::string other = place.MakePlan();
  const ChildResult refused = place.Apply(other);
  EXPECT_EQ(refused.exit_code, 5) << refused.out << refused.err;
  EXPECT_THAT(refused.err, HasSubstr(" is changing corp since it was made"));
  const ChildResult same = place.Apply(plan);
  EXPECT_THAT(same.exit_code, AnyOf(1, 5)) << same.out << same.err;
  EXPECT_LE(place.Writes(), 3);
  while (absl::Now() - stopped < StandStill()) place.Requests();
  kill(first->pid(), SIGCONT);
  const ChildResult result = first->Wait();
  EXPECT_EQ(result.exit_code, 4) << result.out << result.err;
  EXPECT_THAT(result.out, StartsWith("SUCCEEDED"));
  EXPECT_EQ(place.World(), world);
  // Longer than the time-out: the answer to the write in flight is lost, and it is sent again.
  const int64_t unanswered = StandStill() > absl::Seconds(30) ? 1 : 0;
  EXPECT_LE(place.Writes(), writes + unanswered);
  EXPECT_GE(place.Writes(), writes);
}

}  // namespace
}  // namespace rollcall
