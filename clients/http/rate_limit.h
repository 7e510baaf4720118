// RateLimitClient: sends each request when its turn has come (see Pace). Thread-safe.
//
// Errors of its own, all before anything was sent: CANCELLED, UNAVAILABLE (see Pace::AwaitTurn).
#ifndef CLIENTS_HTTP_RATE_LIMIT_H_
#define CLIENTS_HTTP_RATE_LIMIT_H_

#include "clients/http/client.h"
#include "clients/http/pace.h"

namespace rollcall {

class RateLimitClient final : public HttpClient {
 public:
  // Both must outlive this object. All clients of one directory share one Pace.
  RateLimitClient(HttpClient& next, Pace& pace) : next_(next), pace_(pace) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override;

 private:
  HttpClient& next_;
  Pace& pace_;
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_RATE_LIMIT_H_
