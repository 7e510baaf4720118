#include "clients/crowd/crowd_errors.h"

#include <gtest/gtest.h>

#include "tests/clients/crowd/crowd_script.h"

namespace rollcall {
namespace {

TEST(CrowdErrors, EveryFormOfAnErrorIsUnderstood) {
  const struct {
    const char* body;
    const char* reason;
    const char* text;
  } cases[] = {
      {R"({"reason":"USER_NOT_FOUND","message":"User <x> does not exist"})", "USER_NOT_FOUND",
       "400 USER_NOT_FOUND: User <x> does not exist"},
      {"<?xml version=\"1.0\"?><error><reason>GROUP_NOT_FOUND</reason><message>no &lt;g&gt;"
       "</message></error>",
       "GROUP_NOT_FOUND", "400 GROUP_NOT_FOUND: no <g>"},
      {R"({"message":"abstract types","status-code":500,"stack-trace":"at x"})", "",
       "400: abstract types"},
      {"Application failed to authenticate", "", "400: Application failed to authenticate"},
      {"<html><title>HTTP Status 403</title><body>", "", "400: a web page, \"HTTP Status 403\""},
      {"<html/>", "", "400: a web page"},
      {"{\"reason\":", "", "400: {\"reason\":"},
      {"", "", "400"},
  };
  for (const auto& item : cases) {
    const CrowdError error = ParseCrowdError(CrowdAnswers(400, item.body));
    EXPECT_EQ(error.reason, item.reason);
    EXPECT_EQ(error.ToString(), item.text);
  }
}

TEST(CrowdErrors, AForbiddenAddressIsToldFromAMissingPermission) {
  const struct {
    const char* body;
    const char* cure;
  } cases[] = {
      {"<html><h1>HTTP Status 403 - Client with address \"10.0.0.1\" is forbidden</h1></html>",
       "Remote Addresses"},
      {"Client with address \"10.0.0.1\" is forbidden", "Remote Addresses"},
      {R"({"reason":"APPLICATION_PERMISSION_DENIED","message":"not allowed"})", "permission"},
  };
  for (const auto& item : cases) {
    const CrowdError error = ParseCrowdError(CrowdAnswers(403, item.body));
    const absl::Status read = CrowdReadFailure("GET /x", error);
    const absl::Status write = CrowdWriteFailure("PUT /x", error);
    EXPECT_EQ(read.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(write.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_TRUE(absl::StrContains(read.message(), item.cure)) << read;
    EXPECT_TRUE(absl::StrContains(write.message(), item.cure)) << write;
  }
}

TEST(CrowdErrors, AWrongPasswordSaysWhoseItMustBe) {
  const CrowdError error = ParseCrowdError(CrowdAnswers(401, "Application failed to authenticate"));
  for (const absl::Status& status :
       {CrowdReadFailure("GET /x", error), CrowdWriteFailure("PUT /x", error)}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
    EXPECT_TRUE(absl::StrContains(status.message(), "not of a Crowd user")) << status;
  }
}

TEST(CrowdErrors, ReadsThatFailInOtherWays) {
  const struct {
    int status;
    absl::StatusCode code;
  } cases[] = {{429, absl::StatusCode::kUnavailable}, {500, absl::StatusCode::kUnavailable},
               {503, absl::StatusCode::kUnavailable}, {400, absl::StatusCode::kDataLoss},
               {302, absl::StatusCode::kDataLoss},    {415, absl::StatusCode::kDataLoss}};
  for (const auto& item : cases) {
    EXPECT_EQ(CrowdReadFailure("GET /x", ParseCrowdError(CrowdAnswers(item.status, ""))).code(),
              item.code)
        << item.status;
  }
}

// A proxy may say so after Crowd has done it.
TEST(CrowdErrors, ServiceUnavailableProvesNothingToAWriter) {
  const CrowdError error = ParseCrowdError(CrowdAnswers(503, ""));
  EXPECT_EQ(CrowdWriteFailure("PUT /x", error).code(), absl::StatusCode::kUnknown);
}

TEST(CrowdErrors, WhatCameInsteadOfJsonIsNamed) {
  const absl::Status page =
      RequireCrowdJson("GET /x", CrowdAnswers(200, "<html><title>Sign in</title></html>"));
  EXPECT_EQ(page.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StrContains(page.message(), "Sign in")) << page;
  EXPECT_TRUE(absl::StrContains(RequireCrowdJson("GET /x", CrowdAnswers(200, "")).message(),
                                "an empty body"));
  EXPECT_TRUE(RequireCrowdJson("GET /x", CrowdAnswers(200, " {}")).ok());
}

}  // namespace
}  // namespace rollcall
