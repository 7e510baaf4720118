#include "clients/http/curl_client.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/loopback_server.h"

namespace rollcall {
namespace {

using absl::StatusCode;
using Request = LoopbackServer::Request;
using Then = LoopbackServer::Then;

class CurlClientTest : public testing::Test {
 protected:
  static HttpRequest Make(const std::string& url, const std::string& method = "GET",
                          const std::string& body = "") {
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.body = body;
    request.endpoint = method + " /Users";
    return request;
  }
  // What a client makes of exactly these bytes.
  absl::StatusOr<HttpResponse> Receive(const std::string& bytes, Then then = Then::kClose) {
    LoopbackServer server([&](const Request&) { return LoopbackServer::Reply{bytes, then}; });
    return MakeCurlClient(options_, runtime_)->Send(Make(server.url() + "/Users"), {});
  }
  static bool Mentions(const absl::Status& status, const std::string& words) {
    return std::string(status.message()).find(words) != std::string::npos;
  }

  FakeRuntime runtime_;
  CurlOptions options_;
};

TEST_F(CurlClientTest, SendsEveryMethodWithHeadersAndBody) {
  LoopbackServer server([](const Request& request) {
    return Answer(200, request.method == "HEAD" ? "" : request.body,
                  {{"X-Method", request.method}});
  });
  const auto client = MakeCurlClient(options_, runtime_);
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}) {
    const std::string body = method[0] == 'P' ? "{\"a\":1}" : "";
    HttpRequest request = Make(server.url() + "/a%2Fb/%2E%2E/../x?q=%C3%A9", method, body);
    request.headers = {{"Content-Type", "application/scim+json"}, {"X-Empty", ""}};
    const auto response = client->Send(request, {});
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(FindHeader(response->headers, "x-method"), method);
    EXPECT_EQ(response->body, body);
    const Request seen = server.requests().back();
    EXPECT_EQ(seen.target, "/a%2Fb/%2E%2E/../x?q=%C3%A9");  // not normalised
    EXPECT_EQ(FindHeader(seen.headers, "Content-Type"), "application/scim+json");
    EXPECT_EQ(FindHeader(seen.headers, "User-Agent"), "rollcall/0.1");
    EXPECT_EQ(FindHeader(seen.headers, "Accept-Encoding"), "gzip, deflate");
    EXPECT_EQ(FindHeader(seen.headers, "Expect"), "");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlClientTest, AWriteWithoutABodySaysSo) {
  LoopbackServer server([](const Request&) { return Answer(204); });
  const auto client = MakeCurlClient(options_, runtime_);
  ASSERT_TRUE(client->Send(Make(server.url(), "POST"), {}).ok());
  EXPECT_EQ(FindHeader(server.requests()[0].headers, "Content-Length"), "0");
  EXPECT_EQ(FindHeader(server.requests()[0].headers, "Content-Type"), "");
}

TEST_F(CurlClientTest, SendsALargeBodyWhole) {
  LoopbackServer server([](const Request& request) {
    return Answer(200, absl::StrCat(request.body.size(), request.body.substr(0, 1)));
  });
  std::string body(3 << 20, 'x');
  const auto response =
      MakeCurlClient(options_, runtime_)->Send(Make(server.url(), "PATCH", body), {});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, absl::StrCat(3 << 20, "x"));
}

TEST_F(CurlClientTest, EveryStatusIsAValue) {
  for (int status : {200, 204, 301, 401, 404, 409, 429, 500, 503}) {
    const auto response =
        Receive(absl::StrCat("HTTP/1.1 ", status, " X\r\nContent-Length: 0\r\n\r\n"));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->status, status);
    EXPECT_EQ(response->attempts, 1);
  }
}

TEST_F(CurlClientTest, RedirectsAndCookiesAreLeftToTheCaller) {
  LoopbackServer server([](const Request&) {
    return Answer(302, "", {{"Location", "/other"}, {"Set-Cookie", "session=1; Path=/"}});
  });
  const auto client = MakeCurlClient(options_, runtime_);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client->Send(Make(server.url() + "/x"), {})->status, 302);
  }
  ASSERT_EQ(server.requests().size(), 2);
  EXPECT_EQ(FindHeader(server.requests()[1].headers, "Cookie"), "");
}

TEST_F(CurlClientTest, WorkersShareConnectionsWithoutMixingAnswers) {
  LoopbackServer server([](const Request& request) { return Answer(200, request.target); });
  const auto client = MakeCurlClient(options_, runtime_);
  constexpr int kWorkers = 8;
  constexpr int kEach = 25;
  std::vector<std::thread> workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&, worker] {
      for (int i = 0; i < kEach; ++i) {
        const std::string path = absl::StrCat("/", worker, "/", i);
        const auto response = client->Send(Make(server.url() + path), {});
        ASSERT_TRUE(response.ok()) << response.status();
        EXPECT_EQ(response->body, path);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  EXPECT_EQ(server.requests().size(), kWorkers * kEach);
  EXPECT_LE(server.connections(), kWorkers);
}

TEST_F(CurlClientTest, ARefusedConnectionHasHadNoEffect) {
  int port = 0;
  {
    LoopbackServer gone([](const Request&) { return Answer(200); });
    port = gone.port();
  }
  const auto result =
      MakeCurlClient(options_, runtime_)->Send(Make(absl::StrCat("http://127.0.0.1:", port)), {});
  EXPECT_EQ(result.status().code(), StatusCode::kUnavailable) << result.status();
  EXPECT_TRUE(Mentions(result.status(), absl::StrCat("127.0.0.1:", port))) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "refused")) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "GET /Users")) << result.status();
}

TEST_F(CurlClientTest, AnUnknownHostNameHasHadNoEffect) {
  const auto result =
      MakeCurlClient(options_, runtime_)->Send(Make("https://no-such-host.invalid/Users"), {});
  EXPECT_EQ(result.status().code(), StatusCode::kUnavailable) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "no-such-host.invalid")) << result.status();
}

TEST_F(CurlClientTest, ATimeOutWhileConnectingHasHadNoEffect) {
  // It accepts the TCP connection, and waits for a request instead of answering the handshake.
  LoopbackServer silent([](const Request&) { return LoopbackServer::Reply{"", Then::kSilence}; });
  options_.connect_timeout = absl::Milliseconds(50);
  const auto result = MakeCurlClient(options_, runtime_)
                          ->Send(Make(absl::StrCat("https://127.0.0.1:", silent.port())), {});
  EXPECT_EQ(result.status().code(), StatusCode::kUnavailable) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "connecting")) << result.status();
}

TEST_F(CurlClientTest, ATimeOutAfterSendingHasAnUnknownEffect) {
  options_.timeout = absl::Milliseconds(80);
  for (const char* bytes : {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"}) {
    const auto result = Receive(bytes, Then::kSilence);
    EXPECT_EQ(result.status().code(), StatusCode::kDeadlineExceeded) << result.status();
    EXPECT_TRUE(Mentions(result.status(), "80ms")) << result.status();
  }
}

TEST_F(CurlClientTest, TheContextsDeadlineShortensTheTimeOut) {
  LoopbackServer server([](const Request&) { return LoopbackServer::Reply{"", Then::kSilence}; });
  CallContext context;
  context.deadline = runtime_.Now() + absl::Milliseconds(70);
  const auto client = MakeCurlClient(options_, runtime_);
  auto result = client->Send(Make(server.url()), context);
  EXPECT_EQ(result.status().code(), StatusCode::kDeadlineExceeded) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "70ms")) << result.status();

  runtime_.Advance(absl::Milliseconds(70));
  result = client->Send(Make(server.url()), context);
  EXPECT_EQ(result.status().code(), StatusCode::kUnavailable) << result.status();
  EXPECT_EQ(server.requests().size(), 1);
}

TEST_F(CurlClientTest, ABrokenConnectionHasAnUnknownEffect) {
  const std::string cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this";
  for (Then then : {Then::kClose, Then::kReset}) {
    for (const std::string& bytes :
         {std::string(), std::string("HTTP/1.1 200"), std::string("HTTP/1.1 200 OK\r\nA: b\r\n"),
          cut, std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFF\r\nhello")}) {
      const auto result = Receive(bytes, then);
      EXPECT_FALSE(result.ok()) << bytes;
      EXPECT_TRUE(EffectUnknown(result.status())) << result.status() << " " << bytes;
      if (bytes == cut) {
        EXPECT_EQ(result.status().code(), StatusCode::kUnknown) << result.status();
      }
    }
  }
}

TEST_F(CurlClientTest, WhatIsNotHttpIsNoAnswer) {
  for (const char* bytes : {"SSH-2.0-OpenSSH_9.2\r\n", "<html>no status line</html>"}) {
    const auto result = Receive(bytes);
    EXPECT_EQ(result.status().code(), StatusCode::kDataLoss) << result.status();
  }
}

TEST_F(CurlClientTest, ARequestGoesOutAtMostOnceEvenOnADeadConnection) {
  // The second request on a connection is taken, and the connection closed without an answer.
  LoopbackServer server([](const Request& request) {
    return request.target == "/2" ? LoopbackServer::Reply{"", Then::kClose} : Answer(200);
  });
  const auto client = MakeCurlClient(options_, runtime_);
  for (const char* method : {"POST", "DELETE", "GET"}) {
    ASSERT_TRUE(client->Send(Make(server.url() + "/1"), {}).ok());
    const size_t before = server.requests().size();
    const auto result = client->Send(Make(server.url() + "/2", method), {});
    EXPECT_EQ(result.status().code(), StatusCode::kUnknown) << result.status();
    EXPECT_EQ(server.requests().size(), before + 1);
  }
}

TEST_F(CurlClientTest, AFailedRequestDoesNotSpoilTheNextOne) {
  LoopbackServer server([](const Request& request) {
    return request.target == "/cut"
               ? LoopbackServer::Reply{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx",
                                       Then::kClose}
               : Answer(200, "fine");
  });
  const auto client = MakeCurlClient(options_, runtime_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(client->Send(Make(server.url() + "/cut", "POST", "body"), {}).ok());
    const auto response = client->Send(Make(server.url() + "/ok"), {});
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->body, "fine");
    EXPECT_EQ(server.requests().back().method, "GET");
    EXPECT_EQ(server.requests().back().body, "");
  }
}

TEST_F(CurlClientTest, AStopBeforeSendingSendsNothing) {
  LoopbackServer server([](const Request&) { return Answer(200); });
  StopFlag stop;
  stop.Request();
  CallContext context;
  context.stop = &stop;
  const auto result = MakeCurlClient(options_, runtime_)->Send(Make(server.url()), context);
  EXPECT_EQ(result.status().code(), StatusCode::kCancelled);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(CurlClientTest, AStopDoesNotCutARequestInFlight) {
  StopFlag stop;
  LoopbackServer server([&](const Request&) {
    stop.Request();
    return Answer(200, "finished");
  });
  CallContext context;
  context.stop = &stop;
  const auto response = MakeCurlClient(options_, runtime_)->Send(Make(server.url()), context);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "finished");
}

TEST_F(CurlClientTest, ABodyAtTheLimitIsReadAndOneByteMoreIsNot) {
  options_.max_body = 1000;
  for (size_t size : {1000, 1001}) {
    const std::string body(size, 'x');
    const StatusCode expected = size == 1000 ? StatusCode::kOk : StatusCode::kDataLoss;
    const std::string with_length =
        absl::StrCat("HTTP/1.1 200 OK\r\nContent-Length: ", size, "\r\n\r\n", body);
    const std::string without = absl::StrCat("HTTP/1.1 200 OK\r\n\r\n", body);
    const std::string chunked =
        absl::StrCat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", absl::Hex(size),
                     "\r\n", body, "\r\n0\r\n\r\n");
    for (const std::string& bytes : {with_length, without, chunked}) {
      const auto result = Receive(bytes);
      EXPECT_EQ(result.status().code(), expected) << result.status();
      if (!result.ok()) {
        EXPECT_TRUE(Mentions(result.status(), "1000")) << result.status();
      }
    }
  }
}

TEST_F(CurlClientTest, HeadersBeyondTheLimitsAreRefused) {
  std::string lines;
  for (int i = 0; i < 1001; ++i) absl::StrAppend(&lines, "X-", i, ": y\r\n");
  const std::string one_long = absl::StrCat("X: ", std::string(300 * 1024, 'y'), "\r\n");
  std::string many_long;
  for (int i = 0; i < 10; ++i) absl::StrAppend(&many_long, "X: ", std::string(30'000, 'y'), "\r\n");
  for (const std::string& headers : {lines, one_long, many_long}) {
    const auto result = Receive(absl::StrCat("HTTP/1.1 200 OK\r\n", headers, "\r\n"));
    EXPECT_EQ(result.status().code(), StatusCode::kDataLoss) << result.status();
  }
}

TEST_F(CurlClientTest, CompressedAnswersAreDecodedAndCutOnesRefused) {
  // printf hello | gzip -n
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86"
      "\xa6\x10\x36\x05\x00\x00\x00",
      25);
  const auto answer = [](const std::string& body) {
    return Answer(200, body, {{"Content-Encoding", "gzip"}}).bytes;
  };
  const auto response = Receive(answer(gzip));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(FindHeader(response->headers, "Content-Encoding"), "");
  EXPECT_EQ(FindHeader(response->headers, "Content-Length"), "");
  // The length is right, the stream is not.
  EXPECT_EQ(Receive(answer(gzip.substr(0, 20))).status().code(), StatusCode::kDataLoss);
  EXPECT_EQ(Receive(answer("hello")).status().code(), StatusCode::kDataLoss);
}

TEST_F(CurlClientTest, HttpIsForLoopbackUnlessAllowed) {
  const auto result = MakeCurlClient(options_, runtime_)->Send(Make("http://no-such.invalid/"), {});
  EXPECT_EQ(result.status().code(), StatusCode::kFailedPrecondition) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "allow_http")) << result.status();
  options_.allow_http = true;
  EXPECT_EQ(
      MakeCurlClient(options_, runtime_)->Send(Make("http://no-such.invalid/"), {}).status().code(),
      StatusCode::kUnavailable);
}

TEST_F(CurlClientTest, RequestsThatHttpForbidsAreNotSent) {
  LoopbackServer server([](const Request&) { return Answer(200); });
  const auto client = MakeCurlClient(options_, runtime_);
  HttpRequest injected = Make(server.url());
  injected.headers = {{"X-Note", "hunter2\r\nX-Other: y"}};
  HttpRequest named = Make(server.url());
  named.headers = {{"X Note", "y"}};
  for (const HttpRequest& request :
       {injected, named, Make(server.url() + "/a b"), Make(server.url() + "/#f"),
        Make(server.url(), "GET /x HTTP/1.1\r\nA:"), Make("file:///etc/passwd"), Make("")}) {
    const auto result = client->Send(request, {});
    EXPECT_EQ(result.status().code(), StatusCode::kFailedPrecondition) << result.status();
    EXPECT_FALSE(Mentions(result.status(), "hunter2")) << result.status();
  }
  EXPECT_EQ(server.requests().size(), 0);
}

// Sets an environment variable for the length of a test.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST_F(CurlClientTest, AProxyOfTheEnvironmentIsUsedButNeverForLoopback) {
  LoopbackServer proxy([](const Request&) { return Answer(200, "by proxy"); });
  LoopbackServer server([](const Request&) { return Answer(200, "direct"); });
  const Environment environment("http_proxy", proxy.url());
  options_.allow_http = true;
  const auto client = MakeCurlClient(options_, runtime_);
  EXPECT_EQ(client->Send(Make(server.url()), {})->body, "direct");
  EXPECT_EQ(client->Send(Make("http://directory.invalid/Users"), {})->body, "by proxy");
  EXPECT_EQ(proxy.requests()[0].target, "http://directory.invalid/Users");
  const Environment exception("no_proxy", "directory.invalid");
  EXPECT_EQ(client->Send(Make("http://directory.invalid/Users"), {}).status().code(),
            StatusCode::kUnavailable);
}

TEST_F(CurlClientTest, AProxyThatRefusesHasHadNoEffectAndGetsNoKey) {
  LoopbackServer proxy([](const Request&) { return Answer(407, "", {{"Connection", "close"}}); });
  const Environment environment("https_proxy", proxy.url());
  HttpRequest request = Make("https://directory.invalid/Users");
  request.headers = {{"Authorization", "Bearer hunter2"}};
  const auto result = MakeCurlClient(options_, runtime_)->Send(request, {});
  EXPECT_EQ(result.status().code(), StatusCode::kUnavailable) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "proxy")) << result.status();
  EXPECT_TRUE(Mentions(result.status(), "407")) << result.status();
  ASSERT_EQ(proxy.requests().size(), 1);
  EXPECT_EQ(proxy.requests()[0].method, "CONNECT");
  EXPECT_EQ(FindHeader(proxy.requests()[0].headers, "Authorization"), "");
}

}  // namespace
}  // namespace rollcall
