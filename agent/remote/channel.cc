#include "agent/remote/channel.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "agent/runs/refusal.h"
#include "clients/http/url.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kUnix[] = "unix:";
constexpr size_t kMostBytes = 256 * 1024;  // of a file with certificates, a key or a token
// Pages keep answers far below it; a plan's findings and an explanation come whole.
constexpr int kLargestAnswer = 64 * 1024 * 1024;

absl::Status Usage(const std::string& option, absl::string_view what) {
  return Refuse(ExitCode::kUsage, absl::StrCat(option, ": ", what));
}

absl::StatusOr<std::string> ReadFile(const std::string& option, const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return Usage(option, absl::StrCat(path, ": ", std::strerror(errno)));
  std::string bytes(kMostBytes + 1, '\0');
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  if (std::ferror(file.get()) != 0) {
    return Usage(option, absl::StrCat(path, ": ", std::strerror(errno)));
  }
  if (bytes.empty()) return Usage(option, absl::StrCat(path, " is empty"));
  if (bytes.size() > kMostBytes) return Usage(option, absl::StrCat(path, " is too large"));
  return bytes;
}

absl::StatusOr<std::string> ReadPem(const std::string& option, const std::string& path) {
  if (path.empty()) return std::string();
  ASSIGN_OR_RETURN(std::string pem, ReadFile(option, path));
  if (absl::StrContains(pem, "-----BEGIN ")) return pem;
  return Usage(option, absl::StrCat(path, " holds no PEM (no line -----BEGIN …)"));
}

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  if (path.empty()) return std::string();
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile("--token-file", path));
  const absl::string_view token = absl::StripAsciiWhitespace(bytes);
  for (const char c : token) {
    // What a header can hold; the message must not show what was found.
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) {
      return Usage("--token-file", absl::StrCat(path, " holds more than one word"));
    }
  }
  if (token.empty()) return Usage("--token-file", absl::StrCat(path, " is empty"));
  return std::string(token);
}

// Does the address mean this machine?
absl::StatusOr<bool> IsHere(const std::string& address) {
  if (absl::StartsWith(address, kUnix) && address.size() > sizeof(kUnix) - 1) return true;
  const size_t colon = address.rfind(':');
  const absl::StatusOr<Origin> origin = ParseOrigin(absl::StrCat("http://", address));
  const bool fits = colon != std::string::npos && colon + 1 < address.size() &&
                    !absl::StrContains(address, "/") && origin.ok();
  if (!fits) {
    return Usage("--server", absl::StrCat("\"", address,
                                          "\" is no address; write HOST:PORT, such as "
                                          "127.0.0.1:8441, or unix:PATH"));
  }
  return IsLoopback(*origin);
}

}  // namespace

absl::StatusOr<Connection> ConnectTo(const ServerOptions& options) {
  ASSIGN_OR_RETURN(const bool here, IsHere(options.address));
  if (options.certificate.empty() != options.key.empty()) {
    return Refuse(ExitCode::kUsage, "--client-cert and --client-key belong together; name both");
  }
  grpc::SslCredentialsOptions tls;
  ASSIGN_OR_RETURN(tls.pem_root_certs, ReadPem("--server-ca", options.ca));
  ASSIGN_OR_RETURN(tls.pem_cert_chain, ReadPem("--client-cert", options.certificate));
  ASSIGN_OR_RETURN(tls.pem_private_key, ReadPem("--client-key", options.key));
  ASSIGN_OR_RETURN(const std::string token, ReadToken(options.token_file));
  const bool secured = !here || !options.ca.empty() || !options.certificate.empty();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kLargestAnswer);
  // An administrator's proxy is for the way out, not for an agent; and it would see the address.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  Connection connection;
  connection.channel = grpc::CreateCustomChannel(
      options.address, secured ? grpc::SslCredentials(tls) : grpc::InsecureChannelCredentials(),
      arguments);
  if (!token.empty()) connection.authorization = absl::StrCat("Bearer ", token);
  return connection;
}

}  // namespace rollcall
