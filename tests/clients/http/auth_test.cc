#include "clients/http/auth.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/fake_runtime.h"
#include "tests/support/scripted_transport.h"

namespace rollcall {
namespace {

class AuthTest : public testing::Test {
 protected:
  absl::StatusOr<HttpResponse> Send(AuthScheme scheme, const std::string& user,
                                    absl::StatusOr<Secret> secret, const std::string& url,
                                    const Headers& headers = {}) {
    AuthOptions options;
    options.scheme = scheme;
    options.user = user;
    options.secret = [secret] { return secret; };
    AuthClient client(transport_, options, *ParseOrigin("https://example.com"));
    HttpRequest request;
    request.url = url;
    request.headers = headers;
    return client.Send(request, {});
  }
  std::string Sent() {
    const auto sent = transport_.sent();
    return sent.empty() ? "nothing"
                        : std::string(FindHeader(sent.back().request.headers, "Authorization"));
  }

  FakeRuntime runtime_;
  ScriptedTransport transport_{runtime_, [](const HttpRequest&, int) { return Respond(200); }};
};

TEST_F(AuthTest, BearerIsAddedForTheConfiguredOrigin) {
  ASSERT_TRUE(
      Send(AuthScheme::kBearer, "", Secret("abc.def"), "https://EXAMPLE.com:443/Users").ok());
  EXPECT_EQ(Sent(), "Bearer abc.def");
}

TEST_F(AuthTest, BasicIsUserAndSecretInBase64) {
  ASSERT_TRUE(
      Send(AuthScheme::kBasic, "bot@example.com", Secret("pä:ss wörd"), "https://example.com/")
          .ok());
  EXPECT_EQ(Sent(), "Basic Ym90QGV4YW1wbGUuY29tOnDDpDpzcyB3w7ZyZA==");
}

TEST_F(AuthTest, NothingIsSentToAnotherOrigin) {
  for (const char* url :
       {"http://example.com/", "https://example.com:8443/", "https://evil.example.com/",
        "https://example.com.evil.example/", "https://example.com@evil.example/", "nonsense"}) {
    for (AuthScheme scheme : {AuthScheme::kBearer, AuthScheme::kBasic, AuthScheme::kNone}) {
      const auto result = Send(scheme, "bot", Secret("hunter2"), url);
      EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition) << url;
      EXPECT_TRUE(RefusedBeforeSending(result.status())) << url;
      EXPECT_EQ(std::string(result.status().message()).find("hunter2"), std::string::npos);
    }
  }
  EXPECT_EQ(transport_.sends(), 0);
}

TEST_F(AuthTest, ACallersOwnAuthorizationIsReplaced) {
  ASSERT_TRUE(Send(AuthScheme::kBearer, "", Secret("new"), "https://example.com/",
                   {{"authorization", "Bearer old"}})
                  .ok());
  EXPECT_EQ(Sent(), "Bearer new");
  ASSERT_TRUE(Send(AuthScheme::kNone, "", Secret(), "https://example.com/",
                   {{"Authorization", "Bearer old"}})
                  .ok());
  EXPECT_EQ(Sent(), "");
}

TEST_F(AuthTest, ASecretThatWouldBreakTheHeaderIsRefusedWithoutQuotingIt) {
  for (const char* secret :
       {"hunter2\n", "hunter2\r\nX: y", "hunter2 x", "hunter2\x7f", "hünter2"}) {
    const auto result = Send(AuthScheme::kBearer, "", Secret(secret), "https://example.com/");
    EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(std::string(result.status().message()).find("nter2"), std::string::npos);
  }
  for (const char* secret : {"hunter2\n", "\thunter2"}) {
    EXPECT_FALSE(Send(AuthScheme::kBasic, "bot", Secret(secret), "https://example.com/").ok());
  }
  EXPECT_FALSE(Send(AuthScheme::kBasic, "a:b", Secret("x"), "https://example.com/").ok());
  EXPECT_FALSE(Send(AuthScheme::kBearer, "", Secret(), "https://example.com/").ok());
  EXPECT_EQ(transport_.sends(), 0);
}

TEST_F(AuthTest, TheProvidersErrorIsPassedOn) {
  const auto result = Send(AuthScheme::kBearer, "", absl::NotFoundError("no file /run/key"),
                           "https://example.com/");
  EXPECT_EQ(result.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(transport_.sends(), 0);
}

}  // namespace
}  // namespace rollcall
