// RemoteSession: what one command works with that asks a running agent: the connection, time,
// progress and Ctrl-C. Reads no configuration and opens no state. One thread.
#ifndef AGENT_CLI_REMOTE_SESSION_H_
#define AGENT_CLI_REMOTE_SESSION_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/cli/console.h"
#include "agent/cli/global_options.h"
#include "agent/cli/progress_display.h"
#include "agent/cli/stop_signals.h"
#include "agent/remote/reconciler_client.h"
#include "agent/render/view_options.h"
#include "reconciler/base/system_runtime.h"

namespace rollcall {

class RemoteSession {
 public:
  // Exit code 7 where the options are no good. Nothing is asked yet.
  static absl::StatusOr<std::unique_ptr<RemoteSession>> Open(const GlobalOptions& options,
                                                             Console& console);
  RemoteSession(const RemoteSession&) = delete;
  RemoteSession& operator=(const RemoteSession&) = delete;

  ReconcilerClient& agent() { return *agent_; }
  Runtime& runtime() { return runtime_; }
  ProgressDisplay& progress() { return progress_; }
  CallContext context() const { return signals_.context(); }
  // "rollcall --server 127.0.0.1:8441", as a person would type it again.
  const std::string& command() const { return command_; }
  ViewOptions view(bool all) const { return {command_, all ? size_t{0} : ViewOptions().rows}; }

 private:
  RemoteSession(std::string command, Console& console);

  const std::string command_;
  SystemRuntime runtime_;
  ProgressDisplay progress_;
  StopSignals signals_;
  std::unique_ptr<ReconcilerClient> agent_;
};

}  // namespace rollcall

#endif  // AGENT_CLI_REMOTE_SESSION_H_
