#include "clients/http/retry_after.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace rollcall {
namespace {

// 2026-01-01T01:00:00Z
const absl::Time kNow = absl::FromUnixSeconds(1767229200);

std::optional<absl::Duration> Wait(const std::string& name, const std::string& value) {
  return ParseRetryAfter({{name, value}}, kNow);
}

TEST(ParseRetryAfter, ReadsSeconds) {
  EXPECT_EQ(Wait("Retry-After", "1"), absl::Seconds(1));
  EXPECT_EQ(Wait("retry-after", " 30 "), absl::Seconds(30));
  EXPECT_EQ(Wait("RETRY-AFTER", "1.5"), absl::Seconds(1.5));
  EXPECT_EQ(Wait("Retry-After", "0"), absl::ZeroDuration());
}

TEST(ParseRetryAfter, ReadsTheThreeFormsOfHttpDate) {
  EXPECT_EQ(Wait("Retry-After", "Thu, 01 Jan 2026 01:01:00 GMT"), absl::Minutes(1));
  EXPECT_EQ(Wait("Retry-After", "Thursday, 01-Jan-26 01:01:00 GMT"), absl::Minutes(1));
  EXPECT_EQ(Wait("Retry-After", "Thu Jan  1 01:01:00 2026"), absl::Minutes(1));
}

TEST(ParseRetryAfter, ReadsEveryFormOfReset) {
  EXPECT_EQ(Wait("X-RateLimit-Reset", "2026-01-01T01:01:01Z"), absl::Seconds(61));
  EXPECT_EQ(Wait("x-ratelimit-reset", "2026-01-01T02:01:00.500+01:00"), absl::Seconds(60.5));
  EXPECT_EQ(Wait("X-RateLimit-Reset", "2026-01-01T01:00:05"), absl::Seconds(5));
  EXPECT_EQ(Wait("X-RateLimit-Reset", "1767229207"), absl::Seconds(7));
  EXPECT_EQ(Wait("X-RateLimit-Reset", "1767229207250"), absl::Seconds(7.25));
  EXPECT_EQ(Wait("X-RateLimit-Reset", "12"), absl::Seconds(12));
  EXPECT_EQ(Wait("RateLimit-Reset", "9"), absl::Seconds(9));
}

TEST(ParseRetryAfter, RetryAfterCountsBeforeReset) {
  EXPECT_EQ(ParseRetryAfter({{"X-RateLimit-Reset", "50"}, {"Retry-After", "1"}}, kNow),
            absl::Seconds(1));
}

TEST(ParseRetryAfter, ResetCountsWhereRetryAfterIsRubbish) {
  EXPECT_EQ(ParseRetryAfter({{"Retry-After", "soon"}, {"X-RateLimit-Reset", "50"}}, kNow),
            absl::Seconds(50));
}

TEST(ParseRetryAfter, AWrongClockOnEitherSideDoesNotMatter) {
  const Headers headers = {{"Date", "Tue, 01 Jan 2030 00:00:00 GMT"},
                           {"Retry-After", "Tue, 01 Jan 2030 00:00:03 GMT"}};
  EXPECT_EQ(ParseRetryAfter(headers, kNow), absl::Seconds(3));
}

TEST(ParseRetryAfter, WhatHasPassedIsZero) {
  EXPECT_EQ(Wait("X-RateLimit-Reset", "2025-10-08T15:00:00Z"), absl::ZeroDuration());
  EXPECT_EQ(Wait("X-RateLimit-Reset", "1000000000"), absl::ZeroDuration());
}

TEST(ParseRetryAfter, IsCappedAtTheLimit) {
  EXPECT_EQ(Wait("Retry-After", "3599"), absl::Seconds(3599));
  EXPECT_EQ(Wait("Retry-After", "3600"), kMaxRetryAfter);
  EXPECT_EQ(Wait("Retry-After", "3601"), kMaxRetryAfter);
  EXPECT_EQ(Wait("Retry-After", std::string(64, '9')), kMaxRetryAfter);
  EXPECT_EQ(Wait("Retry-After", "Fri, 01 Jan 9999 00:00:00 GMT"), kMaxRetryAfter);
  EXPECT_EQ(Wait("X-RateLimit-Reset", "9999-12-31T23:59:59Z"), kMaxRetryAfter);
  EXPECT_EQ(Wait("X-RateLimit-Reset", std::string(40, '9')), kMaxRetryAfter);
}

TEST(ParseRetryAfter, HostileValuesCountAsAbsent) {
  for (const std::string& value :
       {std::string("-1"), std::string("+1"), std::string("1e9"), std::string("inf"),
        std::string("nan"), std::string("0x10"), std::string("1.2.3"), std::string("."),
        std::string("1, 2"), std::string("tomorrow"), std::string(65, '9'), std::string()}) {
    EXPECT_EQ(Wait("Retry-After", value), std::nullopt) << value;
    EXPECT_EQ(Wait("X-RateLimit-Reset", value), std::nullopt) << value;
  }
  EXPECT_EQ(ParseRetryAfter({}, kNow), std::nullopt);
}

// Header shapes that were documented or seen in the field.
TEST(ParseRetryAfter, UnderstandsTheHeadersOfRealServers) {
  const std::filesystem::path path =
      std::filesystem::path(ROLLCALL_SOURCE_DIR) / "../shared/fixtures/rate-limit-headers.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the recorded headers are not here";
  std::ifstream file(path);
  const nlohmann::json recorded = nlohmann::json::parse(file);
  int told = 0;
  for (const nlohmann::json& exchange : recorded["exchanges"]) {
    const nlohmann::json& answer = exchange["response"];
    if (answer["status"] != 429) continue;
    Headers headers;
    for (const auto& [name, value] : answer["headers"].items()) {
      headers.emplace_back(name, value.get<std::string>());
    }
    const bool says_when = answer["headers"].contains("Retry-After") ||
                           answer["headers"].contains("X-RateLimit-Reset");
    const std::optional<absl::Duration> wait = ParseRetryAfter(headers, kNow);
    EXPECT_EQ(wait.has_value(), says_when) << exchange["name"];
    if (says_when) ++told;
    if (answer["headers"].contains("Retry-After")) {
      const std::string seconds = answer["headers"]["Retry-After"];
      EXPECT_EQ(wait, absl::Seconds(std::stoi(seconds))) << exchange["name"];
    }
  }
  EXPECT_GE(told, 3);
}

}  // namespace
}  // namespace rollcall
