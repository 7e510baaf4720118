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

TEST(RefusalInDoubt, WhatARepeatedWriteIsRefusedForMayBeItsOwnFirstAttempt) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kFailedPrecondition, absl::StatusCode::kInvalidArgument,
        absl::StatusCode::kPermissionDenied, absl::StatusCode::kUnauthenticated,
        absl::StatusCode::kUnavailable}) {
    const absl::Status refusal(code, "no member");
    EXPECT_EQ(RefusalInDoubt(refusal, false), refusal);
    EXPECT_EQ(RefusalInDoubt(refusal, true),
              absl::UnknownError("an earlier attempt may have had its effect; no member"));
  }
}

TEST(RefusalInDoubt, WhatIsClearStays) {
  for (const absl::StatusCode code :
       {absl::StatusCode::kNotFound, absl::StatusCode::kUnknown, absl::StatusCode::kAlreadyExists,
        absl::StatusCode::kCancelled}) {
    EXPECT_EQ(RefusalInDoubt(absl::Status(code, "x"), true), absl::Status(code, "x"));
  }
  EXPECT_TRUE(RefusalInDoubt(absl::OkStatus(), true).ok());
}

TEST(ServerAnswer, TheFirstByteIsBehindBlanksAndAByteOrderMark) {
  EXPECT_EQ(FirstByteOf(""), '\0');
  EXPECT_EQ(FirstByteOf(" \r\n"), '\0');
  EXPECT_EQ(FirstByteOf("{}"), '{');
  EXPECT_EQ(FirstByteOf(" \xEF\xBB\xBF\n <html>"), '<');
}

TEST(ServerAnswer, WhatCameIsDescribed) {
  EXPECT_EQ(DescribeBody(" \n"), "an empty body");
  EXPECT_EQ(DescribeBody("<html><title>Log in</title></html>"), "a web page, \"Log in\"");
  EXPECT_EQ(DescribeBody(" gone "), "\"gone\"");
}

}  // namespace
}  // namespace rollcall
