// The transport of a real process: HTTP/1.1 and HTTP/2 over libcurl, which stays inside
// curl_client.cc. Thread-safe: each send borrows a handle with its open connection and TLS session
// from a pool, so that workers share one client without waiting for each other.
//
// * Each Send puts its request on the wire at most once: where libcurl would quietly send it again
//   (a reused connection that turns out dead), the result is UNKNOWN and the retry layer decides.
// * Certificates are always verified, against the system's CAs or, in their place, `ca_file`.
// * http is for loopback only, unless `allow_http`; loopback is never reached through a proxy.
// Other
//   hosts are, as http_proxy, https_proxy and no_proxy of the environment say.
// * No redirects (see RedirectClient), no cookies, no .netrc. gzip and deflate are undone.
// * A stop request ends nothing that is in flight: the answer is needed to know what happened.
// * An HTTP/1.0 style answer without a length ends where the connection ends: nobody can tell
//   whether it is cut. The reader of its content must.
//
// Errors: as HttpClient says. Limits: kMaxIdleHandles; ResponseSink's on headers; `max_body`.
#ifndef CLIENTS_HTTP_CURL_CLIENT_H_
#define CLIENTS_HTTP_CURL_CLIENT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clients/http/client.h"
#include "clients/http/url.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

// Open connections that are kept for later; more are used while more are needed.
inline constexpr size_t kMaxIdleHandles = 32;

struct CurlOptions {
  absl::Duration connect_timeout = absl::Seconds(10);  // name, TCP, proxy and TLS together
  absl::Duration timeout = absl::Seconds(60);          // one request in all
  std::string ca_file;                                 // PEM; empty: the system's CAs
  bool allow_http = false;
  size_t max_body = 64 << 20;  // bytes, decoded
};

// FAILED_PRECONDITION with the cure for http to another machine, unless that is allowed.
absl::Status CheckClearText(const Origin& origin, const CurlOptions& options);

// `runtime` tells the time for the context's deadline and must outlive the client.
std::unique_ptr<HttpClient> MakeCurlClient(const CurlOptions& options, Runtime& runtime);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_CURL_CLIENT_H_
