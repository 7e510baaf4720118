// All layers together: what a directory's client does to the world, and what it costs.
#include "clients/http/stack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/http/retry.h"
#include "clients/http/url.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/loopback_server.h"
#include "tests/support/scripted_transport.h"

namespace rollcall {
namespace {

class StackTest : public testing::Test {
 protected:
  StackTest() {
    options_.directory = "cloud-scim";
    options_.base_url = "https://example.com/scim/";
    options_.auth.scheme = AuthScheme::kBearer;
    options_.auth.secret = [] { return Secret("hunter2"); };
  }
  HttpRequest Make(const std::string& method, const std::string& path,
                   Idempotency idempotency = Idempotency::kSafe) {
    HttpRequest request;
    request.method = method;
    request.url = JoinUrl(options_.base_url, path);
    request.idempotency = idempotency;
    request.endpoint = method + " /Users";
    return request;
  }

  FakeRuntime runtime_;
  NoProgress progress_;
  StackOptions options_;
};

TEST_F(StackTest, SignsCountsAndAnswers) {
  ScriptedTransport transport(runtime_,
                              [](const HttpRequest&, int) { return Respond(200, {}, "body"); });
  auto stack = BuildHttpStack(options_, runtime_, progress_, transport);
  ASSERT_TRUE(stack.ok()) << stack.status();
  const auto response = (*stack)->Send(Make("GET", "/Users"), {});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "body");
  const HttpRequest sent = transport.sent()[0].request;
  EXPECT_EQ(sent.url, "https://example.com/scim/Users");
  EXPECT_EQ(FindHeader(sent.headers, "Authorization"), "Bearer hunter2");
  EXPECT_EQ((*stack)->requests_sent(), 1);
}

// The figure: 20 requests a second, 429 on every tenth: nothing is lost, and it takes no
// more than a tenth longer than it must.
TEST_F(StackTest, A429OnEveryTenthLosesNothingAndHardlyAnyTime) {
  std::set<std::string> done;
  int throttled = 0;
  ScriptedTransport transport(runtime_, [&](const HttpRequest& request, int number) {
    runtime_.Advance(absl::Milliseconds(5));  // the server's own time
    if (number % 10 == 0) {
      ++throttled;
      return Respond(429, {{"Retry-After", "1"}});
    }
    EXPECT_TRUE(done.insert(request.url).second) << "done twice: " << request.url;
    return Respond(204);
  });
  auto stack = *BuildHttpStack(options_, runtime_, progress_, transport);
  constexpr int kWrites = 500;
  const absl::Time start = runtime_.Now();
  for (int i = 0; i < kWrites; ++i) {
    const auto result =
        stack->Send(Make("PATCH", absl::StrCat("Users/", i), Idempotency::kNotIdempotent), {});
    ASSERT_TRUE(result.ok()) << result.status();
    ASSERT_EQ(result->status, 204);
  }
  EXPECT_EQ(done.size(), kWrites);
  EXPECT_EQ(stack->requests_sent(), kWrites + throttled);
  const absl::Duration least = absl::Seconds(kWrites) / 20 + absl::Seconds(throttled);
  EXPECT_LE(runtime_.Now() - start, least * 1.1);
  EXPECT_EQ(stack->counters().throttled(), absl::Seconds(throttled));
}

// The same counted by writes alone, as a run makes them: each account is read, written and read
// back.
TEST_F(StackTest, A429OnEveryTenthCostsARunNoMoreThanItsWritesAndTheWaits) {
  int throttled = 0;
  ScriptedTransport transport(runtime_, [&](const HttpRequest&, int number) {
    runtime_.Advance(absl::Milliseconds(5));
    if (number % 10 != 0) return Respond(200);
    ++throttled;
    return Respond(429, {{"Retry-After", "1"}});
  });
  auto stack = *BuildHttpStack(options_, runtime_, progress_, transport);
  constexpr int kWrites = 300;
  const absl::Time start = runtime_.Now();
  for (int i = 0; i < kWrites; ++i) {
    for (const char* method : {"GET", "PATCH", "GET"}) {
      ASSERT_EQ(stack->Send(Make(method, absl::StrCat("Users/", i)), {})->status, 200);
    }
  }
  EXPECT_EQ(throttled, 3 * kWrites / 9 - 1);
  const absl::Duration least = absl::Seconds(kWrites) / 20 + absl::Seconds(throttled);
  EXPECT_LE(runtime_.Now() - start, least * 1.1);
}

TEST_F(StackTest, OneWorkersWaitHoldsTheOthers) {
  ScriptedTransport transport(runtime_, [](const HttpRequest&, int number) {
    return number == 1 ? Respond(429, {{"Retry-After", "30"}}) : Respond(200);
  });
  options_.retry.max_throttles = 0;  // the first worker gives up at once
  auto stack = *BuildHttpStack(options_, runtime_, progress_, transport);
  const absl::Time start = runtime_.Now();
  EXPECT_EQ(stack->Send(Make("GET", "a"), {})->status, 429);
  EXPECT_EQ(stack->Send(Make("GET", "b"), {})->status, 200);
  EXPECT_EQ(transport.sent()[1].at - start, absl::Seconds(30));
}

TEST_F(StackTest, RetriesAndRedirectsAreSpacedAndCountedToo) {
  ScriptedTransport transport(runtime_, [](const HttpRequest&, int number) {
    if (number == 1) return Respond(302, {{"Location", "/scim/other"}});
    return Respond(number == 2 ? 503 : 200);
  });
  auto stack = *BuildHttpStack(options_, runtime_, progress_, transport);
  const auto response = stack->Send(Make("GET", "Users"), {});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->attempts, 3);
  EXPECT_EQ(stack->requests_sent(), 3);
  EXPECT_GE(transport.sent()[1].at - transport.sent()[0].at, absl::Milliseconds(50));
  EXPECT_THAT(stack->counters().Counts(),
              testing::ElementsAre(RequestCount{"GET /Users", "200", 1},
                                   RequestCount{"GET /Users", "302", 1},
                                   RequestCount{"GET /Users", "503", 1}));
}

TEST_F(StackTest, TheKeyGoesNowhereElse) {
  ScriptedTransport transport(runtime_, [](const HttpRequest&, int) {
    return Respond(302, {{"Location", "https://evil.example.com/"}});
  });
  auto stack = *BuildHttpStack(options_, runtime_, progress_, transport);
  EXPECT_EQ(stack->Send(Make("GET", "Users"), {})->status, 302);
  HttpRequest next_page = Make("GET", "Users");
  next_page.url = "https://evil.example.com/Users?page=2";
  EXPECT_EQ(stack->Send(next_page, {}).status().code(), absl::StatusCode::kFailedPrecondition);
  for (const auto& sent : transport.sent()) {
    EXPECT_EQ(ParseOrigin(sent.request.url)->host, "example.com");
  }
  EXPECT_EQ(transport.sends(), 1);
}

TEST_F(StackTest, ARefusedKeyIsTriedOnce) {
  for (int status : {401, 403}) {
    ScriptedTransport transport(runtime_, [&](const HttpRequest&, int) { return Respond(status); });
    auto stack = *BuildHttpStack(options_, runtime_, progress_, transport);
    EXPECT_EQ(stack->Send(Make("GET", "Users"), {})->status, status);
    EXPECT_EQ(transport.sends(), 1);
  }
}

TEST_F(StackTest, SpeaksToARealServer) {
  LoopbackServer server([](const LoopbackServer::Request& request) {
    return Answer(200, std::string(FindHeader(request.headers, "Authorization")));
  });
  options_.base_url = server.url();
  auto stack = BuildHttpStack(options_, runtime_, progress_);
  ASSERT_TRUE(stack.ok()) << stack.status();
  EXPECT_EQ((*stack)->Send(Make("GET", "Users"), {})->body, "Bearer hunter2");
}

TEST_F(StackTest, AStoppedWorkerSendsNothing) {
  ScriptedTransport transport(runtime_, [](const HttpRequest&, int) { return Respond(200); });
  auto stack = *BuildHttpStack(options_, runtime_, progress_, transport);
  StopFlag stop;
  stop.Request();
  CallContext context;
  context.stop = &stop;
  const auto result = stack->Send(Make("PATCH", "x", Idempotency::kIdempotent), context);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(AttemptsOf(result.status()), 0);
  EXPECT_EQ(transport.sends(), 0);
}

TEST_F(StackTest, OptionsAreChecked) {
  ScriptedTransport transport(runtime_, [](const HttpRequest&, int) { return Respond(200); });
  const auto code = [&](auto change) {
    StackOptions options = options_;
    change(options);
    const auto stack = BuildHttpStack(options, runtime_, progress_, transport);
    if (!stack.ok()) {
      EXPECT_NE(std::string(stack.status().message()).find("cloud-scim"), std::string::npos);
    }
    return stack.status().code();
  };
  constexpr auto kBad = absl::StatusCode::kInvalidArgument;
  constexpr auto kFine = absl::StatusCode::kOk;
  EXPECT_EQ(code([](StackOptions&) {}), kFine);
  EXPECT_EQ(code([](StackOptions& o) { o.base_url = "example.com"; }), kBad);
  EXPECT_EQ(code([](StackOptions& o) { o.base_url = "http://example.com"; }),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code([](StackOptions& o) {
              o.base_url = "http://example.com";
              o.transport.allow_http = true;
            }),
            kFine);
  for (double rate : {0.0, -1.0, kMaxRate + 1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_EQ(code([&](StackOptions& o) { o.requests_per_second = rate; }), kBad) << rate;
  }
  EXPECT_EQ(code([](StackOptions& o) { o.requests_per_second = kMaxRate; }), kFine);
  EXPECT_EQ(code([](StackOptions& o) { o.burst = 0; }), kBad);
  EXPECT_EQ(code([](StackOptions& o) { o.burst = kMaxBurst; }), kFine);
  EXPECT_EQ(code([](StackOptions& o) { o.burst = kMaxBurst + 1; }), kBad);
  EXPECT_EQ(code([](StackOptions& o) { o.transport.timeout = absl::ZeroDuration(); }), kBad);
  EXPECT_EQ(code([](StackOptions& o) { o.retry.max_attempts = 0; }), kBad);
  EXPECT_EQ(code([](StackOptions& o) { o.auth.secret = nullptr; }), kBad);
}

}  // namespace
}  // namespace rollcall
