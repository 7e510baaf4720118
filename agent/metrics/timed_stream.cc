#include "agent/metrics/timed_stream.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rollcall {

bool TimedStream::Wait(short events) const {
  while (!stopping_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end_of_time_ - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd item = {socket_, events, 0};
    const int ready = poll(&item, 1, static_cast<int>(std::min<long>(left.count(), kLook)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

bool TimedStream::is_readable() const { return begin_ < end_ || Wait(POLLIN); }

bool TimedStream::is_writable() const { return Wait(POLLOUT); }

ssize_t TimedStream::read(char* data, size_t size) {
  if (begin_ == end_) {
    if (left_ == 0 || !Wait(POLLIN)) return -1;
    const ssize_t got = recv(socket_, buffer_.data(), std::min(buffer_.size(), left_), 0);
    if (got <= 0) return got;
    begin_ = 0;
    end_ = static_cast<size_t>(got);
    left_ -= end_;
  }
  const size_t count = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, count);
  begin_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t TimedStream::write(const char* data, size_t size) {
  size_t sent = 0;
  while (sent < size) {  // each turn sends at least one byte, or waits, which ends in time
    if (!Wait(POLLOUT)) return -1;
    const ssize_t count = send(socket_, data + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return -1;
    if (count > 0) sent += static_cast<size_t>(count);
  }
  return static_cast<ssize_t>(size);
}

// Nobody here asks where a request came from.
void TimedStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void TimedStream::get_local_ip_and_port(std::string& ip, int& port) const {
  get_remote_ip_and_port(ip, port);
}

}  // namespace rollcall
