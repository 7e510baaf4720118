#include "agent/service/service_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/system_runtime.h"
#include "tests/support/notify_socket.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ServiceManagerTest : public ::testing::Test {
 protected:
  const std::vector<std::string>& Told() {
    socket_.TakeAll();
    return socket_.taken();
  }

  TempFolder folder_;
  SystemRuntime runtime_;
  std::ostringstream logged_;
  Log log_{logged_, runtime_};
  const std::string name_ = folder_.File("notify");
  NotifySocket socket_{name_};
};

TEST_F(ServiceManagerTest, StatusIsToldOnlyWhenItChanges) {
  ServiceManager manager(name_, absl::InfiniteDuration(), log_);
  manager.Ready("well");
  manager.Status("well");
  manager.Status("worse");
  EXPECT_THAT(Told(), ElementsAre("READY=1\nSTATUS=well", "STATUS=worse"));
}

TEST_F(ServiceManagerTest, StatusStaysOneLineOfWholeCharactersUpToTheLimit) {
  ServiceManager manager(name_, absl::InfiniteDuration(), log_);
  manager.Status("a\nREADY=1");
  const std::string full(ServiceManager::kMaxStatus, 'x');
  manager.Status(full);
  manager.Status(absl::StrCat("y", full));
  // Its last character begins at the last byte that is left.
  const std::string almost(ServiceManager::kMaxStatus - 1, 'z');
  manager.Status(absl::StrCat(almost, "é"));
  EXPECT_THAT(Told(), ElementsAre("STATUS=a\\x0aREADY=1", absl::StrCat("STATUS=", full),
                                  absl::StrCat("STATUS=y", full.substr(1)),
                                  absl::StrCat("STATUS=", almost)));
}

TEST_F(ServiceManagerTest, BeatsComeInHalfOfTheWatchdogsTime) {
  ServiceManager manager(name_, absl::Seconds(20), log_);
  const absl::Time start = absl::UnixEpoch();
  const auto moves = [] { return true; };
  manager.Beat(start, moves);
  EXPECT_EQ(manager.next_beat(), start + absl::Seconds(10));
  manager.Beat(start + absl::Seconds(9), moves);
  EXPECT_EQ(Told().size(), 1u);
  manager.Beat(start + absl::Seconds(10), moves);
  EXPECT_THAT(Told(), ElementsAre("WATCHDOG=1", "WATCHDOG=1"));
}

TEST_F(ServiceManagerTest, NoBeatComesFromADaemonThatStandsStill) {
  ServiceManager manager(name_, absl::Seconds(20), log_);
  manager.Beat(absl::UnixEpoch(), [] { return false; });
  EXPECT_THAT(Told(), IsEmpty());
  manager.Beat(absl::UnixEpoch() + absl::Seconds(10), [] { return true; });
  EXPECT_THAT(Told(), ElementsAre("WATCHDOG=1"));
}

TEST_F(ServiceManagerTest, ClockThatIsSetBackDelaysNoBeat) {
  ServiceManager manager(name_, absl::Seconds(20), log_);
  manager.Beat(absl::UnixEpoch() + absl::Hours(3), [] { return true; });
  manager.Beat(absl::UnixEpoch(), [] { return true; });
  EXPECT_EQ(Told().size(), 2u);
  EXPECT_EQ(manager.next_beat(), absl::UnixEpoch() + absl::Seconds(10));
}

TEST_F(ServiceManagerTest, WithoutAWatchdogThereAreNoBeats) {
  ServiceManager manager(name_, absl::InfiniteDuration(), log_);
  manager.Beat(absl::UnixEpoch(), [] { return true; });
  EXPECT_THAT(Told(), IsEmpty());
  EXPECT_EQ(manager.next_beat(), absl::InfiniteFuture());
  manager.Stopping(absl::Seconds(3));
  EXPECT_THAT(Told().back(), HasSubstr("STOPPING=1\nEXTEND_TIMEOUT_USEC=3000000\nSTATUS="));
}

TEST_F(ServiceManagerTest, TheEndTakesTheWatchdogAlong) {
  ServiceManager manager(name_, absl::Seconds(20), log_);
  manager.Stopping(absl::Seconds(90));
  EXPECT_THAT(Told().back(), HasSubstr("\nWATCHDOG_USEC=90000000\n"));
}

TEST_F(ServiceManagerTest, WhatTheEnvironmentSaysIsTakenOutOfIt) {
  setenv("NOTIFY_SOCKET", name_.c_str(), 1);
  setenv("WATCHDOG_USEC", "20000000", 1);
  setenv("WATCHDOG_PID", absl::StrCat(getpid()).c_str(), 1);
  const std::unique_ptr<ServiceManager> manager = ServiceManager::FromEnvironment(log_);
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
    EXPECT_EQ(getenv(name), nullptr) << name;
  }
  manager->Beat(absl::UnixEpoch(), [] { return true; });
  EXPECT_THAT(Told(), ElementsAre("WATCHDOG=1"));
}

TEST_F(ServiceManagerTest, WatchdogOfAnotherProcessOrOfNoNumberIsNone) {
  for (const auto& [time, pid] : std::vector<std::pair<std::string, std::string>>{
           {"20000000", "1"}, {"0", ""}, {"-5", ""}, {"soon", ""}, {"", ""}, {"5", "me"}}) {
    setenv("NOTIFY_SOCKET", name_.c_str(), 1);
    setenv("WATCHDOG_USEC", time.c_str(), 1);
    if (!pid.empty()) setenv("WATCHDOG_PID", pid.c_str(), 1);
    EXPECT_EQ(ServiceManager::FromEnvironment(log_)->next_beat(), absl::InfiniteFuture())
        << time << " " << pid;
  }
}

TEST_F(ServiceManagerTest, WhoDoesNotListenIsNamedInTheLogOnceAndDoesNoHarm) {
  for (const std::string& name :
       {folder_.File("nobody"), std::string("vsock:2:1"), std::string("/"),
        absl::StrCat("/", std::string(108, 'x')), std::string("@")}) {
    logged_.str("");
    ServiceManager manager(name, absl::Seconds(20), log_);
    manager.Ready("well");
    manager.Beat(absl::UnixEpoch(), [] { return true; });
    EXPECT_THAT(logged_.str(), HasSubstr(absl::StrCat("\"socket\":\"", name, "\""))) << name;
  }
}

TEST_F(ServiceManagerTest, ManagerThatIsGoneIsToldOfOnce) {
  auto gone = std::make_unique<NotifySocket>(folder_.File("gone"));
  ServiceManager manager(folder_.File("gone"), absl::InfiniteDuration(), log_);
  gone.reset();
  manager.Ready("well");
  manager.Status("worse");
  const std::string logged = logged_.str();
  EXPECT_THAT(logged, HasSubstr("could not be told"));
  EXPECT_EQ(std::count(logged.begin(), logged.end(), '\n'), 1);
}

TEST_F(ServiceManagerTest, WithoutASocketNothingIsSaidAtAll) {
  ServiceManager manager("", absl::Seconds(20), log_);
  manager.Ready("well");
  manager.Stopping(absl::Seconds(1));
  EXPECT_EQ(manager.next_beat(), absl::InfiniteFuture());
  EXPECT_EQ(logged_.str(), "");
}

}  // namespace
}  // namespace rollcall
