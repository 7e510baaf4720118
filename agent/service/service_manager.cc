#include "agent/service/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/render/safe_text.h"

namespace rollcall {
namespace {

std::string TakeVariable(const char* name) {
  const char* const value = getenv(name);
  const std::string text = value == nullptr ? "" : value;
  unsetenv(name);
  return text;
}

// A socket that is connected to the name, or -1 with errno.
int ConnectTo(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool known = name[0] == '/' || name[0] == '@';
  if (!known || name.size() < 2 || name.size() >= sizeof(address.sun_path)) {
    errno = EINVAL;
    return -1;
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';
  // An abstract name has no end but its length.
  const size_t length = offsetof(sockaddr_un, sun_path) + name.size() + (name[0] == '/' ? 1 : 0);
  const int made = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (made < 0) return -1;
  const timeval patience = absl::ToTimeval(ServiceManager::kSendPatience);
  setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (connect(made, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)) ==
      0) {
    return made;
  }
  const int error = errno;
  close(made);
  errno = error;
  return -1;
}

// One line: another one would be another message to the manager. It is cut between characters,
// since the manager takes UTF-8 only.
std::string StatusLine(absl::string_view status) {
  std::string line = Printable(status);
  size_t size = std::min(line.size(), ServiceManager::kMaxStatus);
  while (size > 0 && size < line.size() && (line[size] & 0xC0) == 0x80) --size;
  line.resize(size);
  return absl::StrCat("STATUS=", line);
}

absl::Duration WatchdogOf(const std::string& microseconds, const std::string& pid) {
  int64_t time = 0;
  int64_t whose = getpid();
  if (!absl::SimpleAtoi(microseconds, &time) || time <= 0) return absl::InfiniteDuration();
  if (!pid.empty() && !absl::SimpleAtoi(pid, &whose)) return absl::InfiniteDuration();
  return whose == getpid() ? absl::Microseconds(time) : absl::InfiniteDuration();
}

}  // namespace

std::unique_ptr<ServiceManager> ServiceManager::FromEnvironment(Log& log) {
  const std::string socket = TakeVariable("NOTIFY_SOCKET");
  const std::string microseconds = TakeVariable("WATCHDOG_USEC");
  const std::string pid = TakeVariable("WATCHDOG_PID");
  return std::make_unique<ServiceManager>(socket, WatchdogOf(microseconds, pid), log);
}

ServiceManager::ServiceManager(const std::string& socket, absl::Duration watchdog, Log& log)
    : interval_(watchdog / 2), log_(log), next_beat_(absl::InfiniteFuture()) {
  if (socket.empty()) return;
  socket_ = ConnectTo(socket);
  if (socket_ < 0) {
    log_.Warn("the service manager cannot be told how the daemon is",
              {{"socket", socket}, {"error", std::strerror(errno)}});
  } else if (interval_ < absl::InfiniteDuration()) {
    next_beat_ = absl::InfinitePast();
  }
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) close(socket_);
}

void ServiceManager::Ready(absl::string_view status) {
  status_ = StatusLine(status);
  Send(absl::StrCat("READY=1\n", status_));
}

void ServiceManager::Status(absl::string_view status) {
  std::string line = StatusLine(status);
  if (line == status_) return;
  status_ = std::move(line);
  Send(status_);
}

void ServiceManager::Reloading() {
  // The manager takes the READY of before for an answer unless it is told since when.
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  Send(absl::StrCat(
      "RELOADING=1\nMONOTONIC_USEC=", absl::ToInt64Microseconds(absl::DurationFromTimespec(now)),
      "\nSTATUS=Reading the configuration again"));
}

void ServiceManager::Stopping(absl::Duration longest) {
  const int64_t microseconds = absl::ToInt64Microseconds(longest);
  // Who waits for the end cannot beat.
  const bool watched = next_beat_ < absl::InfiniteFuture();
  Send(absl::StrCat("STOPPING=1\nEXTEND_TIMEOUT_USEC=", microseconds,
                    watched ? absl::StrCat("\nWATCHDOG_USEC=", microseconds) : "",
                    "\nSTATUS=Stopping: what is in flight may end"));
}

void ServiceManager::Beat(absl::Time now, const std::function<bool()>& moves) {
  if (next_beat_ == absl::InfiniteFuture()) return;
  const bool set_back = now < next_beat_ - interval_;
  if (now < next_beat_ && !set_back) return;
  next_beat_ = now + interval_;
  if (moves()) Send("WATCHDOG=1");
}

void ServiceManager::Send(const std::string& lines) {
  if (socket_ < 0) return;
  const ssize_t sent = send(socket_, lines.data(), lines.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(lines.size()) || complained_) return;
  complained_ = true;
  log_.Warn("the service manager could not be told how the daemon is",
            {{"error", std::strerror(errno)}});
}

}  // namespace rollcall
