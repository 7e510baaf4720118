#include "tests/twins/twin_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rollcall::twins {
namespace {

constexpr int kIdleMilliseconds = 30'000;
constexpr int kReadMilliseconds = 5'000;
constexpr int kSliceMilliseconds = 20;

}  // namespace

bool TwinStream::WaitReadable(int milliseconds) const {
  for (int waited = 0; waited < milliseconds && !stopping_; waited += kSliceMilliseconds) {
    pollfd item = {socket_, POLLIN, 0};
    const int ready = ::poll(&item, 1, kSliceMilliseconds);
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

bool TwinStream::WaitForRequest() {
  if (begin_ < end_) return true;
  if (!WaitReadable(kIdleMilliseconds)) return false;
  char byte;
  return ::recv(socket_, &byte, 1, MSG_PEEK) == 1;
}

bool TwinStream::is_readable() const {
  return !dropped_ && (begin_ < end_ || WaitReadable(kReadMilliseconds));
}

ssize_t TwinStream::read(char* data, size_t size) {
  if (begin_ == end_) {
    if (dropped_ || !WaitReadable(kReadMilliseconds)) return -1;
    const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (got <= 0) return got;
    begin_ = 0;
    end_ = static_cast<size_t>(got);
  }
  const size_t count = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t TwinStream::write(const char* data, size_t size) {
  if (dropped_) return -1;
  size_t sent = 0;
  while (sent < size) {  // each turn sends at least one byte or ends
    const ssize_t count = ::send(socket_, data + sent, size - sent, MSG_NOSIGNAL);
    if (count <= 0 && errno != EINTR) return -1;
    if (count > 0) sent += static_cast<size_t>(count);
  }
  return static_cast<ssize_t>(size);
}

void TwinStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = "127.0.0.1";  // only loopback is ever listened on, and nothing asks for the port
  port = 0;
}

void TwinStream::get_local_ip_and_port(std::string& ip, int& port) const {
  get_remote_ip_and_port(ip, port);
}

}  // namespace rollcall::twins
