// ScriptedTransport: an in-process HttpClient at the bottom of a stack. Answers what a function
// says, and keeps every request with the instant at which it came. Thread-safe, if the function is.
#ifndef TESTS_SUPPORT_SCRIPTED_TRANSPORT_H_
#define TESTS_SUPPORT_SCRIPTED_TRANSPORT_H_

#include <functional>
#include <utility>
#include <vector>

#include "clients/http/client.h"
#include "reconciler/base/mutex.h"
#include "reconciler/ports/runtime.h"

namespace rollcall {

class ScriptedTransport final : public HttpClient {
 public:
  // `number` counts the sends from 1.
  using Script =
      std::function<absl::StatusOr<HttpResponse>(const HttpRequest& request, int number)>;
  struct Sent {
    HttpRequest request;
    absl::Time at;
  };

  ScriptedTransport(Runtime& runtime, Script script)
      : runtime_(runtime), script_(std::move(script)) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override {
    if (context.stopped()) return absl::CancelledError("stopped before it was sent");
    int number = 0;
    {
      const absl::Time now = runtime_.Now();
      MutexLock lock(mutex_);
      sent_.push_back({request, now});
      number = static_cast<int>(sent_.size());
    }
    return script_(request, number);
  }

  std::vector<Sent> sent() {
    MutexLock lock(mutex_);
    return sent_;
  }
  int sends() { return static_cast<int>(sent().size()); }

 private:
  Runtime& runtime_;
  const Script script_;
  Mutex mutex_;
  std::vector<Sent> sent_ ABSL_GUARDED_BY(mutex_);
};

// An answer of that status.
inline HttpResponse Respond(int status, Headers headers = {}, std::string body = "") {
  HttpResponse response;
  response.status = status;
  response.headers = std::move(headers);
  response.body = std::move(body);
  return response;
}

}  // namespace rollcall

#endif  // TESTS_SUPPORT_SCRIPTED_TRANSPORT_H_
