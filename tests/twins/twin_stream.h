// One accepted connection, as the HTTP library reads and writes it, with the means to drop it.
// Used by the connection's thread alone. The socket belongs to the caller.
#ifndef TESTS_TWINS_TWIN_STREAM_H_
#define TESTS_TWINS_TWIN_STREAM_H_

#include <httplib.h>

#include <array>
#include <atomic>
#include <string>

namespace rollcall::twins {

class TwinStream : public httplib::Stream {
 public:
  TwinStream(socket_t socket, const std::atomic<bool>& stopping)
      : socket_(socket), stopping_(stopping) {}

  // Waits for the first byte of a request. False: the client closed, said nothing for 30 seconds,
  // or the server is being stopped.
  bool WaitForRequest();

  // From now on nothing is written: the client sees the connection close without an answer.
  void Drop() { dropped_ = true; }
  bool dropped() const { return dropped_; }

  bool is_readable() const override;
  bool is_writable() const override { return !dropped_; }
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  // Waits until there is something to read, in slices, so that a stop is noticed.
  bool WaitReadable(int milliseconds) const;

  const socket_t socket_;
  const std::atomic<bool>& stopping_;
  bool dropped_ = false;
  std::array<char, 16384> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_TWIN_STREAM_H_
