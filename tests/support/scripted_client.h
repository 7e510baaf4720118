// ScriptedClient: an HttpClient whose answers a test writes down, as a function of the request.
// Keeps what was sent. One thread.
#ifndef TESTS_SUPPORT_SCRIPTED_CLIENT_H_
#define TESTS_SUPPORT_SCRIPTED_CLIENT_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "clients/http/client.h"

namespace rollcall {

class ScriptedClient final : public HttpClient {
 public:
  using Script = std::function<absl::StatusOr<HttpResponse>(const HttpRequest&)>;
  explicit ScriptedClient(Script script) : script_(std::move(script)) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request, const CallContext&) override {
    requests_.push_back(request);
    return script_(request);
  }
  const std::vector<HttpRequest>& requests() const { return requests_; }

 private:
  Script script_;
  std::vector<HttpRequest> requests_;
};

inline HttpResponse Answer(int status, std::string body, Headers headers = {}) {
  HttpResponse response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

}  // namespace rollcall

#endif  // TESTS_SUPPORT_SCRIPTED_CLIENT_H_
