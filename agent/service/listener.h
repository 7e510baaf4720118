// Listener: the gRPC server: where it listens, with which certificates, how large what it takes may
// be; health and reflection. One thread starts and ends it; health may be set from any.
//
// Refuses (exit code 7) to listen on anything but loopback or a unix socket without certificates
// and without configured callers: whoever reaches it could lock everybody out.
#ifndef AGENT_SERVICE_LISTENER_H_
#define AGENT_SERVICE_LISTENER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/config/load_config.h"

namespace rollcall {

inline constexpr char kUsualListenAddress[] = "127.0.0.1:8441";
inline constexpr int kMostReceived = 4 << 20;  // bytes of one message
inline constexpr int kMostSent = 64 << 20;     // bytes of one message

class Listener {
 public:
  // `service` outlives the listener.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(const LoadedConfig& config,
                                                        grpc::Service& service);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // Where it listens, with the port that the system chose: "127.0.0.1:8441".
  const std::string& address() const { return address_; }

  // Of the standard health service. "": the process as a whole.
  void SetHealth(const std::string& name, bool serving);

  // Takes no more requests and waits for those that are being answered; after `patience` they are
  // cut off. Returns when all are done.
  void Close(absl::Duration patience);

 private:
  Listener() = default;

  std::string address_;
  std::string socket_;  // the file of a unix socket
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace rollcall

#endif  // AGENT_SERVICE_LISTENER_H_
