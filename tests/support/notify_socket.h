// NotifySocket: the datagram socket of a service manager, as systemd gives one to the programs that
// it starts. One thread. Aborts the test program when it cannot be made: no test can go on then.
//
//   NotifySocket socket(folder.File("notify"));   // or "@name" for an abstract one
//   EXPECT_THAT(socket.Await("READY=1"), HasSubstr("STATUS="));
#ifndef TESTS_SUPPORT_NOTIFY_SOCKET_H_
#define TESTS_SUPPORT_NOTIFY_SOCKET_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall {

class NotifySocket {
 public:
  explicit NotifySocket(const std::string& name);
  ~NotifySocket();
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  // The next message that has this line; "" when none comes in a minute.
  std::string Await(absl::string_view line);
  // All messages that were taken so far.
  const std::vector<std::string>& taken() const { return taken_; }
  // Takes what is there already, and waits for nothing.
  void TakeAll();

 private:
  bool Take(absl::Duration patience);

  int socket_ = -1;
  std::vector<std::string> taken_;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_NOTIFY_SOCKET_H_
