#include "agent/metrics/page_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/agent/metrics/page_reader.h"

namespace rollcall {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class PageServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = PageServer::Open("127.0.0.1:0",
                                   {{"/page", [] { return Page{200, "text/plain", "hello\n"}; }},
                                    {"/broken", [] { return Page{503, "text/plain", "no\n"}; }}});
    ASSERT_TRUE(opened.ok()) << opened.status();
    server_ = *std::move(opened);
  }

  const std::string& address() const { return server_->address(); }

  std::unique_ptr<PageServer> server_;
};

TEST_F(PageServerTest, PagesAreServedWithTheirStatusAndTheConnectionEnds) {
  const std::string page = ReadPage(address(), "/page");
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(page, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_THAT(page, HasSubstr("\r\n\r\nhello\n"));
  EXPECT_THAT(ReadPage(address(), "/page?x=1"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(ReadPage(address(), "/broken"), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(ReadPage(address(), "/other"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(PageServerTest, NothingCanBeWritten) {
  const PageConnection connection(address());
  connection.Send("POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
  EXPECT_THAT(connection.ReadAll(), StartsWith("HTTP/1.1 4"));
}

TEST_F(PageServerTest, WhoSendsTooMuchIsCutOff) {
  const PageConnection connection(address());
  connection.Send("GET /page HTTP/1.1\r\n");
  const std::string header = "X-Header: " + std::string(1000, 'x') + "\r\n";
  const size_t allowed = PageServer::kMostReceived / header.size();
  bool open = true;
  for (size_t i = 0; i < 100 * allowed && open; ++i) open = connection.Send(header);
  // Whatever the system had taken by then: no page comes of it.
  EXPECT_EQ(connection.ReadAll().find("hello"), std::string::npos);
  EXPECT_THAT(ReadPage(address(), "/page"), HasSubstr("hello"));
}

TEST_F(PageServerTest, HeadersBelowTheLimitAreTaken) {
  const PageConnection connection(address());
  std::string request = "GET /page HTTP/1.1\r\nHost: x\r\n";
  while (request.size() + 1100 < PageServer::kMostReceived) {
    request += "X-Header: " + std::string(1000, 'x') + "\r\n";
  }
  connection.Send(request + "\r\n");
  EXPECT_THAT(connection.ReadAll(), HasSubstr("hello"));
}

TEST_F(PageServerTest, OneWhoSaysNothingKeepsNobodyWaiting) {
  const PageConnection silent(address());
  ASSERT_TRUE(silent.connected());
  for (int i = 0; i < 5; ++i) EXPECT_THAT(ReadPage(address(), "/page"), HasSubstr("hello"));
}

TEST_F(PageServerTest, ManyAtOnceAreAllAnswered) {
  std::vector<std::string> pages(4 * (PageServer::kThreads + PageServer::kMostWaiting));
  std::vector<std::thread> readers;
  for (std::string& page : pages) {
    readers.emplace_back([&] { page = ReadPage(address(), "/page"); });
  }
  for (std::thread& reader : readers) reader.join();
  for (const std::string& page : pages) EXPECT_THAT(page, HasSubstr("hello"));
}

TEST_F(PageServerTest, EndWaitsForNobodyWhoIsSilent) {
  std::vector<std::unique_ptr<PageConnection>> silent;
  for (size_t i = 0; i < PageServer::kThreads + PageServer::kMostWaiting + 2; ++i) {
    silent.push_back(std::make_unique<PageConnection>(address()));
  }
  const absl::Time begin = absl::Now();
  server_.reset();
  EXPECT_LT(absl::Now() - begin, PageServer::kPatience);
}

TEST_F(PageServerTest, PortThatIsTakenIsRefusedAndSoIsWhatIsNoAddress) {
  const auto second = PageServer::Open(address(), {});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address()));
  for (const char* bad : {"127.0.0.1", ":80", "127.0.0.1:x", "127.0.0.1:70000"}) {
    EXPECT_EQ(PageServer::Open(bad, {}).status().code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

}  // namespace
}  // namespace rollcall
