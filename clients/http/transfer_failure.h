// What to tell an administrator when a transfer failed: the status code that HttpClient promises,
// what happened, to which server, and the cure. Free of the transport library. Pure, any thread.
#ifndef CLIENTS_HTTP_TRANSFER_FAILURE_H_
#define CLIENTS_HTTP_TRANSFER_FAILURE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/http/url.h"

namespace rollcall {

enum class FailureKind {
  kName,         // the host's name is unknown
  kProxy,        // the proxy's name is unknown, or it refused to connect us
  kConnect,      // refused, unreachable
  kTls,          // the handshake or the certificate
  kCaFile,       // our own CA file cannot be used
  kTimeout,      //
  kInterrupted,  // the connection broke
  kNotHttp,      // what came is not HTTP
  kOther,
};

struct TransferFailure {
  FailureKind kind = FailureKind::kOther;
  bool sent = false;   // the request may have left this machine
  std::string detail;  // the library's or the system's words; may be empty
  Origin origin;
  std::string endpoint;
  std::string ca_file;  // as configured; may be empty
  absl::Duration timeout;
};

// The codes are those of HttpClient.
absl::Status Explain(const TransferFailure& failure);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_TRANSFER_FAILURE_H_
