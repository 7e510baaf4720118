#include "agent/service/listener.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/runs/refusal.h"
#include "clients/http/url.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kUnix[] = "unix:";
constexpr unsigned kCertificateSeconds = 10;  // how often the files are looked at
constexpr size_t kMostBuffered = size_t{128} << 20;
constexpr int kMostStreams = 1000;  // at a time, of one connection

absl::Status Refused(const LoadedConfig& config, absl::string_view what) {
  return Refuse(ExitCode::kUsage, absl::StrCat(config.file, ": serve.listen: ", what));
}

bool IsLocal(const std::string& address) {
  if (absl::StartsWith(address, kUnix)) return true;
  const std::string host = address.substr(0, address.rfind(':'));
  const absl::StatusOr<Origin> origin = ParseOrigin(absl::StrCat("http://", host));
  return origin.ok() && IsLoopback(*origin);
}

absl::Status CheckExposure(const LoadedConfig& config, const std::string& address) {
  if (IsLocal(address)) return absl::OkStatus();
  const config::v1::Serve& serve = config.proto.serve();
  if (serve.has_tls() && !serve.callers().empty()) return absl::OkStatus();
  return Refused(config, absl::StrCat(address,
                                      " can be reached from other machines; that needs "
                                      "`serve.tls` and `serve.callers`. Or listen on ",
                                      kUsualListenAddress));
}

absl::Status CheckReadable(const std::string& file) {
  if (access(file.c_str(), R_OK) == 0) return absl::OkStatus();
  return Refuse(ExitCode::kUsage, absl::StrCat("serve.tls: ", file, ": ", std::strerror(errno)));
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsFor(
    const LoadedConfig& config) {
  const config::v1::Serve& serve = config.proto.serve();
  if (!serve.has_tls()) return grpc::InsecureServerCredentials();
  const std::string key = config.Resolve(serve.tls().key());
  const std::string cert = config.Resolve(serve.tls().cert());
  const std::string ca =
      serve.tls().client_ca().empty() ? std::string() : config.Resolve(serve.tls().client_ca());
  RETURN_IF_ERROR(CheckReadable(key));
  RETURN_IF_ERROR(CheckReadable(cert));
  if (!ca.empty()) RETURN_IF_ERROR(CheckReadable(ca));
  const auto files = ca.empty()
                         ? std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
                               key, cert, kCertificateSeconds)
                         : std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
                               key, cert, ca, kCertificateSeconds);
  grpc::experimental::TlsServerCredentialsOptions options(files);
  options.watch_identity_key_cert_pairs();
  if (!ca.empty()) {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return grpc::experimental::TlsServerCredentials(options);
}

// A socket that an earlier process left would be in the way; one that answers is somebody's.
absl::Status MakeRoom(const LoadedConfig& config, const std::string& path) {
  struct stat found{};
  if (lstat(path.c_str(), &found) != 0) return absl::OkStatus();
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (!S_ISSOCK(found.st_mode) || path.size() >= sizeof(name.sun_path)) {
    return Refused(config, absl::StrCat(path, " is there and no socket; name another file"));
  }
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool answers =
      probe >= 0 && connect(probe, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0;
  if (probe >= 0) close(probe);
  if (answers) return Refused(config, absl::StrCat("another process listens on ", path));
  unlink(path.c_str());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(const LoadedConfig& config,
                                                         grpc::Service& service) {
  std::string address = config.proto.serve().listen();
  if (address.empty()) address = kUsualListenAddress;
  RETURN_IF_ERROR(CheckExposure(config, address));
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials,
                   CredentialsFor(config));
  std::unique_ptr<Listener> listener(new Listener());
  absl::string_view path = address;
  if (absl::ConsumePrefix(&path, kUnix)) {
    listener->socket_ = config.Resolve(path);
    address = absl::StrCat(kUnix, listener->socket_);
    RETURN_IF_ERROR(MakeRoom(config, listener->socket_));
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(address, credentials, &port);
  builder.RegisterService(&service);
  builder.SetMaxReceiveMessageSize(kMostReceived);
  // gRPC looks at a message's size when all of it is there: what has not been looked at yet, of all
  // callers together, must not fill the machine.
  grpc::ResourceQuota quota("rollcall");
  quota.Resize(kMostBuffered);
  builder.SetResourceQuota(quota);
  builder.SetMaxSendMessageSize(kMostSent);
  // Else a second agent on this address would get half of the requests.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreams);
  // Made for this user alone from the first moment on.
  const mode_t mask = umask(0177);
  listener->server_ = builder.BuildAndStart();
  umask(mask);
  if (listener->server_ == nullptr || (port == 0 && listener->socket_.empty())) {
    return Refused(config, absl::StrCat("cannot listen on ", address,
                                        "; is another process there, or is that no address of "
                                        "this machine?"));
  }
  listener->address_ = listener->socket_.empty()
                           ? absl::StrCat(address.substr(0, address.rfind(':') + 1), port)
                           : address;
  return listener;
}

Listener::~Listener() {
  if (server_ != nullptr) Close(absl::ZeroDuration());
  if (!socket_.empty()) unlink(socket_.c_str());
}

void Listener::SetHealth(const std::string& name, bool serving) {
  grpc::HealthCheckServiceInterface* const health = server_->GetHealthCheckService();
  if (name.empty()) {
    health->SetServingStatus(serving);  // of everything
  } else {
    health->SetServingStatus(name, serving);
  }
}

void Listener::Close(absl::Duration patience) {
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(patience));
  server_->Wait();
}

}  // namespace rollcall
