// The connection to a running agent: in the clear to this machine only (loopback or a unix socket),
// else, or where a certificate file is named, TLS 1.2 or newer with the agent's name checked.
// Thread-safe.
#ifndef AGENT_REMOTE_CHANNEL_H_
#define AGENT_REMOTE_CHANNEL_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/remote/server_options.h"

namespace rollcall {

struct Connection {
  std::shared_ptr<grpc::Channel> channel;
  std::string authorization;  // the header's value; empty: none is sent
};

// Connects when it is first used. Exit code 7 (refusal.h): an address that is none, a file that
// cannot be read or does not hold what it should, a key without its certificate.
absl::StatusOr<Connection> ConnectTo(const ServerOptions& options);

}  // namespace rollcall

#endif  // AGENT_REMOTE_CHANNEL_H_
