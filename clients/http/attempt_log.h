// AttemptLog: what the attempts of one request have shown so far, and so what may honestly be said
// of it at the end. A part of RetryClient. One request, one thread.
#ifndef CLIENTS_HTTP_ATTEMPT_LOG_H_
#define CLIENTS_HTTP_ATTEMPT_LOG_H_

#include "absl/status/statusor.h"
#include "clients/http/message.h"

namespace rollcall {

class AttemptLog {
 public:
  explicit AttemptLog(const HttpRequest& request) : request_(request) {}

  void Add(const absl::StatusOr<HttpResponse>& result);

  // The last attempt's result, corrected where an earlier attempt may have acted, with the count of
  // requests sent.
  absl::StatusOr<HttpResponse> Conclude(absl::StatusOr<HttpResponse> last) const;

  // The same when the run is being stopped: CANCELLED if nothing can have happened.
  absl::StatusOr<HttpResponse> ConcludeStopped(absl::StatusOr<HttpResponse> last) const;

 private:
  absl::Status WithAttempts(absl::Status status) const;

  const HttpRequest& request_;
  int sent_ = 0;
  bool may_have_acted_ = false;          // any attempt
  bool may_have_acted_earlier_ = false;  // any but the last
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_ATTEMPT_LOG_H_
