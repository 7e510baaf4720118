// Session: what one command works with: the configuration, the state file, the directories, time,
// progress and Ctrl-C. Opened as far as the command needs it. One thread.
#ifndef AGENT_CLI_SESSION_H_
#define AGENT_CLI_SESSION_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "agent/cli/console.h"
#include "agent/cli/global_options.h"
#include "agent/cli/progress_display.h"
#include "agent/cli/stop_signals.h"
#include "agent/config/load_config.h"
#include "agent/render/view_options.h"
#include "agent/runs/applying.h"
#include "agent/runs/planning.h"
#include "agent/runs/wiring.h"
#include "agent/store/store.h"
#include "reconciler/base/system_runtime.h"

namespace rollcall {

class Session {
 public:
  // How much is opened; each includes those before it. kDirectories without the state file is for
  // `check`, which writes nothing: it only looks up what the file remembers of servers.
  enum class Scope : uint8_t { kState, kStateAndDirectories, kDirectoriesOnly };

  // Errors carry their exit code: 7 for the configuration.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const GlobalOptions& options,
                                                       Console& console, Scope scope);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const LoadedConfig& config() const { return config_; }
  const Spec& spec() const { return config_.spec; }
  Store& store() { return *store_; }
  Runtime& runtime() { return runtime_; }
  ProgressDisplay& progress() { return progress_; }
  const Wiring& wiring() const { return *wiring_; }
  CallContext context() const { return signals_.context(); }
  // "rollcall --config x.yaml", as a person would type it again.
  const std::string& command() const { return command_; }
  ViewOptions view(bool all) const { return {command_, all ? size_t{0} : ViewOptions().rows}; }

  Planning planning();
  Applying applying(FullVerification full_verification);
  // For judging plans only: it knows no directories.
  Applying judging();

  // The export of the configuration, or of another file in its format. Errors have exit code 6.
  // `keep`: which attributes of people stay.
  enum class Keep : uint8_t { kNeeded, kAll };
  absl::StatusOr<Export> ReadExport(const std::optional<std::string>& other_file, Keep keep);

 private:
  Session(LoadedConfig config, std::string command, Console& console);

  const LoadedConfig config_;
  const std::string command_;
  SystemRuntime runtime_;
  ProgressDisplay progress_;
  StopSignals signals_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<TraitStore> remembered_;  // where the state file is not opened
  std::unique_ptr<Wiring> wiring_;
};

}  // namespace rollcall

#endif  // AGENT_CLI_SESSION_H_
