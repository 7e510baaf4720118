#include "tests/support/loopback_server.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace rollcall {
namespace {

[[noreturn]] void Give(const char* what) {
  std::perror(what);
  std::abort();
}

// Writing to a connection that the client has closed must fail, not kill the test.
void BlockBrokenPipeSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int Listen(int* port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, 64) != 0 ||
      getsockname(listener, generic, &size) != 0) {
    Give("cannot listen on 127.0.0.1");
  }
  *port = ntohs(address.sin_port);
  return listener;
}

std::shared_ptr<void> TlsContext(const CertificateFiles* files) {
  if (files == nullptr) return nullptr;
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_file(context, files->certificate.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, files->key.c_str(), SSL_FILETYPE_PEM) != 1) {
    Give("cannot load the test certificate");
  }
  return {context, [](void* pointer) { SSL_CTX_free(static_cast<SSL_CTX*>(pointer)); }};
}

}  // namespace

// One connection's bytes, with TLS or without.
class LoopbackServer::Wire {
 public:
  Wire(int socket, void* tls_context) : socket_(socket) {
    if (tls_context == nullptr) return;
    ssl_ = SSL_new(static_cast<SSL_CTX*>(tls_context));
    SSL_set_fd(ssl_, socket_);
    usable_ = SSL_accept(ssl_) == 1;
  }
  ~Wire() {
    if (ssl_ == nullptr) return;
    if (usable_) SSL_shutdown(ssl_);
    SSL_free(ssl_);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool usable() const { return usable_; }
  void Abandon() { usable_ = false; }

  // Makes `buffer` hold at least one byte more; false at the end.
  bool Fill() {
    char bytes[16 * 1024];
    const auto count = ssl_ != nullptr ? SSL_read(ssl_, bytes, sizeof(bytes))
                                       : recv(socket_, bytes, sizeof(bytes), 0);
    if (count > 0) buffer.append(bytes, static_cast<size_t>(count));
    return count > 0;
  }

  bool Write(const std::string& bytes) {
    size_t done = 0;
    while (done < bytes.size()) {
      const size_t left = bytes.size() - done;
      const auto count = ssl_ != nullptr
                             ? SSL_write(ssl_, bytes.data() + done, static_cast<int>(left))
                             : send(socket_, bytes.data() + done, left, MSG_NOSIGNAL);
      if (count <= 0) return false;
      done += static_cast<size_t>(count);
    }
    return true;
  }

  // The kernel sends RST instead of FIN when the socket is closed.
  void ResetOnClose() {
    const linger now = {1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    usable_ = false;
  }

  std::string buffer;

 private:
  const int socket_;
  SSL* ssl_ = nullptr;
  bool usable_ = true;
};

LoopbackServer::LoopbackServer(Handler handler, const CertificateFiles* certificate)
    : handler_(std::move(handler)),
      tls_(certificate != nullptr),
      tls_context_(TlsContext(certificate)),
      listener_(Listen(&port_)),
      acceptor_([this] { Accept(); }) {}

LoopbackServer::~LoopbackServer() {
  shutdown(listener_, SHUT_RDWR);  // wakes the acceptor
  acceptor_.join();
  close(listener_);
  std::vector<std::thread> workers;
  {
    MutexLock lock(mutex_);

    for (int socket : sockets_) shutdown(socket, SHUT_RDWR);
    workers.swap(workers_);
  }
  for (std::thread& worker : workers) worker.join();
}

std::string LoopbackServer::url() const {
  return absl::StrCat(tls_ ? "https" : "http", "://127.0.0.1:", port_);
}

std::vector<LoopbackServer::Request> LoopbackServer::requests() {
  MutexLock lock(mutex_);
  return requests_;
}

int LoopbackServer::connections() {
  MutexLock lock(mutex_);
  return static_cast<int>(workers_.size());
}

void LoopbackServer::Accept() {
  BlockBrokenPipeSignal();
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    MutexLock lock(mutex_);
    sockets_.push_back(socket);
    const int number = static_cast<int>(workers_.size()) + 1;
    workers_.emplace_back([this, socket, number] { Serve(socket, number); });
  }
}

void LoopbackServer::Serve(int socket, int number) {
  {
    Wire wire(socket, tls_context_.get());
    while (wire.usable() && Exchange(wire, number)) continue;
  }
  MutexLock lock(mutex_);
  std::erase(sockets_, socket);
  close(socket);
}

bool LoopbackServer::Exchange(Wire& wire, int number) {
  size_t end = std::string::npos;
  while ((end = wire.buffer.find("\r\n\r\n")) == std::string::npos) {
    if (!wire.Fill()) return false;
  }
  Request request;
  request.connection = number;
  const std::vector<std::string> lines = absl::StrSplit(wire.buffer.substr(0, end), "\r\n");
  const std::vector<std::string> words = absl::StrSplit(lines[0], ' ');
  request.method = words[0];
  request.target = words.size() > 1 ? words[1] : "";
  for (size_t i = 1; i < lines.size(); ++i) {
    const std::pair<std::string, std::string> header =
        absl::StrSplit(lines[i], absl::MaxSplits(':', 1));
    request.headers.emplace_back(header.first, absl::StripAsciiWhitespace(header.second));
  }
  size_t length = 0;
  const bool has_length = absl::SimpleAtoi(FindHeader(request.headers, "Content-Length"), &length);
  wire.buffer.erase(0, end + 4);
  while (has_length && wire.buffer.size() < length) {
    if (!wire.Fill()) return false;
  }
  request.body = wire.buffer.substr(0, length);
  wire.buffer.erase(0, length);
  {
    MutexLock lock(mutex_);
    requests_.push_back(request);
  }
  const Reply reply = handler_(request);
  if (!wire.Write(reply.bytes)) wire.Abandon();
  if (reply.then == Then::kReset) wire.ResetOnClose();
  while (reply.then == Then::kSilence && wire.Fill()) continue;
  return reply.then == Then::kKeep;
}

LoopbackServer::Reply Answer(int status, const std::string& body, const Headers& headers) {
  std::string bytes = absl::StrCat("HTTP/1.1 ", status, " Status\r\n");
  for (const auto& [name, value] : headers) absl::StrAppend(&bytes, name, ": ", value, "\r\n");
  absl::StrAppend(&bytes, "Content-Length: ", body.size(), "\r\n\r\n", body);
  return {bytes, LoopbackServer::Then::kKeep};
}

}  // namespace rollcall
