#include "clients/http/response_sink.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rollcall {
namespace {

bool Feed(ResponseSink& sink, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (!sink.AddHeaderLine(line + "\r\n")) return false;
  }
  return true;
}

TEST(ResponseSink, CollectsStatusHeadersAndBody) {
  ResponseSink sink(100);
  ASSERT_TRUE(Feed(sink, {"HTTP/1.1 201 Created", "Location:  /x ", "Empty:", "X-A: b:c", ""}));
  ASSERT_TRUE(sink.AddBody("hel"));
  ASSERT_TRUE(sink.AddBody("lo"));
  const auto response = sink.Finish();
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(response->headers, (Headers{{"Location", "/x"}, {"Empty", ""}, {"X-A", "b:c"}}));
}

TEST(ResponseSink, DropsInterimAnswersAndTrailers) {
  ResponseSink sink(100);
  ASSERT_TRUE(Feed(sink, {"HTTP/1.1 103 Early Hints", "Link: x", "", "HTTP/2 200", "A: 1", ""}));
  ASSERT_TRUE(sink.AddBody("x"));
  ASSERT_TRUE(Feed(sink, {"Retry-After: 9", ""}));
  const auto response = sink.Finish();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->headers, (Headers{{"A", "1"}}));
}

TEST(ResponseSink, RefusesOneHeaderAndOneByteBeyondTheLimits) {
  for (size_t extra : {0, 1}) {
    ResponseSink many(100);
    std::vector<std::string> lines = {"HTTP/1.1 200 OK"};
    lines.insert(lines.end(), ResponseSink::kMaxHeaders + extra, "A: b");
    lines.push_back("");
    EXPECT_EQ(Feed(many, lines), extra == 0);
    EXPECT_EQ(many.Finish().ok(), extra == 0);

    ResponseSink large(100);
    const std::vector<std::string> head = {"HTTP/1.1 200 OK", "", "A: "};
    const size_t used = 17 + 2 + 5;
    EXPECT_EQ(Feed(large, {head[0],
                           head[2] + std::string(ResponseSink::kMaxHeaderBytes - used + extra, 'x'),
                           head[1]}),
              extra == 0);
    EXPECT_EQ(large.status().code(),
              extra == 0 ? absl::StatusCode::kOk : absl::StatusCode::kDataLoss);
  }
}

TEST(ResponseSink, EndlessInterimAnswersEndAtTheLimit) {
  ResponseSink sink(100);
  bool more = true;
  for (int i = 0; more && i < 100'000; ++i) more = Feed(sink, {"HTTP/1.1 100 Continue", ""});
  EXPECT_FALSE(more);
}

TEST(ResponseSink, RefusesALengthBeyondTheLimitAtOnce) {
  ResponseSink sink(10);
  EXPECT_TRUE(Feed(sink, {"HTTP/1.1 200 OK", "Content-Length: 10", ""}));
  ResponseSink larger(10);
  EXPECT_FALSE(Feed(larger, {"HTTP/1.1 200 OK", "Content-Length: 11", ""}));
  EXPECT_EQ(larger.status().code(), absl::StatusCode::kDataLoss);
}

TEST(ResponseSink, AnAnswerWithoutAHeadIsNone) {
  ResponseSink nothing(10);
  EXPECT_EQ(nothing.Finish().status().code(), absl::StatusCode::kDataLoss);
  ResponseSink unfinished(10);
  ASSERT_TRUE(Feed(unfinished, {"HTTP/1.1 200 OK", "A: b"}));
  EXPECT_EQ(unfinished.Finish().status().code(), absl::StatusCode::kDataLoss);
  for (const char* line : {"HTTP/1.1", "HTTP/1.1 abc", "HTTP/1.1 99 x", "HTTP/1.1 1000 x"}) {
    ResponseSink sink(10);
    EXPECT_FALSE(Feed(sink, {line})) << line;
  }
}

TEST(ResponseSink, SeveralCodingsAreRefusedAndALeftOverOneIsTakenOut) {
  ResponseSink sink(10);
  ASSERT_TRUE(
      Feed(sink, {"HTTP/1.1 200 OK", "Content-Encoding: gzip", "content-encoding: gzip", ""}));
  EXPECT_FALSE(sink.AddBody("x"));
  ResponseSink plain(10);
  ASSERT_TRUE(
      Feed(plain, {"HTTP/1.1 200 OK", "Content-Encoding: identity", "Content-Length: 1", ""}));
  ASSERT_TRUE(plain.AddBody("x"));
  EXPECT_EQ(plain.Finish()->headers, Headers());
}

}  // namespace
}  // namespace rollcall
