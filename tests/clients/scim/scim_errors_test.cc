#include "clients/scim/scim_errors.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

std::string Said(int status, std::string body, Headers headers = {}) {
  return ParseServerError(Answer(status, std::move(body), std::move(headers))).ToString();
}

// facts: part F, the envelopes.

TEST(ScimErrors, F_AScimErrorMayHaveItsStatusAsTextOrNumber) {
  EXPECT_EQ(
      Said(409, R"({"schemas":["e"],"status":"409","scimType":"uniqueness","detail":"taken"})"),
      "409 uniqueness: taken");
  EXPECT_EQ(Said(409, R"({"detail":"taken","status":409})"), "409: taken");
}

TEST(ScimErrors, F_DetailMayBeAnArrayOfTextsOrObjects) {
  EXPECT_EQ(Said(400, R"({"detail":["a is wrong","b is missing"]})"),
            "400: a is wrong; b is missing");
  EXPECT_EQ(Said(400, R"({"detail":[{"message":"a is wrong"}]})"), "400: a is wrong");
}

TEST(ScimErrors, F_RefusedKeysMayComeAsErrorAndTraceId) {
  EXPECT_EQ(Said(401, R"({"error":"Unauthorized","traceId":"5f1c"})"),
            "401: Unauthorized (request id 5f1c)");
}

TEST(ScimErrors, F_AJavaExceptionShowsItsMessageOnly) {
  EXPECT_EQ(Said(400, R"({"cause":{"stackTrace":[{"message":"no"}]},"stackTrace":[{"x":1}],
                          "message":"no such members","responseStatus":"BAD_REQUEST"})"),
            "400: no such members");
}

TEST(ScimErrors, F_PlainTextHtmlAndNothingAreUnderstood) {
  EXPECT_EQ(Said(404, "Not Found\n"), "404: Not Found");
  EXPECT_EQ(Said(502, "<html><head><TITLE>Bad Gateway</TITLE></head></html>"),
            "502: a web page, \"Bad Gateway\"");
  EXPECT_EQ(Said(405, ""), "405");
  EXPECT_EQ(Said(500, "{\"detail\":\"it bro"), "500");
}

TEST(ScimErrors, TheRequestIdOfTheHeadersIsKept) {
  EXPECT_EQ(Said(500, "", {{"X-Request-Id", "r-1"}}), "500 (request id r-1)");
}

TEST(ScimErrors, TextsAreShortenedOnOneLineAndStayValid) {
  EXPECT_EQ(ForMessage("a\n\tb\x01 c"), "a b c");
  EXPECT_EQ(ForMessage("aé", 2), "a…");
  std::string words;
  for (int i = 0; i < 500; ++i) words += "word ";
  EXPECT_LE(ForMessage(words).size(), 304u);
}

TEST(ScimErrors, KeysAreLeftOut) {
  EXPECT_EQ(ForMessage("bad Authorization: Bearer abc123 here"),
            "bad Authorization: Bearer (left out) here");
  EXPECT_EQ(ForMessage("token eyJhbGciOi.x.y"), "token (left out)");
  EXPECT_EQ(ForMessage("key ATCTT3xFf"), "key (left out)");
}

TEST(ScimErrors, AReaderLearnsWhatTheStatusMeans) {
  const struct {
    int status;
    absl::StatusCode code;
  } table[] = {
      {401, absl::StatusCode::kUnauthenticated}, {403, absl::StatusCode::kPermissionDenied},
      {404, absl::StatusCode::kNotFound},        {410, absl::StatusCode::kNotFound},
      {429, absl::StatusCode::kUnavailable},     {500, absl::StatusCode::kUnavailable},
      {503, absl::StatusCode::kUnavailable},     {302, absl::StatusCode::kDataLoss},
      {400, absl::StatusCode::kDataLoss}};
  for (const auto& row : table) {
    EXPECT_EQ(ReadFailure("GET /Users", {row.status, "", "", ""}).code(), row.code) << row.status;
  }
}

TEST(ScimErrors, AWriterLearnsWhatTheStatusMeans) {
  const struct {
    int status;
    absl::StatusCode code;
  } table[] = {{400, absl::StatusCode::kInvalidArgument},
               {413, absl::StatusCode::kInvalidArgument},
               {422, absl::StatusCode::kInvalidArgument},
               {401, absl::StatusCode::kUnauthenticated},
               {403, absl::StatusCode::kPermissionDenied},
               {404, absl::StatusCode::kNotFound},
               {409, absl::StatusCode::kFailedPrecondition},
               {412, absl::StatusCode::kFailedPrecondition},
               {501, absl::StatusCode::kFailedPrecondition},
               {429, absl::StatusCode::kUnavailable},
               {500, absl::StatusCode::kUnknown},
               {502, absl::StatusCode::kUnknown},
               {503, absl::StatusCode::kUnknown},
               {504, absl::StatusCode::kUnknown}};
  for (const auto& row : table) {
    EXPECT_EQ(WriteFailure("x", {row.status, "", "", ""}).code(), row.code) << row.status;
  }
}

TEST(ScimErrors, ATransportFailureOfAWriteIsUnknownUnlessNothingWasSent) {
  EXPECT_EQ(WriteTransportFailure("x", absl::CancelledError("")).code(),
            absl::StatusCode::kCancelled);
  EXPECT_EQ(WriteTransportFailure("x", absl::UnavailableError("")).code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(WriteTransportFailure("x", absl::FailedPreconditionError("")).code(),
            absl::StatusCode::kUnavailable);
  for (const absl::Status& unsure :
       {absl::UnknownError(""), absl::DeadlineExceededError(""), absl::DataLossError("")}) {
    EXPECT_EQ(WriteTransportFailure("x", unsure).code(), absl::StatusCode::kUnknown);
  }
}

TEST(ScimErrors, ASuccessThatIsNotJsonSaysWhatCame) {
  EXPECT_TRUE(RequireJson("x", Answer(200, " {\"a\":1}")).ok());
  EXPECT_NE(RequireJson("x", Answer(200, "")).message().find("empty body"), std::string::npos);
  EXPECT_NE(RequireJson("x", Answer(200, "<!doctype html><title>Sign in</title>"))
                .message()
                .find("a web page, \"Sign in\""),
            std::string::npos);
  EXPECT_NE(RequireJson("x", Answer(200, "hello")).message().find("\"hello\""), std::string::npos);
}

}  // namespace
}  // namespace rollcall
