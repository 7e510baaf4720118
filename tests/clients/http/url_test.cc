#include "clients/http/url.h"

#include <gtest/gtest.h>

#include <string>

namespace rollcall {
namespace {

TEST(EncodePathSegment, KeepsUnreservedCharactersOnly) {
  EXPECT_EQ(EncodePathSegment("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(EncodePathSegment("a@b+c%d/é ?#"), "a%40b%2Bc%25d%2F%C3%A9%20%3F%23");
  EXPECT_EQ(EncodePathSegment(absl::string_view("\0\n\x7f", 3)), "%00%0A%7F");
  EXPECT_EQ(EncodePathSegment(""), "");
}

TEST(EncodePathSegment, DotsAreAnIdAndNotAFolder) {
  EXPECT_EQ(EncodePathSegment("."), "%2E");
  EXPECT_EQ(EncodePathSegment(".."), "%2E%2E");
  EXPECT_EQ(EncodePathSegment("..a"), "..a");
}

TEST(WithQuery, EncodesAndAppendsInOrder) {
  EXPECT_EQ(
      WithQuery("https://h.example.com/Users", {{"filter", "userName eq \"a+b\""}, {"n", ""}}),
      "https://h.example.com/Users?filter=userName%20eq%20%22a%2Bb%22&n=");
  EXPECT_EQ(WithQuery("https://h/Users?x=1", {{"y", "é&="}}), "https://h/Users?x=1&y=%C3%A9%26%3D");
  EXPECT_EQ(WithQuery("https://h/Users", {}), "https://h/Users");
}

TEST(JoinUrl, PutsExactlyOneSlashBetween) {
  for (const char* base : {"https://h/scim", "https://h/scim/", "https://h/scim//"}) {
    for (const char* path : {"Users", "/Users", "//Users"}) {
      EXPECT_EQ(JoinUrl(base, path), "https://h/scim/Users");
    }
  }
  EXPECT_EQ(JoinUrl("https://h/", ""), "https://h");
}

TEST(ParseOrigin, FindsSchemeHostAndPort) {
  EXPECT_EQ(ParseOrigin("https://Example.COM/x?y=http://z/")->ToString(), "https://example.com");
  EXPECT_EQ(ParseOrigin("HTTP://example.com:80")->ToString(), "http://example.com");
  EXPECT_EQ(ParseOrigin("https://example.com:80/")->ToString(), "https://example.com:80");
  EXPECT_EQ(ParseOrigin("http://[::1]:8080/a")->ToString(), "http://[::1]:8080");
  EXPECT_EQ(ParseOrigin("https://example.com?x")->port, 443);
  EXPECT_EQ(ParseOrigin("https://h:65535")->port, 65535);
}

TEST(ParseOrigin, RefusesWhatParsersReadDifferently) {
  for (const char* url : {"",
                          "example.com",
                          "ftp://example.com",
                          "https:/example.com",
                          "https://",
                          "https:///x",
                          "https://user:pass@example.com",
                          "https://example.com\\@evil.example.com",
                          "https://example.com:0",
                          "https://example.com:65536",
                          "https://example.com:",
                          "https://example.com:+80",
                          "https://exa mple.com",
                          "https://example.com/a b",
                          "https://example.com/#x",
                          "https://example.com\r\nHost: x",
                          "https://exämple.com",
                          "https://[::1",
                          "https://[x]",
                          "https://.example.com",
                          "https://%65xample.com",
                          " https://example.com",
                          "https://example.com:80:80",
                          "javascript:https://example.com"}) {
    EXPECT_EQ(ParseOrigin(url).status().code(), absl::StatusCode::kInvalidArgument) << url;
  }
}

TEST(ParseOrigin, DoesNotQuoteAPasswordInItsMessage) {
  const absl::Status status = ParseOrigin("https://bot:hunter2@example.com").status();
  EXPECT_EQ(std::string(status.message()).find("hunter2"), std::string::npos) << status;
}

TEST(ParseOrigin, LimitsTheLength) {
  const std::string start = "https://example.com/";
  EXPECT_TRUE(ParseOrigin(start + std::string(16 * 1024 - start.size(), 'a')).ok());
  EXPECT_FALSE(ParseOrigin(start + std::string(16 * 1024 - start.size() + 1, 'a')).ok());
}

TEST(IsLoopback, KnowsThisMachineOnly) {
  for (const char* url : {"http://localhost", "http://127.0.0.1:1", "http://127.255.0.9",
                          "http://[::1]:5", "http://LOCALHOST"}) {
    EXPECT_TRUE(IsLoopback(*ParseOrigin(url))) << url;
  }
  for (const char* url : {"http://127.0.0.1.example.com", "http://localhost.example.com",
                          "http://128.0.0.1", "http://127.1", "http://0.0.0.0", "http://[::2]",
                          "http://127.0.0.256", "http://127.0.0.01"}) {
    EXPECT_FALSE(IsLoopback(*ParseOrigin(url))) << url;
  }
}

TEST(ResolveReference, ReadsEveryFormOfLocation) {
  const std::string base = "https://h.example.com:8443/scim/v2/Users?page=1";
  EXPECT_EQ(*ResolveReference(base, "https://o.example.com/x"), "https://o.example.com/x");
  EXPECT_EQ(*ResolveReference(base, "//o.example.com/x"), "https://o.example.com/x");
  EXPECT_EQ(*ResolveReference(base, "/x?y#z"), "https://h.example.com:8443/x?y");
  EXPECT_EQ(*ResolveReference(base, "Groups"), "https://h.example.com:8443/scim/v2/Groups");
  EXPECT_EQ(*ResolveReference(base, "?page=2"), "https://h.example.com:8443/scim/v2/Users?page=2");
  EXPECT_EQ(*ResolveReference("https://h", "x"), "https://h/x");
  EXPECT_FALSE(ResolveReference(base, "ftp://h.example.com/x").ok());
  EXPECT_FALSE(ResolveReference(base, "//user@o.example.com/").ok());
}

}  // namespace
}  // namespace rollcall
