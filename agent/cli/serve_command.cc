// `rollcall serve`.
#include <csignal>
#include <iostream>
#include <memory>

#include "agent/cli/command_line.h"
#include "agent/runs/refusal.h"
#include "agent/service/agent.h"
#include "agent/service/service_manager.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/base/system_runtime.h"

namespace rollcall {
namespace {

// A signal handler can reach nothing but what has static storage.
StopFlag serve_stop;
volatile std::sig_atomic_t serve_reload = 0;
SystemRuntime& ServeRuntime() {
  static SystemRuntime& kRuntime = *new SystemRuntime;
  return kRuntime;
}

void OnStop(int) {
  serve_stop.Request();
  ServeRuntime().Rouse();
}
void OnReload(int) {
  serve_reload = 1;
  ServeRuntime().Rouse();
}

void Handle(int signal, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(signal, &action, nullptr);
}

bool TakeReload() {
  if (serve_reload == 0) return false;
  serve_reload = 0;
  return true;
}

absl::StatusOr<ExitCode> RunServe(CommandLine& line) {
  SystemRuntime& runtime = ServeRuntime();  // before a signal needs it
  Handle(SIGINT, OnStop);
  Handle(SIGTERM, OnStop);
  Handle(SIGHUP, OnReload);
  Log log(line.console.err(), runtime);
  const std::unique_ptr<ServiceManager> manager = ServiceManager::FromEnvironment(log);
  ASSIGN_OR_RETURN(const std::unique_ptr<Agent> agent,
                   Agent::Open(line.global.config, runtime, log));
  log.Info("listening", {{"address", agent->address()},
                         {"metrics", agent->metrics_address()},
                         {"config", line.global.config}});
  agent->Run(serve_stop, TakeReload, *manager);
  return ExitCode::kInStep;
}

}  // namespace

void AddServe(CLI::App& app, CommandLine& line) {
  CLI::App* command = app.add_subcommand(
      "serve", "The daemon: the gRPC service and the schedules, until SIGTERM or Ctrl-C");
  command->footer(
      "Example:\n  rollcall --config rollcall.yaml serve\n\nListens where `serve.listen` says, by "
      "default on 127.0.0.1:8441. SIGHUP reads the\nconfiguration again; a bad one is refused and "
      "the old one stays. Logs a line of JSON\nfor each thing that happens to standard error.");
  command->callback([&line] { line.chosen = [&line] { return RunServe(line); }; });
}

}  // namespace rollcall
