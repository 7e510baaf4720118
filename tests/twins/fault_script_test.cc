#include "tests/twins/fault_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rollcall::twins {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TwinRequest Request(const char* method, const char* target) {
  TwinRequest request;
  request.method = method;
  request.target = target;
  return request;
}

FaultScript Parsed(const char* text) {
  absl::StatusOr<FaultScript> script = FaultScript::Parse(text);
  EXPECT_TRUE(script.ok()) << script.status();
  return script.ok() ? *std::move(script) : FaultScript();
}

// Which of the first ten requests are met, counted from 1.
std::vector<int> Met(FaultScript& script) {
  std::vector<int> met;
  for (int i = 1; i <= 10; ++i) {
    if (script.Next(Request("GET", "/scim/v2/Users?startIndex=1")) != nullptr) met.push_back(i);
  }
  return met;
}

TEST(FaultScriptTest, RuleStrikesOnceAtTheFirstRequestByDefault) {
  FaultScript script = Parsed(R"({"faults":[{"effect":{"status":503}}]})");
  EXPECT_THAT(Met(script), ElementsAre(1));
}

TEST(FaultScriptTest, RuleStrikesFromTheNthSoManyTimes) {
  FaultScript script = Parsed(R"({"faults":[{"nth":3,"times":2,"effect":{"status":503}}]})");
  EXPECT_THAT(Met(script), ElementsAre(3, 4));
}

TEST(FaultScriptTest, RuleStrikesEveryNthWithoutEndOrSoManyTimes) {
  FaultScript script = Parsed(R"({"faults":[{"every":4,"effect":{"status":503}}]})");
  EXPECT_THAT(Met(script), ElementsAre(4, 8));
  FaultScript twice = Parsed(R"({"faults":[{"every":3,"times":2,"effect":{"status":503}}]})");
  EXPECT_THAT(Met(twice), ElementsAre(3, 6));
}

TEST(FaultScriptTest, RulesMeetByMethodPathAndQuery) {
  FaultScript script = Parsed(R"({"faults":[
      {"match":{"method":"PATCH","path":"*/Users/*","query":"x=1"},"times":0,
       "effect":{"drop_after":true}}]})");
  EXPECT_NE(script.Next(Request("PATCH", "/scim/v2/Users/u1?x=1")), nullptr);
  EXPECT_EQ(script.Next(Request("PATCH", "/scim/v2/Users/u1")), nullptr);
  EXPECT_EQ(script.Next(Request("GET", "/scim/v2/Users/u1?x=1")), nullptr);
  EXPECT_EQ(script.Next(Request("PATCH", "/scim/v2/Users?x=1")), nullptr);
  EXPECT_EQ(script.Next(Request("PATCH", "/scim/v2/Groups/g1?x=1")), nullptr);
}

TEST(FaultScriptTest, FirstRuleInTurnWinsAndAllCount) {
  FaultScript script = Parsed(R"({"faults":[
      {"name":"a","effect":{"status":500}},{"name":"b","nth":2,"effect":{"status":501}}]})");
  EXPECT_EQ(script.Next(Request("GET", "/"))->status, 500);
  EXPECT_EQ(script.Next(Request("GET", "/"))->status, 501);
  EXPECT_EQ(script.Next(Request("GET", "/")), nullptr);
  EXPECT_EQ(script.Report()["faults"][1]["seen"], 3);
}

TEST(FaultScriptTest, UnmetRulesAreNamed) {
  FaultScript script = Parsed(R"({"faults":[
      {"name":"met","effect":{"status":500}},
      {"name":"half met","nth":2,"times":2,"effect":{"status":500}},
      {"name":"endless","match":{"path":"/nowhere"},"every":2,"effect":{"status":500}},
      {"match":{"method":"PUT"},"effect":{"status":500}}]})");
  script.Next(Request("GET", "/"));
  script.Next(Request("GET", "/"));
  EXPECT_THAT(script.Unmet(), ElementsAre("half met", "endless", "fault 4"));
  EXPECT_EQ(script.Report()["unmet"].size(), 3u);
  EXPECT_THAT(FaultScript().Unmet(), IsEmpty());
}

TEST(FaultScriptTest, MistakesInAScriptAreNamed) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"[]", "one JSON object"},
      {"{", "one JSON object"},
      {R"({"faults":[{}]})", "fault 1: effect must be"},
      {R"({"faults":[{"effect":{"stattus":500}}]})", "stattus"},
      {R"({"faults":[{"effect":{"status":"500"}}]})", "status"},
      {R"({"faults":[{"effect":{"delay_ms":-1}}]})", "delay_ms"},
      {R"({"faults":[{"effect":{"retry_after":1,"retry_style":"soon"}}]})", "soon"},
      {R"({"faults":[{"nht":2,"effect":{"status":500}}]})", "nht"},
      {R"({"faults":[{"match":{"metod":"GET"},"effect":{"status":500}}]})", "metod"},
      {R"({"faults":[{"effect":{"headers":{"A":1}}}]})", "headers"},
  };
  for (const auto& item : cases) {
    const absl::Status status = FaultScript::Parse(item.text).status();
    EXPECT_THAT(std::string(status.message()), HasSubstr(item.message)) << item.text;
  }
}

}  // namespace
}  // namespace rollcall::twins
