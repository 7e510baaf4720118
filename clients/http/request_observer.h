// RequestObserver: whoever wants to know of each request to a directory as it is sent, such as the
// metrics of a daemon; told by RequestCounters. Called from any thread, by what waits for it: must
// return at once and never fail.
#ifndef CLIENTS_HTTP_REQUEST_OBSERVER_H_
#define CLIENTS_HTTP_REQUEST_OBSERVER_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall {

class RequestObserver {
 public:
  virtual ~RequestObserver() = default;
  // One send, retries and redirects included. `endpoint`: a short name such as "GET /Users/{id}";
  // `result`: the status ("200"), or the error's name where no answer came ("UNAVAILABLE").
  virtual void Sent(absl::string_view directory, absl::string_view endpoint,
                    absl::string_view result) = 0;
  // See RequestCounters::AddThrottled.
  virtual void Throttled(absl::string_view directory, absl::Duration duration, bool begins,
                         int http_status) = 0;
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_REQUEST_OBSERVER_H_
