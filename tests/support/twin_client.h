// TwinClient: an HttpClient that hands requests to a twin in the same process, and counts them.
// What the twin says about delivery becomes the transport failure that a client on a network would
// see. Thread-safe: one request at a time. The twin must outlive it.
#ifndef TESTS_SUPPORT_TWIN_CLIENT_H_
#define TESTS_SUPPORT_TWIN_CLIENT_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/http/client.h"
#include "reconciler/base/mutex.h"
#include "tests/twins/message.h"

namespace rollcall {

class TwinClient final : public HttpClient {
 public:
  // `token` is sent as a bearer; empty: none.
  explicit TwinClient(twins::Twin& twin, std::string token = "twin-token")
      : twin_(twin), token_(std::move(token)) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override {
    if (context.stopped()) return absl::CancelledError("stopped");
    MutexLock lock(mutex_);
    requests_.push_back(request);
    twins::TwinRequest asked;
    asked.method = request.method;
    asked.target = TargetOf(request.url);
    asked.headers = request.headers;
    if (!token_.empty()) asked.headers.emplace_back("Authorization", "Bearer " + token_);
    asked.body = request.body;
    twins::TwinResponse answer = twin_.Handle(asked);
    if (answer.delivery == twins::Delivery::kNothing) {
      return absl::UnknownError("the connection was closed without an answer");
    }
    if (answer.delivery == twins::Delivery::kCut) {
      return absl::UnknownError("the answer was cut");
    }
    HttpResponse response;
    response.status = answer.status;
    response.headers = std::move(answer.headers);
    response.body = std::move(answer.body);
    return response;
  }

  // In the order of sending.
  const std::vector<HttpRequest>& requests() const { return requests_; }
  int64_t Count(absl::string_view method, absl::string_view part_of_url = "") const {
    int64_t count = 0;
    for (const HttpRequest& request : requests_) {
      const bool here = request.url.find(std::string(part_of_url)) != std::string::npos;
      if (request.method == method && here) ++count;
    }
    return count;
  }
  void Forget() { requests_.clear(); }

 private:
  static std::string TargetOf(const std::string& url) {
    const size_t host = url.find("://");
    const size_t path = url.find('/', host == std::string::npos ? 0 : host + 3);
    return path == std::string::npos ? "/" : url.substr(path);
  }

  twins::Twin& twin_;
  const std::string token_;
  Mutex mutex_;
  std::vector<HttpRequest> requests_;
};

}  // namespace rollcall

#endif  // TESTS_SUPPORT_TWIN_CLIENT_H_
