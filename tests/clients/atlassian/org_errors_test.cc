#include "clients/atlassian/org_errors.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

using absl::StatusCode;

OrgError Parse(int status, const std::string& body, Headers headers = {}) {
  return ParseOrgError(Answer(status, body, std::move(headers)));
}

TEST(OrgErrors, EveryEnvelopeIsUnderstood) {
  const struct {
    int status;
    const char* body;
    const char* text;
  } cases[] = {
      {404,
       R"({"errors":[{"id":"65e9","code":"ADMIN-UAM-404-1","status":"404","title":"Unknown Resource","detail":"no such user"}]})",
       "404 ADMIN-UAM-404-1: Unknown Resource: no such user (request id 65e9)"},
      {404, R"({"errors":[{"code":"ADMIN-404-10","status":404,"title":"Gone"}]})",
       "404 ADMIN-404-10: Gone"},
      {401, R"({"code":401,"message":"Unauthorized"})", "401: Unauthorized"},
      {403,
       R"({"timestamp":"2025-06-06T06:03:27Z","path":"/api/admin/v1/orgs/x/users","status":403,"error":"Forbidden","message":"User has no permission.","requestId":"b4fc"})",
       "403: User has no permission. (request id b4fc)"},
      {403,
       R"({"key":"forbidden.action","context":{"allowed":false,"reason":{"key":"externalDirectory.scim"}}})",
       "403 forbidden.action (externalDirectory.scim)"},
      {403,
       R"({"key":"forbidden.targetUnverified","context":"Error: unverified","errorKey":"forbidden.target-unverified","errorDetail":"Error: unverified"})",
       "403 forbidden.targetUnverified: Error: unverified"},
      {403, R"({"key":"forbidden.action","context":"not allowed: externalDirectory.google"})",
       "403 forbidden.action (externalDirectory.google): not allowed: externalDirectory.google"},
      {404, R"({"key":"accountNotFound"})", "404 accountNotFound"},
      {409,
       R"({"key":"conflict.lifecycleErrors","context":{"message":"No","accountId":"x","errorCodes":[{"code":"PENDING","message":"wait"}]}})",
       "409 conflict.lifecycleErrors: No: PENDING: wait"},
      {404,
       R"({"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"not here"})",
       "404: not here"},
      {500, R"({"error":"boom","traceId":"t-1"})", "500: boom (request id t-1)"},
      {403, "<html><title>Sign in</title></html>", "403: a web page, \"Sign in\""},
      {503, "upstream connect error", "503: upstream connect error"},
      {404, "", "404"},
      {400, R"({"errors":["plain"]})", "400: plain"},
      {400, R"({"errors":{"code":"x"}})", "400"},
      {400, R"({"key":7,"context":[1]})", "400 7"},
      {400, R"({"errors":[{"code")", "400: {\"errors\":[{\"code\""},
      {400, "[]", "400: []"},
  };
  for (const auto& item : cases) {
    EXPECT_EQ(Parse(item.status, item.body).ToString(), item.text) << item.body;
  }
}

TEST(OrgErrors, TheRequestIdIsTakenFromTheHeadersToo) {
  EXPECT_EQ(Parse(404, "", {{"Atl-TraceId", "abc"}}).ToString(), "404 (request id abc)");
}

TEST(OrgErrors, ReadersGetCodesWithTheirCures) {
  const struct {
    int status;
    const char* body;
    absl::StatusCode code;
    const char* cure;
  } cases[] = {
      {401, R"({"code":401,"message":"x"})", StatusCode::kUnauthenticated, "not an API token"},
      {401, R"({"key":"unauthorized"})", StatusCode::kUnauthenticated, "a year at most"},
      {401, R"({"errors":[{"code":"ADMIN-401-2","status":"401","title":"INSUFFICIENT_SCOPE"}]})",
       StatusCode::kPermissionDenied, "without scopes"},
      {403, R"({"message":"requires manage:org"})", StatusCode::kPermissionDenied,
       "without scopes"},
      {403, "", StatusCode::kPermissionDenied, "org_id"},
      {404, R"({"errors":[{"code":"ADMIN-404-2","status":"404"}]})", StatusCode::kPermissionDenied,
       "`org_id` is no organisation"},
      {404, R"({"timestamp":"t","path":"/p","status":404,"message":"TCS validation failed"})",
       StatusCode::kPermissionDenied, "`org_id` is no organisation"},
      {404, R"({"timestamp":"t","path":"/p","status":404,"message":"No such endpoint"})",
       StatusCode::kPermissionDenied, "no such call"},
      {404, "", StatusCode::kNotFound, "404"},
      {404, R"({"errors":[{"code":"ADMIN-UAM-404-1"}]})", StatusCode::kNotFound, "404"},
      {404, "<html></html>", StatusCode::kDataLoss, "base_url"},
      {404, "no route", StatusCode::kDataLoss, "base_url"},
      {429, R"({"code":429,"message":"slow"})", StatusCode::kUnavailable, "lower `rate`"},
      {500, "", StatusCode::kUnavailable, "500"},
      {302, "", StatusCode::kDataLoss, "base_url"},
      {400, R"({"errors":[{"code":"ADMIN-400-24"}]})", StatusCode::kDataLoss, "ADMIN-400-24"},
  };
  for (const auto& item : cases) {
    const absl::Status status = OrgReadFailure("reading x", Parse(item.status, item.body));
    EXPECT_EQ(status.code(), item.code) << item.body << status;
    EXPECT_TRUE(absl::StrContains(status.message(), item.cure)) << status;
    EXPECT_TRUE(absl::StartsWith(status.message(), "reading x: ")) << status;
  }
}

TEST(OrgErrors, WritersGetTheCodesOfTheTable) {
  const struct {
    int status;
    const char* body;
    absl::StatusCode code;
  } cases[] = {
      {400, "", StatusCode::kInvalidArgument},
      {400, R"({"errors":[{"code":"ADMIN-400-32"}]})", StatusCode::kFailedPrecondition},
      {409, R"({"errors":[{"code":"ADMIN-UAM-409-3"}]})", StatusCode::kFailedPrecondition},
      {409, R"({"errors":[{"code":"ADMIN-409-3"}]})", StatusCode::kFailedPrecondition},
      {401, "", StatusCode::kUnauthenticated},
      {403, "", StatusCode::kPermissionDenied},
      {404, "", StatusCode::kNotFound},
      {404, "<html/>", StatusCode::kFailedPrecondition},
      {404, R"({"timestamp":"t","path":"/p"})", StatusCode::kPermissionDenied},
      {429, "", StatusCode::kUnavailable},
      {500, "", StatusCode::kUnknown},
      {503, "", StatusCode::kUnknown},
      {302, "", StatusCode::kFailedPrecondition},
  };
  for (const auto& item : cases) {
    const OrgError error = Parse(item.status, item.body);
    EXPECT_EQ(OrgWriteFailure("doing x", error).code(), item.code) << item.status << item.body;
  }
  EXPECT_TRUE(absl::StrContains(
      OrgWriteFailure("x", Parse(409, R"({"errors":[{"code":"ADMIN-409-3"}]})")).message(),
      "licence"));
}

TEST(OrgErrors, EveryReasonOfTheDocumentsHasACure) {
  for (const char* reason : {"administrative.notMyself", "authPolicy.saml", "blocked.exportControl",
                             "externalDirectory.scim", "externalDirectory.google", "myselfOnly"}) {
    EXPECT_NE(CureOfReason(reason), CureOfReason("unheard of")) << reason;
  }
  EXPECT_FALSE(CureOfReason("unheard of").empty());
}

TEST(OrgErrors, NoKeyReachesAMessage) {
  const OrgError error =
      Parse(401, R"({"message":"the header was Bearer ATCTT3xFfGN0 and ATATT3xFfGF0"})");
  EXPECT_FALSE(absl::StrContains(error.ToString(), "3xFfG")) << error.ToString();
}

TEST(OrgErrors, SuccessMustBeAnObject) {
  EXPECT_TRUE(RequireOrgJson("x", Answer(200, " {}")).ok());
  for (const char* body : {"", "  ", "[]", "<html><title>Log in</title></html>", "OK"}) {
    const absl::Status status = RequireOrgJson("x", Answer(200, body));
    EXPECT_EQ(status.code(), StatusCode::kDataLoss) << body;
    EXPECT_TRUE(absl::StrContains(status.message(), "instead of a JSON object")) << status;
  }
}

}  // namespace
}  // namespace rollcall
