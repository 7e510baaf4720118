#include "reconciler/apply/outcome.h"

namespace rollcall {

const char* OutcomeStateName(OutcomeState state) {
  switch (state) {
    case OutcomeState::kApplied:
      return "APPLIED";
    case OutcomeState::kAlreadyDone:
      return "ALREADY_DONE";
    case OutcomeState::kSkippedStale:
      return "SKIPPED_STALE";
    case OutcomeState::kRefused:
      return "REFUSED";
    case OutcomeState::kFailed:
      return "FAILED";
    case OutcomeState::kUnknown:
      return "UNKNOWN";
  }
  return "";
}

const char* RunStateName(RunState state) {
  switch (state) {
    case RunState::kQueued:
      return "QUEUED";
    case RunState::kRunning:
      return "RUNNING";
    case RunState::kVerifying:
      return "VERIFYING";
    case RunState::kCancelling:
      return "CANCELLING";
    case RunState::kSucceeded:
      return "SUCCEEDED";
    case RunState::kPartial:
      return "PARTIAL";
    case RunState::kFailed:
      return "FAILED";
    case RunState::kCancelled:
      return "CANCELLED";
    case RunState::kInterrupted:
      return "INTERRUPTED";
  }
  return "";
}

bool HasEnded(RunState state) {
  return state == RunState::kSucceeded || state == RunState::kPartial ||
         state == RunState::kFailed || state == RunState::kCancelled;
}

}  // namespace rollcall
