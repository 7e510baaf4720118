// HttpStack: one directory's HTTP client, all layers in their order:
//
//   auth -> retry -> redirect -> rate limit -> observe -> transport (libcurl, or one handed in)
//
// Made by BuildHttpStack from options; made once a directory and shared by all its workers, since
// they must share the rate, the wait after a 429 and the counts. Thread-safe.
//
//   StackOptions options;
//   options.directory = "cloud-scim";
//   options.base_url = "https://api.example.com/scim/directory/9f";
//   options.auth.scheme = AuthScheme::kBearer;
//   options.auth.secret = [] { return Secret(ReadKey()); };
//   options.transport.ca_file = "/etc/rollcall/ca.pem";
//   ASSIGN_OR_RETURN(std::unique_ptr<HttpStack> http, BuildHttpStack(options, runtime, progress));
//
//   HttpRequest request;
//   request.url = WithQuery(JoinUrl(options.base_url, "/Users"), {{"count", "100"}});
//   request.endpoint = "GET /Users";
//   ASSIGN_OR_RETURN(HttpResponse response, http->Send(request, context));  // any status: a value
//
// Tests and the simulation hand in an in-process transport: BuildHttpStack(…, twin).
#ifndef CLIENTS_HTTP_STACK_H_
#define CLIENTS_HTTP_STACK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/http/auth.h"
#include "clients/http/backoff.h"
#include "clients/http/client.h"
#include "clients/http/curl_client.h"
#include "clients/http/request_counters.h"
#include "clients/http/request_observer.h"
#include "clients/http/retry_policy.h"
#include "reconciler/ports/progress.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

struct StackOptions {
  std::string directory;            // its id, for progress and messages
  std::string base_url;             // the key goes to this origin only
  double requests_per_second = 20;  // above 0, at most kMaxRate
  int burst = 1;                    // from 1 to kMaxBurst
  AuthOptions auth;
  RetryPolicy retry;
  BackoffOptions backoff;
  CurlOptions transport;  // allow_http counts with any transport, the rest with libcurl
  RequestObserver* observer = nullptr;  // told of every send; outlives the stack
};

inline constexpr double kMaxRate = 10'000;
inline constexpr int kMaxBurst = 10'000;

class HttpStack : public HttpClient {
 public:
  // Every request that may have reached the server, retries and redirects included.
  virtual int64_t requests_sent() const = 0;
  virtual const RequestCounters& counters() const = 0;
};

// INVALID_ARGUMENT naming the option (a URL that is none, a rate of 0, a time-out below 0, a secret
// that is missing); FAILED_PRECONDITION for http to another machine without allow_http. Sends
// nothing and asks for no secret yet. `runtime` and `progress` must outlive the stack.
absl::StatusOr<std::unique_ptr<HttpStack>> BuildHttpStack(const StackOptions& options,
                                                          Runtime& runtime, Progress& progress);

// The same on a transport that is handed in and must outlive the stack.
absl::StatusOr<std::unique_ptr<HttpStack>> BuildHttpStack(const StackOptions& options,
                                                          Runtime& runtime, Progress& progress,
                                                          HttpClient& transport);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_STACK_H_
