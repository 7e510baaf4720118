#include "clients/http/request_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/http/observe.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/scripted_transport.h"

namespace rollcall {
namespace {

HttpRequest To(const std::string& endpoint) {
  HttpRequest request;
  request.endpoint = endpoint;
  return request;
}

TEST(RequestCounters, CountByEndpointAndResultInOrder) {
  RequestCounters counters;
  counters.Record(To("PATCH /Users/{id}"), Respond(204));
  counters.Record(To("GET /Users"), Respond(429));
  counters.Record(To("GET /Users"), Respond(200));
  counters.Record(To("GET /Users"), Respond(200));
  counters.Record(To(""), Respond(200));
  EXPECT_THAT(counters.Counts(), testing::ElementsAre(RequestCount{"GET", "200", 1},
                                                      RequestCount{"GET /Users", "200", 2},
                                                      RequestCount{"GET /Users", "429", 1},
                                                      RequestCount{"PATCH /Users/{id}", "204", 1}));
  EXPECT_EQ(counters.sent(), 5);
}

class Listener final : public RequestObserver {
 public:
  void Sent(absl::string_view directory, absl::string_view endpoint,
            absl::string_view result) override {
    told.push_back(absl::StrCat(directory, ": ", endpoint, " ", result));
  }
  void Throttled(absl::string_view directory, absl::Duration duration, bool begins,
                 int http_status) override {
    told.push_back(absl::StrCat(directory, ": ", absl::FormatDuration(duration), " ", begins, " ",
                                http_status));
  }
  std::vector<std::string> told;
};

TEST(RequestCounters, ObserverIsToldOfEverySendAndEveryWait) {
  Listener listener;
  RequestCounters counters("crowd", &listener);
  counters.Record(To("GET /user"), Respond(200));
  counters.Record(To("GET /user"), absl::UnavailableError("refused"));
  counters.AddThrottled(absl::Seconds(2), true, 429);
  counters.AddThrottled(absl::Seconds(1), false, 503);
  EXPECT_THAT(listener.told,
              testing::ElementsAre("crowd: GET /user 200", "crowd: GET /user UNAVAILABLE",
                                   "crowd: 2s 1 429", "crowd: 1s 0 503"));
}

TEST(RequestCounters, WhatNeverLeftIsListedButNotSent) {
  RequestCounters counters;
  counters.Record(To("GET /x"), absl::UnavailableError("refused"));
  counters.Record(To("GET /x"), absl::FailedPreconditionError("certificate"));
  counters.Record(To("GET /x"), absl::CancelledError("stopped"));
  EXPECT_EQ(counters.sent(), 0);
  EXPECT_EQ(counters.Counts().size(), 3);
  counters.Record(To("GET /x"), absl::UnknownError("reset"));
  counters.Record(To("GET /x"), absl::DeadlineExceededError("timed out"));
  counters.Record(To("GET /x"), absl::DataLossError("too large"));
  EXPECT_EQ(counters.sent(), 3);
}

TEST(RequestCounters, StayBoundedWhateverTheEndpoints) {
  RequestCounters counters;
  const int most = RequestCounters::kMaxEndpoints;
  for (int i = 0; i < most; ++i) counters.Record(To(absl::StrCat("GET /", i)), Respond(200));
  EXPECT_EQ(counters.Counts().size(), most);
  counters.Record(To("GET /one more"), Respond(200));
  counters.Record(To("GET /two more"), Respond(200));
  EXPECT_EQ(counters.Counts().size(), most + 1);
  EXPECT_THAT(counters.Counts(),
              testing::Contains(RequestCount{RequestCounters::kOtherEndpoints, "200", 2}));
  EXPECT_EQ(counters.sent(), most + 2);
}

TEST(ObserveClient, CountsFromManyThreadsAndChangesNothing) {
  FakeRuntime runtime;
  ScriptedTransport transport(runtime,
                              [](const HttpRequest&, int) { return Respond(200, {}, "body"); });
  RequestCounters counters;
  ObserveClient client(transport, counters);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) EXPECT_EQ(client.Send(To("GET /x"), {})->body, "body");
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counters.sent(), 400);
}

}  // namespace
}  // namespace rollcall
