#include "agent/metrics/page_server.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/metrics/timed_stream.h"
#include "agent/metrics/waiting_line.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// The library's server on connections of our own.
class TimedServer : public httplib::Server {
 public:
  explicit TimedServer(const std::atomic<bool>& stopping) : stopping_(stopping) {}

 private:
  bool process_and_close_socket(socket_t socket) override {
    {
      TimedStream stream(
          socket,
          {std::chrono::milliseconds(absl::ToInt64Milliseconds(PageServer::kPatience)),
           PageServer::kMostReceived},
          stopping_);
      bool closed = false;
      process_request(stream, /*close_connection=*/true, closed, nullptr);
    }
    shutdown(socket, SHUT_RDWR);
    close(socket);
    return true;
  }

  const std::atomic<bool>& stopping_;
};

struct HostAndPort {
  std::string host;  // without brackets
  std::string shown;
  int port = 0;
};

absl::StatusOr<HostAndPort> Parse(const std::string& address) {
  const size_t colon = address.rfind(':');
  HostAndPort result;
  if (colon == std::string::npos || colon == 0 ||
      !absl::SimpleAtoi(address.substr(colon + 1), &result.port) || result.port < 0 ||
      result.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat(address, " is no address with a port; write 127.0.0.1:9464"));
  }
  result.shown = address.substr(0, colon);
  result.host = result.shown;
  if (result.host.front() == '[' && result.host.back() == ']') {
    result.host = result.host.substr(1, result.host.size() - 2);
  }
  return result;
}

class HttpPageServer final : public PageServer {
 public:
  explicit HttpPageServer(Pages pages) : pages_(std::move(pages)), server_(stopping_) {}

  ~HttpPageServer() override {
    stopping_ = true;
    if (!thread_.joinable()) return;
    // The library can only be stopped once it runs; it does within moments of its thread's start.
    while (!server_.is_running() && !ended_) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }

  absl::Status Start(const std::string& address) {
    ASSIGN_OR_RETURN(const HostAndPort where, Parse(address));
    server_.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
      Answer(request, response);
    });
    server_.set_payload_max_length(kMostReceived);
    server_.set_tcp_nodelay(true);
    // Not the library's SO_REUSEPORT: a second agent on this port must fail.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    server_.new_task_queue = [] { return new WaitingLine(kThreads, kMostWaiting); };
    int port = where.port;
    if (port == 0) {
      port = server_.bind_to_any_port(where.host);
    } else if (!server_.bind_to_port(where.host, port)) {
      port = -1;
    }
    if (port <= 0) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", address,
                       "; is another process there, or is that no address of this machine?"));
    }
    address_ = absl::StrCat(where.shown, ":", port);
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_ = true;
    });
    return absl::OkStatus();
  }

  const std::string& address() const override { return address_; }

 private:
  void Answer(const httplib::Request& request, httplib::Response& response) {
    const auto page = pages_.find(request.path);
    if (page == pages_.end()) {
      response.status = 404;
      return;
    }
    const Page made = page->second();
    response.status = made.status;
    response.set_content(made.body, made.type);
  }

  const Pages pages_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ended_{false};
  TimedServer server_;
  std::string address_;
  std::thread thread_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<PageServer>> PageServer::Open(const std::string& address,
                                                             Pages pages) {
  auto server = std::make_unique<HttpPageServer>(std::move(pages));
  RETURN_IF_ERROR(server->Start(address));
  return server;
}

}  // namespace rollcall
