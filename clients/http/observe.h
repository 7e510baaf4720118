// ObserveClient: counts what passes, and changes nothing. The lowest decorator, so that it sees
// every single send: retries and redirects too. Thread-safe.
#ifndef CLIENTS_HTTP_OBSERVE_H_
#define CLIENTS_HTTP_OBSERVE_H_

#include "clients/http/client.h"
#include "clients/http/request_counters.h"

namespace rollcall {

class ObserveClient final : public HttpClient {
 public:
  // Both must outlive this object.
  ObserveClient(HttpClient& next, RequestCounters& counters) : next_(next), counters_(counters) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override;

 private:
  HttpClient& next_;
  RequestCounters& counters_;
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_OBSERVE_H_
