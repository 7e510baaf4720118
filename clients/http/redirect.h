// RedirectClient: follows redirects of GET requests within the same origin (scheme, host, port), at
// most kMaxRedirects. Everything else comes back as the 3xx answer that it is, for the endpoint to
// judge: a redirect to another origin is never followed, with or without credentials, and a write
// is never repeated elsewhere. Thread-safe.
//
// `attempts` of the answer counts every request that was sent on the way.
#ifndef CLIENTS_HTTP_REDIRECT_H_
#define CLIENTS_HTTP_REDIRECT_H_

#include "clients/http/client.h"

namespace rollcall {

inline constexpr int kMaxRedirects = 3;

class RedirectClient final : public HttpClient {
 public:
  // `next` must outlive this object.
  explicit RedirectClient(HttpClient& next) : next_(next) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override;

 private:
  HttpClient& next_;
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_REDIRECT_H_
