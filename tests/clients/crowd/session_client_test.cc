#include "clients/crowd/session_client.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/scripted_client.h"

namespace rollcall {
namespace {

// What the next request carries after an answer with these headers.
std::string CookieAfter(const Headers& headers, int status = 200) {
  ScriptedClient server([&](const HttpRequest&) { return Answer(status, "", headers); });
  SessionClient client(server);
  EXPECT_TRUE(client.Send(HttpRequest(), {}).ok());
  EXPECT_TRUE(client.Send(HttpRequest(), {}).ok());
  EXPECT_EQ(FindHeader(server.requests()[0].headers, "Cookie"), "");
  return std::string(FindHeader(server.requests()[1].headers, "Cookie"));
}

TEST(CrowdSession, TheSessionComesWithTheNextRequest) {
  EXPECT_EQ(CookieAfter({{"Set-Cookie", "JSESSIONID=1A2B; Path=/crowd; HttpOnly"}}),
            "JSESSIONID=1A2B");
  EXPECT_EQ(CookieAfter({{"set-cookie", "b=2"}, {"SET-COOKIE", "a=1; Secure"}}), "a=1; b=2");
}

TEST(CrowdSession, ARefusedPasswordEndsTheSession) {
  int number = 0;
  ScriptedClient server([&](const HttpRequest&) {
    ++number;
    return Answer(number == 2 ? 401 : 200, "", {{"Set-Cookie", "JSESSIONID=1"}});
  });
  SessionClient client(server);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(client.Send(HttpRequest(), {}).ok());
  EXPECT_EQ(FindHeader(server.requests()[1].headers, "Cookie"), "JSESSIONID=1");
  EXPECT_EQ(FindHeader(server.requests()[2].headers, "Cookie"), "");
}

TEST(CrowdSession, WhatTheServerTakesBackIsDropped) {
  EXPECT_EQ(CookieAfter({{"Set-Cookie", "a=1"}, {"Set-Cookie", "a=; Path=/"}}), "");
  EXPECT_EQ(CookieAfter({{"Set-Cookie", "a=1"}, {"Set-Cookie", "a=x; Max-Age=0"}}), "");
}

TEST(CrowdSession, ACookieThatWouldBreakTheHeaderIsNotKept) {
  for (const char* cookie : {"=1", "a b=1", "a=1,2", "a=\"x y\"", "a=\x01", "novalue", ""}) {
    EXPECT_EQ(CookieAfter({{"Set-Cookie", cookie}}), "") << cookie;
  }
}

TEST(CrowdSession, CookiesAreLimitedInNumberAndLength) {
  Headers headers;
  for (size_t i = 0; i <= SessionClient::kMaxCookies; ++i) {
    headers.emplace_back("Set-Cookie", absl::StrCat("c", 100 + i, "=1"));
  }
  const std::string all = CookieAfter(headers);
  EXPECT_NE(all.find(absl::StrCat("c", 99 + SessionClient::kMaxCookies, "=1")), std::string::npos);
  EXPECT_EQ(all.find(absl::StrCat("c", 100 + SessionClient::kMaxCookies, "=1")), std::string::npos);
  const std::string longest(SessionClient::kMaxCookie - 1, 'x');
  EXPECT_EQ(CookieAfter({{"Set-Cookie", absl::StrCat("a=", longest)}}).size(), longest.size() + 2);
  EXPECT_EQ(CookieAfter({{"Set-Cookie", absl::StrCat("a=", longest, "x")}}), "");
}

}  // namespace
}  // namespace rollcall
