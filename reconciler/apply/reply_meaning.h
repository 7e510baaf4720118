// ReplyMeaning: the table above WriteReply (reconciler/ports/directory.h) as a type, so that it is
// written down once in code. Pure, any thread.
#ifndef RECONCILER_APPLY_REPLY_MEANING_H_
#define RECONCILER_APPLY_REPLY_MEANING_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace rollcall {

enum class ReplyMeaning : uint8_t {
  kDone,            // OK
  kWasSoAlready,    // ALREADY_EXISTS
  kGone,            // NOT_FOUND
  kContentRefused,  // INVALID_ARGUMENT: one of a batch may be to blame
  kStateRefused,    // FAILED_PRECONDITION: a limit, read-only
  kDenied,          // PERMISSION_DENIED
  kKeyRefused,      // UNAUTHENTICATED
  kNotSent,         // UNAVAILABLE: no effect, retries used up
  kWithdrawn,       // CANCELLED: stopped before anything was sent
  kLost,            // UNKNOWN, and every code that the table does not name: sent, effect unknown
};

ReplyMeaning MeaningOf(const absl::Status& status);

// The finding that the reply is about (kFindingPayload), for Outcome::finding; empty: none.
std::string FindingOf(const absl::Status& status);

}  // namespace rollcall

#endif  // RECONCILER_APPLY_REPLY_MEANING_H_
