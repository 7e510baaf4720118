// Reads from a loopback port as bytes, so that tests see exactly what comes.
#ifndef TESTS_AGENT_METRICS_PAGE_READER_H_
#define TESTS_AGENT_METRICS_PAGE_READER_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"

namespace rollcall {

class PageConnection {
 public:
  // "127.0.0.1:PORT".
  explicit PageConnection(const std::string& address) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    name.sin_port =
        htons(static_cast<uint16_t>(std::atoi(address.substr(address.rfind(':') + 1).c_str())));
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
  }
  ~PageConnection() { close(socket_); }
  PageConnection(const PageConnection&) = delete;
  PageConnection& operator=(const PageConnection&) = delete;

  bool connected() const { return connected_; }

  // False: the other side has closed.
  bool Send(const std::string& bytes) const {
    size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t count = send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) return false;
      sent += static_cast<size_t>(count);
    }
    return true;
  }

  // Until the other side closes.
  std::string ReadAll() const {
    std::string text;
    char buffer[4096];
    ssize_t count = 0;
    while ((count = recv(socket_, buffer, sizeof(buffer), 0)) > 0) {
      text.append(buffer, static_cast<size_t>(count));
    }
    return text;
  }

 private:
  const int socket_;
  bool connected_ = false;
};

// The whole answer to a GET: status, headers, body.
inline std::string ReadPage(const std::string& address, const std::string& path) {
  const PageConnection connection(address);
  connection.Send(absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: ", address, "\r\n\r\n"));
  return connection.ReadAll();
}

}  // namespace rollcall

#endif  // TESTS_AGENT_METRICS_PAGE_READER_H_
