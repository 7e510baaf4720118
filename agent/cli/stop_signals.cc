#include "agent/cli/stop_signals.h"

#include <unistd.h>

#include <cstring>

#include "agent/runs/exit_code.h"

namespace rollcall {
namespace {

// A signal handler can reach nothing but what has static storage.
StopFlag stop_requested;
const char* last_words_said = StopSignals::kResumes;

void OnSignal(int) {
  if (stop_requested.requested()) {
    [[maybe_unused]] const ssize_t written =
        write(STDERR_FILENO, last_words_said, std::strlen(last_words_said));
    _exit(static_cast<int>(ExitCode::kPartial));
  }
  stop_requested.Request();
  constexpr char kText[] = "\nStopping: finishing what is in flight. Once more to stop at once.\n";
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kText, sizeof(kText) - 1);
}

}  // namespace

StopSignals::StopSignals(const char* last_words) {
  last_words_said = last_words;
  struct sigaction action{};
  action.sa_handler = OnSignal;
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, &old_interrupt_);
  sigaction(SIGTERM, &action, &old_terminate_);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &old_interrupt_, nullptr);
  sigaction(SIGTERM, &old_terminate_, nullptr);
}

CallContext StopSignals::context() const {
  CallContext context;
  context.stop = &stop_requested;
  return context;
}

}  // namespace rollcall
