#include "clients/http/transfer_failure.h"

#include <gtest/gtest.h>

#include <string>

namespace rollcall {
namespace {

TransferFailure Failure(FailureKind kind, bool sent, const std::string& detail = "") {
  TransferFailure failure;
  failure.kind = kind;
  failure.sent = sent;
  failure.detail = detail;
  failure.origin = *ParseOrigin("https://directory.example.com");
  failure.endpoint = "PATCH /Users/{id}";
  failure.timeout = absl::Seconds(60);
  return failure;
}

TEST(Explain, WhatWasNotSentNeverHasAnUnknownEffect) {
  for (FailureKind kind : {FailureKind::kName, FailureKind::kProxy, FailureKind::kConnect,
                           FailureKind::kTimeout, FailureKind::kInterrupted, FailureKind::kOther}) {
    const absl::Status status = Explain(Failure(kind, false));
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  }
  for (FailureKind kind : {FailureKind::kTls, FailureKind::kCaFile}) {
    EXPECT_EQ(Explain(Failure(kind, false)).code(), absl::StatusCode::kFailedPrecondition);
  }
}

TEST(Explain, WhatWasSentNeverClaimsToHaveHadNoEffect) {
  for (FailureKind kind : {FailureKind::kName, FailureKind::kProxy, FailureKind::kConnect,
                           FailureKind::kTls, FailureKind::kTimeout, FailureKind::kInterrupted,
                           FailureKind::kNotHttp, FailureKind::kOther}) {
    const absl::StatusCode code = Explain(Failure(kind, true)).code();
    EXPECT_TRUE(code == absl::StatusCode::kUnknown || code == absl::StatusCode::kDataLoss ||
                code == absl::StatusCode::kDeadlineExceeded)
        << absl::StatusCodeToString(code);
  }
}

TEST(Explain, ATimeOutSaysConnectingOnlyWhenItWas) {
  EXPECT_NE(Explain(Failure(FailureKind::kTimeout, false)).message().find("connecting"),
            absl::string_view::npos);
  EXPECT_EQ(Explain(Failure(FailureKind::kTimeout, true)).message().find("connecting"),
            absl::string_view::npos);
}

TEST(Explain, AHandshakeThatBreaksOffIsNoJudgementOnTheCertificate) {
  for (const char* detail :
       {"OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to directory.example.com:443",
        "OpenSSL SSL_connect: Connection reset by peer in connection to directory.example.com:443",
        "error:0A000126:SSL routines::unexpected eof while reading"}) {
    EXPECT_EQ(Explain(Failure(FailureKind::kTls, false, detail)).code(),
              absl::StatusCode::kUnavailable);
  }
}

TEST(Explain, EveryMessageNamesTheEndpointAndTheServer) {
  for (FailureKind kind : {FailureKind::kName, FailureKind::kProxy, FailureKind::kConnect,
                           FailureKind::kTls, FailureKind::kTimeout, FailureKind::kInterrupted,
                           FailureKind::kNotHttp, FailureKind::kOther}) {
    for (bool sent : {false, true}) {
      const std::string message(Explain(Failure(kind, sent)).message());
      EXPECT_EQ(message.find("PATCH /Users/{id}: "), 0) << message;
      EXPECT_NE(message.find("directory.example.com"), std::string::npos) << message;
    }
  }
}

}  // namespace
}  // namespace rollcall
