#include "clients/http/transfer_failure.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rollcall {
namespace {

std::string Server(const Origin& origin) { return absl::StrCat(origin.host, ":", origin.port); }

std::string Bracketed(const std::string& detail) {
  return detail.empty() ? std::string() : absl::StrCat(" (", detail, ")");
}

// `words` in lower case.
bool Says(const TransferFailure& failure, absl::string_view words) {
  return absl::StrContains(absl::AsciiStrToLower(failure.detail), words);
}

// OpenSSL's words; they have kept these parts since 1.0 ("self signed" became "self-signed" in 3).
std::string TlsCause(const TransferFailure& failure) {
  const std::string trust =
      failure.ca_file.empty()
          ? "if you trust it, put the certificate of the CA that issued it (PEM) into a file and "
            "name that as the directory's ca_file"
          : absl::StrCat("it does not come from a CA in ca_file ", failure.ca_file);
  if (Says(failure, "self-signed") || Says(failure, "self signed")) {
    return absl::StrCat("its certificate, or its issuer's, is self-signed; ", trust);
  }
  if (Says(failure, "expired")) {
    return "its certificate has expired; it must be renewed on the server";
  }
  if (Says(failure, "not yet valid")) {
    return "its certificate is not valid yet; check this machine's clock";
  }
  if (Says(failure, "subject name") || Says(failure, "host name") || Says(failure, "hostname")) {
    return "its certificate is for another host name; use the name that it was issued for";
  }
  if (Says(failure, "issuer certificate")) {
    return absl::StrCat("its certificate comes from a CA that is not trusted here; ", trust);
  }
  if (Says(failure, "wrong version number")) {
    return "it does not speak TLS on this port; check the port, or whether it is http";
  }
  return "the TLS handshake failed; check certificate, TLS version and proxy";
}

// A handshake that broke off is a broken connection, not a judgement on the certificate.
bool BrokeOff(const TransferFailure& failure) {
  return Says(failure, "ssl_error_syscall") || Says(failure, "reset by peer") ||
         Says(failure, "unexpected eof");
}

absl::Status ExplainTls(const TransferFailure& failure) {
  if (BrokeOff(failure)) {
    return absl::UnavailableError(
        absl::StrCat("the connection to ", Server(failure.origin),
                     " broke off during the TLS handshake; is this the right port?"));
  }
  return absl::FailedPreconditionError(absl::StrCat("no safe connection to ",
                                                    Server(failure.origin), ": ", TlsCause(failure),
                                                    Bracketed(failure.detail)));
}

// Nothing has reached the server.
absl::Status ExplainUnsent(const TransferFailure& failure) {
  const std::string server = Server(failure.origin);
  switch (failure.kind) {
    case FailureKind::kName:
      return absl::UnavailableError(absl::StrCat(
          "the host name ", failure.origin.host,
          " is not known; check its spelling in the configuration and this machine's DNS"));
    case FailureKind::kProxy:
      return absl::UnavailableError(
          absl::StrCat("no connection to ", server, " through the proxy of the environment",
                       Bracketed(failure.detail), "; check https_proxy, http_proxy and no_proxy"));
    case FailureKind::kTimeout:
      return absl::UnavailableError(absl::StrCat("timed out while connecting to ", server,
                                                 " after ", absl::FormatDuration(failure.timeout),
                                                 "; check address and firewall"));
    default:
      return absl::UnavailableError(
          absl::StrCat("cannot connect to ", server, Bracketed(failure.detail),
                       "; check that the server runs, and its address and port"));
  }
}

// The request, or a part of it, may have reached the server.
absl::Status ExplainSent(const TransferFailure& failure) {
  const std::string server = Server(failure.origin);
  switch (failure.kind) {
    case FailureKind::kTimeout:
      return absl::DeadlineExceededError(
          absl::StrCat("sent, but ", server, " did not answer completely within ",
                       absl::FormatDuration(failure.timeout),
                       "; if it is only slow, raise the directory's timeout"));
    case FailureKind::kNotHttp:
      return absl::DataLossError(
          absl::StrCat("what ", server, " answers is not HTTP", Bracketed(failure.detail)));
    default:
      return absl::UnknownError(absl::StrCat("sent, but the connection to ", server,
                                             " broke before the answer was complete",
                                             Bracketed(failure.detail)));
  }
}

absl::Status ExplainCause(const TransferFailure& failure) {
  if (failure.kind == FailureKind::kCaFile) {
    return absl::FailedPreconditionError(
        absl::StrCat("the ca_file ", failure.ca_file,
                     " cannot be read as PEM certificates; check path, permissions and content"));
  }
  if (failure.sent) return ExplainSent(failure);
  if (failure.kind == FailureKind::kTls) return ExplainTls(failure);
  return ExplainUnsent(failure);
}

}  // namespace

absl::Status Explain(const TransferFailure& failure) {
  const absl::Status cause = ExplainCause(failure);
  return absl::Status(cause.code(), absl::StrCat(failure.endpoint, ": ", cause.message()));
}

}  // namespace rollcall
