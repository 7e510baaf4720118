#include "reconciler/apply/reply_meaning.h"

#include "absl/strings/cord.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

ReplyMeaning MeaningOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ReplyMeaning::kDone;
    case absl::StatusCode::kAlreadyExists:
      return ReplyMeaning::kWasSoAlready;
    case absl::StatusCode::kNotFound:
      return ReplyMeaning::kGone;
    case absl::StatusCode::kInvalidArgument:
      return ReplyMeaning::kContentRefused;
    case absl::StatusCode::kFailedPrecondition:
      return ReplyMeaning::kStateRefused;
    case absl::StatusCode::kPermissionDenied:
      return ReplyMeaning::kDenied;
    case absl::StatusCode::kUnauthenticated:
      return ReplyMeaning::kKeyRefused;
    case absl::StatusCode::kUnavailable:
      return ReplyMeaning::kNotSent;
    case absl::StatusCode::kCancelled:
      return ReplyMeaning::kWithdrawn;
    default:
      // A code that promises nothing about the effect must not be taken for "not sent".
      return ReplyMeaning::kLost;
  }
}

std::string FindingOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kFindingPayload);
  return payload.has_value() ? std::string(*payload) : "";
}

}  // namespace rollcall
