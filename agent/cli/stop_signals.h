// StopSignals: while one is alive, Ctrl-C (SIGINT) and SIGTERM ask the run to stop: what is in
// flight is finished and recorded. A second one ends the process at once with exit code 4; the
// journal then knows what is open. One at a time in a process.
#ifndef AGENT_CLI_STOP_SIGNALS_H_
#define AGENT_CLI_STOP_SIGNALS_H_

#include <signal.h>

#include "reconciler/base/call_context.h"

namespace rollcall {

class StopSignals {
 public:
  // What the second one says before the process ends at once; one of those below.
  static constexpr char kResumes[] = "\nStopped at once. The same apply resumes the run.\n";
  static constexpr char kGoesOn[] =
      "\nStopped waiting. What was asked for goes on in the agent; `rollcall runs list` and "
      "`rollcall plans list` with the same --server show it.\n";

  explicit StopSignals(const char* last_words = kResumes);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  CallContext context() const;

 private:
  struct sigaction old_interrupt_{};
  struct sigaction old_terminate_{};
};

}  // namespace rollcall

#endif  // AGENT_CLI_STOP_SIGNALS_H_
