#include "tests/twins/rehearsal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/twins/crowd_twin.h"
#include "tests/twins/scim_twin.h"

namespace rollcall::twins {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;

class RehearsalTest : public ::testing::Test {
 protected:
  RehearsalTest() {
    world_.scim["scim"].PutUser(MakeScimUser("u1", "user1@example.com", "p1", true));
    Use({});
  }
  void Use(const RehearsalOptions& options) {
    const TwinClock clock = [this] { return now_; };
    rehearsal_ = std::make_unique<Rehearsal>(&world_, options, clock);
    rehearsal_->Mount("/scim/v2",
                      std::make_unique<ScimTwin>(&world_, "scim", ScimOptions(), clock));
  }
  // Adds one rule, without limits unless it has them.
  void Fault(const char* rule) {
    const std::string text = absl::StrCat(R"({"faults":[)", rule, "]}");
    absl::StatusOr<FaultScript> script = FaultScript::Parse(text);
    ASSERT_TRUE(script.ok()) << script.status();
    rehearsal_->set_faults(*std::move(script));
  }
  TwinResponse Send(const char* method, const std::string& target, const char* body = "") {
    return rehearsal_->Handle(
        {method, target, {{"Authorization", "Bearer twin-token"}}, body, Writes::kKept});
  }
  TwinResponse Deactivate() {
    return Send("PATCH", "/scim/v2/Users/u1",
                R"({"Operations":[{"op":"replace","path":"active","value":false}]})");
  }
  bool IsActive() { return world_.scim["scim"].FindUser("u1")->Active(); }
  json Inspect(const char* what) {
    return json::parse(Send("GET", absl::StrCat("/_twin/", what)).body);
  }

  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  World world_;
  std::unique_ptr<Rehearsal> rehearsal_;
};

TEST_F(RehearsalTest, RequestsAreCountedByMethodAndEndpoint) {
  Send("GET", "/scim/v2/Users?startIndex=1");
  Send("GET", "/scim/v2/Users/u1");
  Send("GET", "/elsewhere");
  Deactivate();
  const json report = Inspect("requests");
  EXPECT_EQ(report["total"], 4);
  EXPECT_EQ(report["writes"], 1);
  EXPECT_EQ(report["by_method"], (json{{"GET", 3}, {"PATCH", 1}}));
  EXPECT_EQ(report["by_endpoint"]["GET /Users"], 1);
  EXPECT_EQ(report["by_endpoint"]["GET /Users/{id}"], 1);
  EXPECT_EQ(report["by_endpoint"]["GET elsewhere"], 1);
  EXPECT_EQ(report["log"], json::parse(R"([{"seq":4,"method":"PATCH","path":"/scim/v2/Users/u1",
                                       "status":200,"delivered":"whole","reached":true}])"));
}

TEST_F(RehearsalTest, CrowdCountsByEndpointAndSearchesAreReads) {
  const TwinClock clock = [this] { return now_; };
  rehearsal_->Mount("/crowd", std::make_unique<CrowdTwin>(&world_, "crowd", CrowdOptions(), clock));
  const auto ask = [&](const char* method, const char* target) {
    return rehearsal_->Handle({method,
                               target,
                               {{"Authorization", "Basic cm9sbGNhbGw6dHdpbi10b2tlbg=="}},
                               "",
                               Writes::kKept});
  };
  ask("GET", "/crowd/rest/usermanagement/1/group/user/direct?groupname=x");
  ask("POST", "/crowd/rest/usermanagement/1/search?entity-type=user");
  ask("DELETE", "/crowd/rest/usermanagement/1/user?username=x");
  const json report = Inspect("requests");
  EXPECT_EQ(report["by_endpoint"]["GET /group/user/direct"], 1);
  EXPECT_EQ(report["writes"], 1);
  EXPECT_EQ(report["counters"]["/crowd"]["password_checks"], 3) << "no cookie was sent back";
}

TEST_F(RehearsalTest, WorldIsShown) {
  const json world = Inspect("world");
  EXPECT_EQ(world["scim"]["scim"]["users"][0]["email"], "user1@example.com");
  EXPECT_EQ(Inspect("requests")["total"], 0) << "looking on does not count";
}

TEST_F(RehearsalTest, StatusFaultHasNoEffectUnlessItSaysSo) {
  Fault(R"({"effect":{"status":503,"headers":{"X-A":"b"},"body":{"why":"busy"}}})");
  const TwinResponse refused = Deactivate();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body, R"({"why":"busy"})");
  EXPECT_EQ(FindTwinHeader(refused.headers, "x-a"), "b");
  EXPECT_TRUE(IsActive());
  EXPECT_EQ(Inspect("requests")["log"][0]["reached"], false);
  Fault(R"({"effect":{"status":500,"applied":true}})");
  EXPECT_EQ(Deactivate().status, 500);
  EXPECT_FALSE(IsActive());
}

TEST_F(RehearsalTest, DroppedConnectionHasItsEffectOrNot) {
  Fault(R"({"effect":{"drop_before":true}})");
  EXPECT_EQ(Deactivate().delivery, Delivery::kNothing);
  EXPECT_TRUE(IsActive());
  Fault(R"({"effect":{"drop_after":true}})");
  EXPECT_EQ(Deactivate().delivery, Delivery::kNothing);
  EXPECT_FALSE(IsActive());
}

TEST_F(RehearsalTest, NoopIsASuccessThatDidNothing) {
  Fault(R"({"effect":{"noop":true}})");
  EXPECT_EQ(Deactivate().status, 200);
  EXPECT_TRUE(IsActive());
}

TEST_F(RehearsalTest, AnswersAreCutEmptiedRetypedOrReplacedByAPage) {
  Fault(R"({"effect":{"cut_body":10}})");
  const TwinResponse cut = Send("GET", "/scim/v2/Users");
  EXPECT_EQ(cut.delivery, Delivery::kCut);
  EXPECT_EQ(cut.cut_after, 10u);
  EXPECT_GT(cut.body.size(), 10u);
  Fault(R"({"effect":{"empty_200":true}})");
  EXPECT_EQ(Send("GET", "/scim/v2/Users").body, "");
  Fault(R"({"effect":{"content_type":"text/html"}})");
  const TwinResponse retyped = Send("GET", "/scim/v2/Users");
  EXPECT_EQ(FindTwinHeader(retyped.headers, "Content-Type"), "text/html");
  EXPECT_EQ(json::parse(retyped.body)["totalResults"], 1);
  Fault(R"({"effect":{"html":true}})");
  EXPECT_EQ(Send("GET", "/scim/v2/Users").body.substr(0, 15), "<!DOCTYPE html>");
}

TEST_F(RehearsalTest, LatencyAndDelaysAddUp) {
  RehearsalOptions options;
  options.latency = absl::Milliseconds(20);
  Use(options);
  Fault(R"({"nth":2,"effect":{"delay_ms":500}})");
  EXPECT_EQ(Send("GET", "/scim/v2/Users").delay, absl::Milliseconds(20));
  EXPECT_EQ(Send("GET", "/scim/v2/Users").delay, absl::Milliseconds(520));
}

TEST_F(RehearsalTest, RateLimitLetsTheRateThroughAndNotOneMore) {
  RehearsalOptions options;
  options.rate = 5;
  Use(options);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Send("GET", "/scim/v2/Users").status, 200);
  const TwinResponse refused = Deactivate();
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(FindTwinHeader(refused.headers, "Retry-After"), "1");
  EXPECT_TRUE(IsActive());
  now_ += absl::Milliseconds(200);
  EXPECT_EQ(Send("GET", "/scim/v2/Users").status, 200);
  EXPECT_EQ(Send("GET", "/scim/v2/Users").status, 429);
}

TEST_F(RehearsalTest, FaultsNameTheWaitInEveryStyle) {
  const struct {
    const char* style;
    const char* header;
    const char* value;
  } cases[] = {{"seconds", "Retry-After", "90"},
               {"date", "Retry-After", "Tue, 14 Nov 2023 22:14:50 GMT"},
               {"reset-iso", "X-RateLimit-Reset", "2023-11-14T22:14:50Z"},
               {"reset-epoch", "X-RateLimit-Reset", "1700000090"},
               {"reset-seconds", "X-RateLimit-Reset", "90"},
               {"none", "Retry-After", ""}};
  for (const auto& item : cases) {
    Fault(absl::StrCat(R"({"effect":{"status":429,"retry_after":90,"retry_style":")", item.style,
                       "\"}}")
              .c_str());
    EXPECT_EQ(FindTwinHeader(Send("GET", "/scim/v2/Users").headers, item.header), item.value)
        << item.style;
  }
}

TEST_F(RehearsalTest, FaultsAreAccountedFor) {
  Fault(R"({"name":"late","nth":3,"effect":{"status":500}})");
  Send("GET", "/scim/v2/Users");
  EXPECT_EQ(Inspect("faults")["faults"][0],
            json::parse(R"({"name":"late","seen":1,"met":0,"times":1})"));
  EXPECT_THAT(rehearsal_->faults().Unmet(), ElementsAre("late"));
}

TEST_F(RehearsalTest, LongestBasePathWins) {
  world_.scim["inner"].PutUser(MakeScimUser("i1", "inner@example.com", "", true));
  ScimOptions options;
  options.base_path = "/scim/v2/inner";
  rehearsal_->Mount("/scim/v2/inner",
                    std::make_unique<ScimTwin>(&world_, "inner", options, [this] { return now_; }));
  EXPECT_EQ(Send("GET", "/scim/v2/inner/Users/i1").status, 200);
  EXPECT_EQ(Send("GET", "/scim/v2/Users/u1").status, 200);
  EXPECT_EQ(Send("GET", "/scim/v2x/Users/u1").status, 404);
}

}  // namespace
}  // namespace rollcall::twins
