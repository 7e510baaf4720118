// LoopbackServer: a server for tests that answers exactly the bytes that a test wants, broken ones
// too: cut bodies, resets, silence, lies about lengths. Listens on a free port of 127.0.0.1, with
// TLS if it is given a certificate. One thread a connection; all have ended with the destructor.
//
//   LoopbackServer server([](const LoopbackServer::Request&) { return Answer(200, "hello"); });
//   client.Send(Get(server.url() + "/x"), {});
//   EXPECT_EQ(server.requests().size(), 1);
#ifndef TESTS_SUPPORT_LOOPBACK_SERVER_H_
#define TESTS_SUPPORT_LOOPBACK_SERVER_H_

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "clients/http/message.h"
#include "reconciler/base/mutex.h"
#include "tests/support/test_certificates.h"

namespace rollcall {

class LoopbackServer {
 public:
  struct Request {
    std::string method;
    std::string target;  // as it was sent
    Headers headers;
    std::string body;
    int connection = 0;  // numbered from 1
  };
  enum class Then {
    kKeep,     // wait for the next request on the connection
    kClose,    // close it in good order
    kReset,    // cut it with a TCP reset
    kSilence,  // neither answer nor close until the client gives up
  };
  struct Reply {
    std::string bytes;
    Then then = Then::kKeep;
  };
  // Called on the connections' threads, several at once.
  using Handler = std::function<Reply(const Request&)>;

  // `certificate` null: plain http.
  explicit LoopbackServer(Handler handler, const CertificateFiles* certificate = nullptr);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  int port() const { return port_; }
  std::string url() const;  // "http://127.0.0.1:PORT"
  std::vector<Request> requests();
  int connections();

 private:
  class Wire;
  void Accept();
  void Serve(int socket, int number);
  bool Exchange(Wire& wire, int number);

  const Handler handler_;
  const bool tls_;
  std::shared_ptr<void> tls_context_;
  int port_ = 0;  // before listener_, which sets it
  int listener_ = -1;
  Mutex mutex_;
  std::vector<int> sockets_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> workers_ ABSL_GUARDED_BY(mutex_);
  std::vector<Request> requests_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

// A complete answer with `Content-Length`.
LoopbackServer::Reply Answer(int status, const std::string& body = "", const Headers& headers = {});

}  // namespace rollcall

#endif  // TESTS_SUPPORT_LOOPBACK_SERVER_H_
