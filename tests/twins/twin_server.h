// A twin behind a loopback socket. Calls of the twin are serialised by a mutex; delays are waited
// outside of it, so that slow answers overlap as they do with real servers. Broken deliveries (no
// answer, half a body) are carried out on the socket. Connections are kept alive.
//
// Threads: Start, Stop and the destructor by the owner; everything else by any thread. All threads
// have ended when Stop returns. Limits: 32 connections at a time, bodies of 64 MB.
//
// Example:
//   TwinServer server(&rehearsal);
//   if (absl::Status status = server.Start("127.0.0.1:0"); !status.ok()) return status;
//   client.Get(server.url() + "/scim/v2/Users");
//   server.Exclusively([&] { EXPECT_EQ(rehearsal.log().writes(), 0); });
#ifndef TESTS_TWINS_TWIN_SERVER_H_
#define TESTS_TWINS_TWIN_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "tests/twins/message.h"

namespace rollcall::twins {

class TwinServer {
 public:
  // `twin` outlives the server.
  explicit TwinServer(Twin* twin);
  ~TwinServer();
  TwinServer(const TwinServer&) = delete;
  TwinServer& operator=(const TwinServer&) = delete;

  // "127.0.0.1:0", "[::1]:8080", "localhost:0"; port 0 takes a free one. Anything but loopback is
  // INVALID_ARGUMENT: a rehearsal has no business on a network. UNAVAILABLE: the port is taken.
  absl::Status Start(const std::string& address);
  // Closes everything; answers that are being waited for are dropped. May be called again.
  void Stop();

  int port() const;
  std::string url() const;  // "http://127.0.0.1:PORT"

  // Runs `action` while no request is being handled: for looking at the twin or its world.
  void Exclusively(const std::function<void()>& action);

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_TWIN_SERVER_H_
