#include "clients/http/retry.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/fake_runtime.h"
#include "tests/support/scripted_transport.h"

namespace rollcall {
namespace {

using absl::StatusCode;

constexpr Idempotency kAll[] = {Idempotency::kSafe, Idempotency::kIdempotent,
                                Idempotency::kNotIdempotent};

HttpRequest Write(Idempotency idempotency) {
  HttpRequest request;
  request.method = idempotency == Idempotency::kSafe ? "GET" : "PATCH";
  request.url = "https://example.com/Users/1";
  request.idempotency = idempotency;
  request.endpoint = request.method + " /Users/{id}";
  return request;
}

class RetryTest : public testing::Test {
 protected:
  // Sends `request` through a fresh retry layer above `script`.
  absl::StatusOr<HttpResponse> Send(Idempotency idempotency, ScriptedTransport::Script script) {
    ScriptedTransport transport(runtime_, std::move(script));
    Pace pace({"cloud", 1000, 1000}, runtime_, progress_, counters_);
    RetryClient client(transport, policy_, BackoffOptions(), runtime_, pace);
    absl::StatusOr<HttpResponse> result = client.Send(Write(idempotency), context_);
    sends_ = transport.sends();
    return result;
  }

  static ScriptedTransport::Script Always(absl::StatusOr<HttpResponse> result) {
    return [result](const HttpRequest&, int) { return result; };
  }
  // `first` once, then `rest`.
  static ScriptedTransport::Script Then(absl::StatusOr<HttpResponse> first,
                                        absl::StatusOr<HttpResponse> rest) {
    return [first, rest](const HttpRequest&, int number) { return number == 1 ? first : rest; };
  }

  FakeRuntime runtime_;
  NoProgress progress_;
  RequestCounters counters_;
  RetryPolicy policy_;
  StopFlag stop_;
  CallContext context_{&stop_, absl::InfiniteFuture()};
  int sends_ = 0;
};

TEST_F(RetryTest, AnswersAreReturnedAsTheyAre) {
  for (int status : {200, 204, 301, 400, 401, 403, 404, 408, 409, 412, 413, 418, 501, 505}) {
    const auto result = Send(Idempotency::kSafe, Always(Respond(status)));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, status);
    EXPECT_EQ(result->attempts, 1);
    EXPECT_EQ(sends_, 1) << status;
  }
}

TEST_F(RetryTest, A429IsWaitedForWhateverTheRequest) {
  for (Idempotency idempotency : kAll) {
    const absl::Time start = runtime_.Now();
    const auto result = Send(idempotency, Then(Respond(429, {{"Retry-After", "7"}}), Respond(204)));
    ASSERT_TRUE(result.ok()) << result.status();
    EXPECT_EQ(result->status, 204);
    EXPECT_EQ(result->attempts, 2);
    EXPECT_EQ(runtime_.Now() - start, absl::Seconds(7));
  }
}

TEST_F(RetryTest, A429WithoutAnyHeaderBacksOff) {
  const auto result = Send(Idempotency::kNotIdempotent, [](const HttpRequest&, int number) {
    return Respond(number <= 20 ? 429 : 200);
  });
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 200);
  EXPECT_EQ(sends_, 21);  // beyond max_attempts: nothing had failed
  EXPECT_GT(runtime_.slept(), absl::Minutes(3));
}

TEST_F(RetryTest, A429ThatSaysAtOnceIsNoHotLoop) {
  Send(Idempotency::kSafe, Then(Respond(429, {{"Retry-After", "0"}}), Respond(200))).IgnoreError();
  EXPECT_GE(runtime_.slept(), absl::Milliseconds(500));
}

TEST_F(RetryTest, A429IsGivenUpAtTheLimitOfAllWaitsAndReturned) {
  policy_.max_throttled = absl::Seconds(100);
  auto result = Send(Idempotency::kSafe, Always(Respond(429, {{"Retry-After", "25"}})));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 429);
  EXPECT_EQ(result->attempts, 5);
  EXPECT_EQ(runtime_.slept(), absl::Seconds(100));

  policy_.max_throttled = absl::Seconds(99);
  result = Send(Idempotency::kSafe, Always(Respond(429, {{"Retry-After", "25"}})));
  EXPECT_EQ(result->attempts, 4);
}

TEST_F(RetryTest, A429IsGivenUpAtTheLimitOfTheirNumber) {
  policy_.max_throttles = 3;
  const auto result = Send(Idempotency::kSafe, Always(Respond(429, {{"Retry-After", "1"}})));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->attempts, 4);
}

TEST_F(RetryTest, ServerErrorsAreRepeatedWhereThatIsAllowed) {
  for (int status : {500, 502, 503, 504}) {
    for (Idempotency idempotency : {Idempotency::kSafe, Idempotency::kIdempotent}) {
      const auto result = Send(idempotency, Then(Respond(status), Respond(200)));
      ASSERT_TRUE(result.ok());
      EXPECT_EQ(result->status, 200);
      EXPECT_EQ(sends_, 2);
    }
    const auto result = Send(Idempotency::kNotIdempotent, Always(Respond(status)));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, status);
    EXPECT_EQ(sends_, 1) << status;
  }
}

TEST_F(RetryTest, A503IsRepeatedWhenItSays) {
  const auto result =
      Send(Idempotency::kIdempotent, Then(Respond(503, {{"Retry-After", "42"}}), Respond(200)));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(runtime_.slept(), absl::Seconds(42));
  EXPECT_EQ(counters_.busy_waits(), 1) << "told as what it was, not as a 429";
}

TEST_F(RetryTest, FailuresAreGivenUpAfterTheLimitOfAttempts) {
  const auto result = Send(Idempotency::kSafe, Always(Respond(502)));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 502);
  EXPECT_EQ(result->attempts, 5);
  EXPECT_EQ(sends_, 5);
  policy_.max_attempts = 1;
  Send(Idempotency::kSafe, Always(Respond(502))).IgnoreError();
  EXPECT_EQ(sends_, 1);
}

TEST_F(RetryTest, FailuresAreGivenUpAfterTheLimitOfTime) {
  policy_.max_time = absl::Seconds(20);
  auto result = Send(Idempotency::kSafe, Always(Respond(503, {{"Retry-After", "20"}})));
  EXPECT_EQ(sends_, 2);
  result = Send(Idempotency::kSafe, Always(Respond(503, {{"Retry-After", "21"}})));
  EXPECT_EQ(sends_, 1);
  EXPECT_EQ(result->status, 503);
}

TEST_F(RetryTest, WaitingFor429DoesNotUseUpTheTimeForFailures) {
  policy_.max_time = absl::Seconds(20);
  const auto result = Send(Idempotency::kSafe, [](const HttpRequest&, int number) {
    if (number == 1) return Respond(429, {{"Retry-After", "600"}});
    return Respond(number == 2 ? 502 : 200);
  });
  EXPECT_EQ(result->status, 200);
}

TEST_F(RetryTest, WhatNeverReachedTheServerIsRepeatedForEveryRequest) {
  for (Idempotency idempotency : kAll) {
    const auto result = Send(idempotency, Then(absl::UnavailableError("refused"), Respond(200)));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->attempts, 1);  // only one was sent
    EXPECT_EQ(sends_, 2);
  }
}

TEST_F(RetryTest, AnUnknownEffectIsRepeatedOnlyWhereThatIsAllowed) {
  for (const absl::Status& error :
       {absl::UnknownError("reset"), absl::DeadlineExceededError("timed out")}) {
    for (Idempotency idempotency : {Idempotency::kSafe, Idempotency::kIdempotent}) {
      const auto result = Send(idempotency, Then(error, Respond(200)));
      ASSERT_TRUE(result.ok());
      EXPECT_EQ(result->attempts, 2);
    }
    const auto result = Send(Idempotency::kNotIdempotent, Always(error));
    EXPECT_EQ(result.status().code(), error.code());
    EXPECT_EQ(AttemptsOf(result.status()), 1);
    EXPECT_EQ(sends_, 1);
  }
}

TEST_F(RetryTest, OtherErrorsAreNeverRepeated) {
  for (StatusCode code :
       {StatusCode::kCancelled, StatusCode::kFailedPrecondition, StatusCode::kDataLoss}) {
    const auto result = Send(Idempotency::kSafe, Always(absl::Status(code, "no")));
    EXPECT_EQ(result.status().code(), code);
    EXPECT_EQ(sends_, 1);
  }
}

TEST_F(RetryTest, TheLastErrorSaysHowManyRequestsWereSent) {
  auto result = Send(Idempotency::kSafe, Always(absl::UnknownError("reset")));
  EXPECT_EQ(AttemptsOf(result.status()), 5);
  result = Send(Idempotency::kSafe, Always(absl::UnavailableError("refused")));
  EXPECT_EQ(AttemptsOf(result.status()), 0);
  EXPECT_EQ(AttemptsOf(absl::UnknownError("of somebody else")), 0);
}

TEST_F(RetryTest, ARefusalAfterAnUnknownEffectProvesNothing) {
  for (const absl::StatusOr<HttpResponse>& first :
       {absl::StatusOr<HttpResponse>(absl::UnknownError("reset")),
        absl::StatusOr<HttpResponse>(Respond(500))}) {
    policy_.max_throttles = 0;
    for (const absl::StatusOr<HttpResponse>& last :
         {absl::StatusOr<HttpResponse>(Respond(400)), absl::StatusOr<HttpResponse>(Respond(401)),
          absl::StatusOr<HttpResponse>(Respond(429)),
          absl::StatusOr<HttpResponse>(absl::UnavailableError("refused")),
          absl::StatusOr<HttpResponse>(absl::CancelledError("stopped"))}) {
      const auto result = Send(Idempotency::kIdempotent, Then(first, last));
      EXPECT_EQ(result.status().code(), StatusCode::kUnknown) << last.status();
      EXPECT_GE(AttemptsOf(result.status()), 1);
    }
  }
}

TEST_F(RetryTest, AnAnswerThatTellsTheStateIsReturnedAfterAnUnknownEffect) {
  for (int status : {200, 204, 404, 409, 410}) {
    const auto result =
        Send(Idempotency::kIdempotent, Then(absl::UnknownError("reset"), Respond(status)));
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(result->status, status);
    EXPECT_EQ(result->attempts, 2);
  }
}

TEST_F(RetryTest, AReadHasNoEffectToBeUnknown) {
  const auto result = Send(Idempotency::kSafe, Then(absl::UnknownError("reset"), Respond(401)));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 401);
}

TEST_F(RetryTest, AThrottledWriteThatIsStoppedHasHadNoEffect) {
  runtime_.StopAt(runtime_.Now() + absl::Seconds(3), &stop_);
  const auto result =
      Send(Idempotency::kNotIdempotent, Always(Respond(429, {{"Retry-After", "60"}})));
  EXPECT_EQ(result.status().code(), StatusCode::kCancelled);
  EXPECT_EQ(sends_, 1);
  EXPECT_EQ(runtime_.slept(), absl::Seconds(3));
}

TEST_F(RetryTest, NothingIsRepeatedAfterAStop) {
  for (const absl::StatusOr<HttpResponse>& last :
       {absl::StatusOr<HttpResponse>(Respond(503)),
        absl::StatusOr<HttpResponse>(absl::UnknownError("reset")),
        absl::StatusOr<HttpResponse>(Respond(429))}) {
    StopFlag stop;
    context_.stop = &stop;
    const auto result = Send(Idempotency::kIdempotent, [&](const HttpRequest&, int) {
      stop.Request();  // while the request is in flight
      return last;
    });
    EXPECT_EQ(sends_, 1);
    if (last.ok() && last->status == 503) {
      EXPECT_EQ(result->status, 503);
    } else if (last.ok()) {
      EXPECT_EQ(result.status().code(), StatusCode::kCancelled);
    } else {
      EXPECT_EQ(result.status().code(), StatusCode::kUnknown);
    }
  }
}

TEST_F(RetryTest, AStopAfterAnUnknownEffectIsNotCalledCancelled) {
  const auto result = Send(Idempotency::kIdempotent, [this](const HttpRequest&, int number) {
    if (number == 1) return absl::StatusOr<HttpResponse>(absl::UnknownError("reset"));
    stop_.Request();
    return absl::StatusOr<HttpResponse>(Respond(429));
  });
  EXPECT_EQ(result.status().code(), StatusCode::kUnknown);
}

TEST_F(RetryTest, NothingIsWaitedForBeyondTheDeadline) {
  context_.deadline = runtime_.Now() + absl::Seconds(10);
  const auto result = Send(Idempotency::kSafe, Always(Respond(429, {{"Retry-After", "11"}})));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 429);
  EXPECT_EQ(runtime_.slept(), absl::ZeroDuration());
}

}  // namespace
}  // namespace rollcall
