// TimedStream: one accepted connection as cpp-httplib reads and writes it, with a limit for all
// that comes and for all the time it takes. Used by the connection's thread alone; the socket
// belongs to the caller.
#ifndef AGENT_METRICS_TIMED_STREAM_H_
#define AGENT_METRICS_TIMED_STREAM_H_

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace rollcall {

class TimedStream final : public httplib::Stream {
 public:
  struct Limits {
    std::chrono::milliseconds patience;
    size_t most_received = 0;
  };

  // `stopping` ends it, noticed within kLook.
  TimedStream(socket_t socket, const Limits& limits, const std::atomic<bool>& stopping)
      : socket_(socket),
        end_of_time_(std::chrono::steady_clock::now() + limits.patience),
        left_(limits.most_received),
        stopping_(stopping) {}

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  static constexpr int kLook = 100;  // milliseconds

  bool Wait(short events) const;

  const socket_t socket_;
  const std::chrono::steady_clock::time_point end_of_time_;
  size_t left_;  // to be received
  const std::atomic<bool>& stopping_;
  // The library asks for single bytes.
  std::array<char, 4096> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace rollcall

#endif  // AGENT_METRICS_TIMED_STREAM_H_
