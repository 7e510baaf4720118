// Runs one command of the configuration, `{exec: [COMMAND, ARGUMENT, …]}`, without a shell, and
// reads its standard output. Standard input is empty; standard error is discarded, since it may
// hold what must not reach a log. Blocking; any thread. The command is ended (SIGKILL to its
// process group) when its time is up, when it prints too much, or when the context is stopped.
//
// Errors name the command (argv[0]) and never its arguments or its output:
//   NOT_FOUND          it cannot be started
//   UNAVAILABLE        it ended with an exit code other than 0, or by a signal
//   DEADLINE_EXCEEDED  its time was up
//   RESOURCE_EXHAUSTED it printed more than max_bytes
//   CANCELLED          the context was stopped
#ifndef AGENT_CONFIG_COMMAND_H_
#define AGENT_CONFIG_COMMAND_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "reconciler/base/call_context.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct CommandSpec {
  std::vector<std::string> argv;  // argv[0] is looked up in PATH unless it holds a slash
  std::string folder;             // to run in; empty: the process's own
  absl::Duration timeout = absl::Seconds(10);
  int64_t max_bytes = 64 * 1024;
};

// Receives the output in pieces of at most 64 KiB; an error ends the command and is returned. What
// came before an error must be thrown away: only OK means that all of it was read.
using OutputSink = std::function<absl::Status(absl::string_view)>;

absl::Status RunCommand(const CommandSpec& command, const OutputSink& sink, Runtime& runtime,
                        const CallContext& context);

}  // namespace rollcall

#endif  // AGENT_CONFIG_COMMAND_H_
