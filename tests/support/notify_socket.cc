#include "tests/support/notify_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace rollcall {

NotifySocket::NotifySocket(const std::string& name)
    : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.empty() || name.size() >= sizeof(address.sun_path)) std::abort();
  std::memcpy(address.sun_path, name.data(), name.size());
  const bool abstract = name[0] == '@';
  if (abstract) address.sun_path[0] = '\0';
  const size_t length = offsetof(sockaddr_un, sun_path) + name.size() + (abstract ? 0 : 1);
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(length)) !=
      0) {
    std::perror(name.c_str());
    std::abort();
  }
}

NotifySocket::~NotifySocket() { close(socket_); }

bool NotifySocket::Take(absl::Duration patience) {
  pollfd look{socket_, POLLIN, 0};
  const int64_t milliseconds = std::max<int64_t>(0, absl::ToInt64Milliseconds(patience));
  if (poll(&look, 1, static_cast<int>(milliseconds)) <= 0) return false;
  char bytes[4096];
  const ssize_t size = recv(socket_, bytes, sizeof(bytes), 0);
  if (size < 0) return false;
  taken_.emplace_back(bytes, static_cast<size_t>(size));
  return true;
}

void NotifySocket::TakeAll() {
  while (Take(absl::ZeroDuration())) {
  }
}

std::string NotifySocket::Await(absl::string_view line) {
  const absl::Time end = absl::Now() + absl::Minutes(1);
  while (Take(end - absl::Now())) {
    for (const absl::string_view part : absl::StrSplit(taken_.back(), '\n')) {
      if (part == line) return taken_.back();
    }
  }
  return "";
}

}  // namespace rollcall
