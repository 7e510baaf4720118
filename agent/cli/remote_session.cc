#include "agent/cli/remote_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/render/safe_text.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

std::string CommandWith(const GlobalOptions& options) {
  std::string command = ShellWord(options.program);
  const auto add = [&command](absl::string_view name, const std::string& value) {
    if (!value.empty()) absl::StrAppend(&command, " ", name, " ", ShellWord(value));
  };
  add("--server", options.server.address);
  add("--server-ca", options.server.ca);
  add("--client-cert", options.server.certificate);
  add("--client-key", options.server.key);
  add("--token-file", options.server.token_file);
  return command;
}

}  // namespace

RemoteSession::RemoteSession(std::string command, Console& console)
    : command_(std::move(command)),
      progress_(console.error_is_terminal() ? ProgressDisplay::Medium::kTerminal
                                            : ProgressDisplay::Medium::kLines,
                console.err(), runtime_),
      signals_(StopSignals::kGoesOn) {}

absl::StatusOr<std::unique_ptr<RemoteSession>> RemoteSession::Open(const GlobalOptions& options,
                                                                   Console& console) {
  std::unique_ptr<RemoteSession> session(new RemoteSession(CommandWith(options), console));
  ASSIGN_OR_RETURN(session->agent_, ReconcilerClient::Connect(options.server, session->runtime_));
  return session;
}

}  // namespace rollcall
