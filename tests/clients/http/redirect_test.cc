#include "clients/http/redirect.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/fake_runtime.h"
#include "tests/support/scripted_transport.h"

namespace rollcall {
namespace {

class RedirectTest : public testing::Test {
 protected:
  // Sends to https://example.com/0, which answers `redirects` redirects and then 200.
  absl::StatusOr<HttpResponse> Send(const std::string& method, int redirects, int status,
                                    const std::string& location) {
    ScriptedTransport transport(runtime_, [&](const HttpRequest&, int number) {
      return number <= redirects ? Respond(status, {{"location", location}}) : Respond(200);
    });
    RedirectClient client(transport);
    HttpRequest request;
    request.method = method;
    request.url = "https://example.com/0";
    request.headers = {{"Authorization", "Bearer hunter2"}};
    auto result = client.Send(request, {});
    sent_ = transport.sent();
    return result;
  }

  FakeRuntime runtime_;
  std::vector<ScriptedTransport::Sent> sent_;
};

TEST_F(RedirectTest, AReadFollowsWithinTheOrigin) {
  for (int status : {301, 302, 303, 307, 308}) {
    const auto result = Send("GET", 1, status, "/moved?x=1");
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, 200);
    EXPECT_EQ(result->attempts, 2);
    ASSERT_EQ(sent_.size(), 2);
    EXPECT_EQ(sent_[1].request.url, "https://example.com/moved?x=1");
    EXPECT_EQ(FindHeader(sent_[1].request.headers, "Authorization"), "Bearer hunter2");
  }
}

TEST_F(RedirectTest, NothingIsSentToAnotherOrigin) {
  for (const char* location :
       {"https://evil.example.com/", "//evil.example.com/", "http://example.com/0",
        "https://example.com:444/", "https://example.com@evil.example.com/",
        "https://example.com\\@evil.example.com/", "file:///etc/passwd", ""}) {
    const auto result = Send("GET", 9, 302, location);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, 302) << location;
    EXPECT_EQ(sent_.size(), 1) << location;
  }
}

TEST_F(RedirectTest, AWriteIsNeverSentElsewhere) {
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
    for (int status : {301, 302, 303, 307, 308}) {
      const auto result = Send(method, 1, status, "/moved");
      EXPECT_EQ(result->status, status);
      EXPECT_EQ(sent_.size(), 1);
    }
  }
}

TEST_F(RedirectTest, FollowsUpToTheLimitAndReturnsTheNextOne) {
  auto result = Send("GET", kMaxRedirects, 302, "/0");
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(result->attempts, kMaxRedirects + 1);
  result = Send("GET", kMaxRedirects + 1, 302, "/0");
  EXPECT_EQ(result->status, 302);
  EXPECT_EQ(sent_.size(), kMaxRedirects + 1);
}

TEST_F(RedirectTest, OtherAnswersWithALocationAreNotFollowed) {
  for (int status : {200, 201, 300, 304, 305, 404}) {
    EXPECT_EQ(Send("GET", 1, status, "/moved")->status, status);
    EXPECT_EQ(sent_.size(), 1);
  }
}

}  // namespace
}  // namespace rollcall
