// The loopback server, asked over real sockets by the simplest client there is.
#include "tests/twins/twin_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace rollcall::twins {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Answers what the test says and remembers what it was asked.
class ScriptedTwin : public Twin {
 public:
  TwinResponse Handle(const TwinRequest& request) override {
    requests.push_back(request);
    return answer;
  }
  std::vector<TwinRequest> requests;
  TwinResponse answer;
};

class Connection {
 public:
  explicit Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Connection() { ::close(socket_); }

  void Send(const std::string& text) {
    EXPECT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // Everything up to and with `end`, or up to the end of the connection.
  std::string ReadUntil(const std::string& end) {
    std::string text;
    char byte;
    while (::recv(socket_, &byte, 1, 0) == 1) {
      text.push_back(byte);
      if (!end.empty() && text.size() >= end.size() &&
          text.compare(text.size() - end.size(), end.size(), end) == 0) {
        break;
      }
    }
    return text;
  }
  // Does the server close the connection soon, without another byte?
  bool IsClosed() {
    const timeval limit = {5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    char byte;
    return ::recv(socket_, &byte, 1, 0) == 0;
  }

 private:
  const int socket_;
};

class TwinServerTest : public ::testing::Test {
 protected:
  TwinServerTest() {
    twin_.answer.headers = {{"Content-Type", "application/scim+json"}, {"X-Twin", "yes"}};
    twin_.answer.body = "{\"hello\":\"world\"}";
    const absl::Status status = server_.Start("127.0.0.1:0");
    EXPECT_TRUE(status.ok()) << status;
  }
  std::string Ask(const std::string& request) {
    Connection connection(server_.port());
    connection.Send(request);
    return connection.ReadUntil("");
  }

  ScriptedTwin twin_;
  TwinServer server_{&twin_};
};

constexpr char kGet[] = "GET /a%2Fb?x=%20 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

TEST_F(TwinServerTest, RequestsAndAnswersPassUnchanged) {
  const std::string answer =
      Ask("PATCH /a%2Fb?x=%20 HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nContent-Length: 4\r\n"
          "Connection: close\r\n\r\nbody");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/scim+json\r\n"));
  EXPECT_THAT(answer, HasSubstr("X-Twin: yes\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n{\"hello\":\"world\"}"));
  ASSERT_EQ(twin_.requests.size(), 1u);
  EXPECT_EQ(twin_.requests[0].method, "PATCH");
  EXPECT_EQ(twin_.requests[0].target, "/a%2Fb?x=%20");
  EXPECT_EQ(twin_.requests[0].body, "body");
  EXPECT_EQ(FindTwinHeader(twin_.requests[0].headers, "x-one"), "1");
}

TEST_F(TwinServerTest, ConnectionIsKeptForManyRequests) {
  Connection connection(server_.port());
  for (int i = 0; i < 20; ++i) {
    connection.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_THAT(connection.ReadUntil("world\"}"), StartsWith("HTTP/1.1 200")) << i;
  }
}

TEST_F(TwinServerTest, StatusesWithoutBodyPass) {
  twin_.answer = TwinResponse();
  twin_.answer.status = 204;
  EXPECT_THAT(Ask(kGet), StartsWith("HTTP/1.1 204"));
}

TEST_F(TwinServerTest, DroppedConnectionHasNotOneByte) {
  twin_.answer.delivery = Delivery::kNothing;
  EXPECT_EQ(Ask(kGet), "");
}

TEST_F(TwinServerTest, DroppedConnectionIsClosedAtOnceAlsoWhereTheClientWouldKeepIt) {
  twin_.answer.delivery = Delivery::kNothing;
  Connection connection(server_.port());
  connection.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(connection.IsClosed());
}

TEST_F(TwinServerTest, CutBodySaysMoreThanItSends) {
  twin_.answer.delivery = Delivery::kCut;
  for (const size_t sent : {size_t{0}, size_t{5}, twin_.answer.body.size() - 1}) {
    twin_.answer.cut_after = sent;
    const std::string answer = Ask(kGet);
    EXPECT_THAT(answer, HasSubstr(absl::StrCat("Content-Length: ", twin_.answer.body.size())));
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, sent);
  }
}

TEST_F(TwinServerTest, StopEndsWaitingAnswersAndIdleConnections) {
  twin_.answer.delay = absl::Hours(1);
  Connection waiting(server_.port());
  waiting.Send(kGet);
  Connection idle(server_.port());
  while (true) {  // until the request is with the twin
    bool there = false;
    server_.Exclusively([&] { there = !twin_.requests.empty(); });
    if (there) break;
    std::this_thread::yield();
  }
  server_.Stop();
  EXPECT_EQ(waiting.ReadUntil(""), "");
  EXPECT_EQ(idle.ReadUntil(""), "");
  server_.Stop();
}

TEST(TwinServerAddressTest, OnlyLoopbackIsListenedOn) {
  ScriptedTwin twin;
  for (const char* address :
       {"0.0.0.0:0", "192.168.0.1:0", "[::]:0", "example.com:0", ":0", "127.0.0.1", "127.0.0.1:x",
        "127.0.0.1:65536", "127.0.0.1.example.com:0"}) {
    TwinServer server(&twin);
    EXPECT_EQ(server.Start(address).code(), absl::StatusCode::kInvalidArgument) << address;
  }
  TwinServer server(&twin);
  EXPECT_TRUE(server.Start("localhost:0").ok());
  EXPECT_EQ(server.url(), absl::StrCat("http://127.0.0.1:", server.port()));
}

TEST(TwinServerAddressTest, TakenPortIsAnError) {
  ScriptedTwin twin;
  TwinServer first(&twin);
  ASSERT_TRUE(first.Start("127.0.0.1:0").ok());
  TwinServer second(&twin);
  EXPECT_EQ(second.Start(absl::StrCat("127.0.0.1:", first.port())).code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace rollcall::twins
