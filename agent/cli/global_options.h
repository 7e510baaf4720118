// What stands before the command. A value.
#ifndef AGENT_CLI_GLOBAL_OPTIONS_H_
#define AGENT_CLI_GLOBAL_OPTIONS_H_

#include <string>

#include "agent/remote/server_options.h"

namespace rollcall {

struct GlobalOptions {
  std::string program = "rollcall";  // as it was called
  std::string config = "rollcall.yaml";
  // A running agent that is asked in place of the local state; no address: none is.
  ServerOptions server;
};

}  // namespace rollcall

#endif  // AGENT_CLI_GLOBAL_OPTIONS_H_
