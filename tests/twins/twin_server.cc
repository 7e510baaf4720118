#include "tests/twins/twin_server.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/twins/twin_stream.h"

namespace rollcall::twins {
namespace {

constexpr size_t kConnections = 32;
constexpr size_t kRequestsPerConnection = 1'000'000;  // only said, never enforced
constexpr size_t kMaxBody = 64 * 1024 * 1024;

// The connection that this thread is serving; the library does not pass it to its handlers, and a
// handler that closes a connection without an answer needs it.
thread_local TwinStream* current_stream = nullptr;

// The library's server with connections of our own: they can be dropped, and they end at once when
// the server stops (the library waits for idle ones).
class LoopbackHttpServer : public httplib::Server {
 public:
  explicit LoopbackHttpServer(const std::atomic<bool>& stopping) : stopping_(stopping) {}

 private:
  bool process_and_close_socket(socket_t socket) override {
    {
      TwinStream stream(socket, stopping_);
      current_stream = &stream;
      bool closed = false;
      while (!closed && !stream.dropped() && stream.WaitForRequest()) {
        if (!process_request(stream, /*close_connection=*/false, closed, nullptr)) break;
      }
      current_stream = nullptr;
    }
    ::shutdown(socket, SHUT_RDWR);
    ::close(socket);
    return true;
  }

  const std::atomic<bool>& stopping_;
};

struct Address {
  std::string host;
  int port = 0;
};

absl::StatusOr<Address> ParseLoopback(const std::string& text) {
  const size_t colon = text.rfind(':');
  Address address;
  if (colon == std::string::npos || !absl::SimpleAtoi(text.substr(colon + 1), &address.port) ||
      address.port < 0 || address.port > 65535) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", text, "\" is not an address; write HOST:PORT, such as 127.0.0.1:0"));
  }
  address.host = text.substr(0, colon);
  if (address.host == "[::1]") address.host = "::1";
  if (address.host == "localhost") address.host = "127.0.0.1";
  if (address.host != "127.0.0.1" && address.host != "::1") {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", address.host, "\" is not loopback; a rehearsal listens on 127.0.0.1 or [::1] only"));
  }
  return address;
}

TwinRequest ToTwin(const httplib::Request& request) {
  TwinRequest result;
  result.method = request.method;
  result.target = request.target;
  for (const auto& [name, value] : request.headers) result.headers.emplace_back(name, value);
  result.body = request.body;
  return result;
}

// Says the whole length and sends less; the library then closes the connection.
void CutShort(const TwinResponse& response, const std::string& type, httplib::Response& out) {
  const std::string part = response.body.substr(0, response.cut_after);
  out.set_content_provider(response.body.size() + (part.size() == response.body.size() ? 1 : 0),
                           type, [part](size_t offset, size_t, httplib::DataSink& sink) {
                             if (offset == 0 && !part.empty()) sink.write(part.data(), part.size());
                             return false;
                           });
}

}  // namespace

class TwinServer::Impl {
 public:
  explicit Impl(Twin* twin) : twin_(*twin) {}

  absl::Status Start(const std::string& text) {
    const absl::StatusOr<Address> address = ParseLoopback(text);
    if (!address.ok()) return address.status();
    server_ = std::make_unique<LoopbackHttpServer>(stopping_);
    const auto handler = [this](const httplib::Request& request, httplib::Response& response) {
      Answer(request, response);
    };
    server_->Get(".*", handler).Post(".*", handler).Put(".*", handler);
    server_->Patch(".*", handler).Delete(".*", handler).Options(".*", handler);
    server_->set_payload_max_length(kMaxBody).set_tcp_nodelay(true);
    server_->set_keep_alive_max_count(kRequestsPerConnection).set_keep_alive_timeout(30);
    // Not the library's SO_REUSEPORT: two rehearsals must not share a port.
    server_->set_socket_options([](socket_t socket) {
      const int yes = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    server_->new_task_queue = [] { return new httplib::ThreadPool(kConnections); };
    host_ = address->host;
    port_ = address->port;
    if (port_ == 0) {
      port_ = server_->bind_to_any_port(host_);
    } else if (!server_->bind_to_port(host_, port_)) {
      port_ = -1;
    }
    if (port_ <= 0) return absl::UnavailableError(absl::StrCat(text, " cannot be listened on"));
    listener_ = std::thread([this] { server_->listen_after_bind(); });
    return absl::OkStatus();
  }

  void Stop() {
    {
      const std::lock_guard<std::mutex> lock(wait_mutex_);
      stopping_ = true;
    }
    stopped_.notify_all();
    if (!listener_.joinable()) return;
    // The library can only be stopped once it runs; it does within moments of its thread's start.
    while (!server_->is_running()) std::this_thread::yield();
    server_->stop();
    listener_.join();
  }

  int port() const { return port_; }
  std::string url() const {
    return absl::StrCat("http://", host_ == "::1" ? "[::1]" : host_, ":", port_);
  }

  void Exclusively(const std::function<void()>& action) {
    const std::lock_guard<std::mutex> lock(twin_mutex_);
    action();
  }

 private:
  void Answer(const httplib::Request& request, httplib::Response& out) {
    const TwinRequest passed = ToTwin(request);
    TwinResponse response;
    Exclusively([&] { response = twin_.Handle(passed); });
    const bool stopped = Wait(response.delay);
    if (stopped || response.delivery == Delivery::kNothing) {
      current_stream->Drop();
      return;
    }
    out.status = response.status;
    std::string type = "application/octet-stream";
    bool typed = false;
    for (const auto& [name, value] : response.headers) {
      if (absl::EqualsIgnoreCase(name, "Content-Type")) {
        type = value;
        typed = true;
      } else {
        out.set_header(name, value);
      }
    }
    if (response.delivery == Delivery::kCut) {
      CutShort(response, type, out);
    } else if (!response.body.empty()) {
      out.set_content(response.body, type);
    } else if (typed) {
      out.set_header("Content-Type", type);  // some servers name a type for nothing
    }
  }

  // True when the server was stopped meanwhile.
  bool Wait(absl::Duration delay) {
    std::unique_lock<std::mutex> lock(wait_mutex_);
    return stopped_.wait_for(lock, absl::ToChronoMilliseconds(delay),
                             [this] { return stopping_.load(); });
  }

  Twin& twin_;
  std::mutex twin_mutex_;
  std::mutex wait_mutex_;
  std::condition_variable stopped_;
  std::atomic<bool> stopping_ = false;
  std::unique_ptr<LoopbackHttpServer> server_;
  std::thread listener_;
  std::string host_;
  int port_ = 0;
};

TwinServer::TwinServer(Twin* twin) : impl_(std::make_unique<Impl>(twin)) {}
TwinServer::~TwinServer() { Stop(); }
absl::Status TwinServer::Start(const std::string& address) { return impl_->Start(address); }
void TwinServer::Stop() { impl_->Stop(); }
int TwinServer::port() const { return impl_->port(); }
std::string TwinServer::url() const { return impl_->url(); }
void TwinServer::Exclusively(const std::function<void()>& action) { impl_->Exclusively(action); }

}  // namespace rollcall::twins
