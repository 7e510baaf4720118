#include "agent/cli/session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/render/safe_text.h"
#include "agent/runs/export_input.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

std::string CommandOf(const GlobalOptions& options) {
  const std::string program = ShellWord(options.program);
  if (options.config == GlobalOptions().config) return program;
  return absl::StrCat(program, " --config ", ShellWord(options.config));
}

}  // namespace

Session::Session(LoadedConfig config, std::string command, Console& console)
    : config_(std::move(config)),
      command_(std::move(command)),
      progress_(console.error_is_terminal() ? ProgressDisplay::Medium::kTerminal
                                            : ProgressDisplay::Medium::kLines,
                console.err(), runtime_) {}

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const GlobalOptions& options,
                                                       Console& console, Scope scope) {
  absl::StatusOr<LoadedConfig> config = LoadConfig(options.config);
  if (!config.ok()) return WithExitCode(ExitCode::kUsage, config.status());
  std::unique_ptr<Session> session(new Session(*std::move(config), CommandOf(options), console));
  if (scope != Scope::kDirectoriesOnly) {
    ASSIGN_OR_RETURN(session->store_, Store::Open(session->config_.StatePath()));
  } else {
    session->remembered_ = RememberedTraits(session->config_.StatePath());
  }
  if (scope != Scope::kState) {
    TraitStore* traits =
        session->store_ == nullptr ? session->remembered_.get() : &session->store_->traits();
    const Patience patience =
        scope == Scope::kDirectoriesOnly ? Patience::kBrief : Patience::kUsual;
    ASSIGN_OR_RETURN(session->wiring_, Wiring::Connect(session->config_, session->runtime_,
                                                       session->progress_, traits, patience));
  }
  return session;
}

Planning Session::planning() {
  return Planning({.spec = config_.spec,
                   .store = *store_,
                   .runtime = runtime_,
                   .readers = wiring_->readers(),
                   .export_source = SourceName(config_)});
}

Applying Session::applying(FullVerification full_verification) {
  ExecutorOptions executor;
  executor.reread_after = config_.spec.reread_after;
  executor.full_verification = std::move(full_verification);
  return Applying({.spec = config_.spec,
                   .store = *store_,
                   .runtime = runtime_,
                   .progress = progress_,
                   .endpoints = wiring_->endpoints(),
                   .executor = executor,
                   .throttling = [this] { return wiring_->throttling(); },
                   .command = command_});
}

Applying Session::judging() {
  return Applying({.spec = config_.spec,
                   .store = *store_,
                   .runtime = runtime_,
                   .progress = progress_,
                   .endpoints = {},
                   .executor = {},
                   .throttling = nullptr,
                   .command = command_});
}

absl::StatusOr<Export> Session::ReadExport(const std::optional<std::string>& other_file,
                                           Keep keep) {
  return ReadConfiguredExport(
      {.config = config_, .other_file = other_file, .keep_all_attributes = keep == Keep::kAll},
      runtime_, context());
}

}  // namespace rollcall
