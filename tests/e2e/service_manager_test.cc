// The real `rollcall serve` under a service manager that is told how it goes, as under systemd.
#include "agent/service/service_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/e2e/workplace.h"
#include "tests/support/notify_socket.h"

namespace rollcall {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kListening[] = "STATUS=Listening on 127.0.0.1:";

WorkplaceOptions OnAnyPort() {
  WorkplaceOptions options;
  options.more_config = "serve: {listen: \"127.0.0.1:0\"}\n";
  return options;
}

// The daemon itself, as the shell's process, with these variables.
std::unique_ptr<ChildProcess> ServeUnder(Workplace& place, const std::string& variables) {
  return place.StartScript({"/bin/sh"}, absl::StrCat(variables, " exec \"$ROLLCALL\" serve"));
}

int PortIn(const std::string& told) {
  const size_t at = told.find(kListening);
  int port = 0;
  if (at == std::string::npos) return 0;
  const std::string rest = told.substr(at + sizeof(kListening) - 1);
  EXPECT_TRUE(absl::SimpleAtoi(rest.substr(0, rest.find(';')), &port)) << told;
  return port;
}

bool Answers(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(probe);
  return answers;
}

int64_t MonotonicMicroseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return absl::ToInt64Microseconds(absl::DurationFromTimespec(now));
}

int64_t MonotonicIn(const std::string& told) {
  constexpr char kKey[] = "\nMONOTONIC_USEC=";
  const size_t at = told.find(kKey);
  int64_t value = 0;
  if (at == std::string::npos) return 0;
  const std::string rest = told.substr(at + sizeof(kKey) - 1);
  EXPECT_TRUE(absl::SimpleAtoi(rest.substr(0, rest.find('\n')), &value)) << told;
  return value;
}

TEST(ServiceManagerE2eTest, ReadyIsToldWhenThePortAnswersAndStoppingBeforeTheEnd) {
  Workplace place(OnAnyPort());
  NotifySocket manager(place.File("notify"));
  const auto daemon = ServeUnder(place, "NOTIFY_SOCKET=\"$PWD/notify\"");
  const int port = PortIn(manager.Await("READY=1"));
  EXPECT_TRUE(Answers(port)) << port;
  kill(daemon->pid(), SIGTERM);
  EXPECT_THAT(manager.Await("STOPPING=1"), HasSubstr("\nEXTEND_TIMEOUT_USEC="));
  const ChildResult ended = daemon->Wait();
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  manager.TakeAll();
  EXPECT_THAT(manager.taken(), Each(Not(HasSubstr("WATCHDOG"))));
}

TEST(ServiceManagerE2eTest, ReadingTheConfigurationAgainIsToldWithItsTimeAndItsErrors) {
  Workplace place(OnAnyPort());
  NotifySocket manager(place.File("notify"));
  const auto daemon = ServeUnder(place, "NOTIFY_SOCKET=\"$PWD/notify\"");
  ASSERT_NE(manager.Await("READY=1"), "");

  const int64_t before = MonotonicMicroseconds();
  kill(daemon->pid(), SIGHUP);
  const int64_t told = MonotonicIn(manager.Await("RELOADING=1"));
  EXPECT_GE(told, before);
  EXPECT_LE(told, MonotonicMicroseconds());
  EXPECT_THAT(manager.Await("READY=1"), Not(HasSubstr("refused")));

  place.Write("rollcall.yaml", "nonsense: true\n");
  kill(daemon->pid(), SIGHUP);
  ASSERT_NE(manager.Await("RELOADING=1"), "");
  EXPECT_THAT(manager.Await("READY=1"), HasSubstr("the changed configuration was refused"));
  kill(daemon->pid(), SIGTERM);
  EXPECT_EQ(daemon->Wait().exit_code, 0);
}

TEST(ServiceManagerE2eTest, WatchdogIsToldTwiceInItsTimeOnAnAbstractSocket) {
  Workplace place(OnAnyPort());
  const std::string name = absl::StrCat("@rollcall-test-", getpid());
  NotifySocket manager(name);
  const auto daemon =
      ServeUnder(place, absl::StrCat("NOTIFY_SOCKET='", name, "' WATCHDOG_USEC=400000"));
  ASSERT_NE(manager.Await("READY=1"), "");
  ASSERT_NE(manager.Await("WATCHDOG=1"), "");
  const absl::Time first = absl::Now();
  for (int i = 0; i < 5; ++i) ASSERT_NE(manager.Await("WATCHDOG=1"), "");
  // What is told a little late is not made up for: never faster than one in 200 ms but by that.
  EXPECT_GT(absl::Now() - first, absl::Milliseconds(600));
  kill(daemon->pid(), SIGTERM);
  EXPECT_THAT(manager.Await("STOPPING=1"), HasSubstr("\nWATCHDOG_USEC="));
  EXPECT_EQ(daemon->Wait().exit_code, 0);
}

TEST(ServiceManagerE2eTest, OneThatDoesNotStartIsNeverReady) {
  Workplace place(OnAnyPort());
  place.Write("rollcall.yaml", "nonsense: true\n");
  NotifySocket manager(place.File("notify"));
  EXPECT_EQ(ServeUnder(place, "NOTIFY_SOCKET=\"$PWD/notify\"")->Wait().exit_code, 7);
  manager.TakeAll();
  EXPECT_THAT(manager.taken(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace rollcall
