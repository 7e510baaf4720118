// What the clients of all kinds say alike of what a server answers.
#include "clients/http/server_answer.h"

#include <gtest/gtest.h>

namespace rollcall {
namespace {

TEST(NothingWritten, WhatIsSaidOfTheObjectOrTheKeyStays) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kNotFound, absl::StatusCode::kUnauthenticated,
        absl::StatusCode::kPermissionDenied, absl::StatusCode::kInvalidArgument,
        absl::StatusCode::kCancelled}) {
    EXPECT_EQ(NothingWritten("activating ada", absl::Status(code, "says the server")),
              absl::Status(code, "activating ada: says the server"));
  }
}

// Nothing was sent that may have had an effect, so that it is never UNKNOWN.
TEST(NothingWritten, EverythingElseMayBeTriedAgain) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kUnknown, absl::StatusCode::kDataLoss, absl::StatusCode::kUnavailable,
        absl::StatusCode::kDeadlineExceeded, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kInternal}) {
    EXPECT_EQ(NothingWritten("activating ada", absl::Status(code, "cut")),
              absl::UnavailableError("activating ada: cut; nothing was written"));
  }
}

}  // namespace
}  // namespace rollcall
