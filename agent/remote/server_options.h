// Where a running agent is, and how to show who asks. Values.
#ifndef AGENT_REMOTE_SERVER_OPTIONS_H_
#define AGENT_REMOTE_SERVER_OPTIONS_H_

#include <string>

namespace rollcall {

struct ServerOptions {
  // "HOST:PORT" or "unix:PATH".
  std::string address;
  // A file with the certificates (PEM) that may have signed the agent's; empty: those that this
  // machine trusts.
  std::string ca;
  // This caller's certificate and key (PEM files); both or neither.
  std::string certificate;
  std::string key;
  // A file that holds this caller's bearer token; empty: none is shown.
  std::string token_file;

  bool operator==(const ServerOptions&) const = default;
};

}  // namespace rollcall

#endif  // AGENT_REMOTE_SERVER_OPTIONS_H_
