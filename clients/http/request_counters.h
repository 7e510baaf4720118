// RequestCounters: what one directory's HTTP client has sent so far. Thread-safe. The numbers
// behind `requestsUsed`, the metrics and DirectoryReader::requests_sent().
//
// A request is counted as sent when it may have reached the server: every answer, and the errors
// that leave its effect unknown. One that never left (refused connection, TLS, stopped) is listed
// under its error but is not part of the total.
#ifndef CLIENTS_HTTP_REQUEST_COUNTERS_H_
#define CLIENTS_HTTP_REQUEST_COUNTERS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/http/message.h"
#include "clients/http/request_observer.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

struct RequestCount {
  std::string endpoint;  // "GET /Users"
  std::string result;    // "200", "429", "UNAVAILABLE"
  int64_t count = 0;
  bool operator==(const RequestCount&) const = default;
};

class RequestCounters {
 public:
  // Endpoint names come from our own code; should one ever be made of data, memory stays bounded.
  static constexpr size_t kMaxEndpoints = 256;
  static constexpr char kOtherEndpoints[] = "other";

  RequestCounters() = default;
  // The observer, null for none, is told of everything too, and outlives this object.
  RequestCounters(std::string directory, RequestObserver* observer)
      : directory_(std::move(directory)), observer_(observer) {}

  void Record(const HttpRequest& request, const absl::StatusOr<HttpResponse>& result);

  // The directory told us to stay away for this long (not counted once per worker). A wait that
  // grows is one wait: `begins` is false for what is added to it.
  // `http_status`: with which it began.
  void AddThrottled(absl::Duration duration, bool begins, int http_status);

  int64_t sent() const;
  absl::Duration throttled() const;
  int64_t waits() const;
  int64_t busy_waits() const;  // those of them that began with 503
  // Ordered by endpoint, then result.
  std::vector<RequestCount> Counts() const;

 private:
  const std::string directory_;
  RequestObserver* const observer_ = nullptr;
  mutable Mutex mutex_;
  int64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t waits_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t busy_waits_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Duration throttled_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::map<std::string, int64_t>> counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_REQUEST_COUNTERS_H_
