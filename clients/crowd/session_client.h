// SessionClient: keeps the cookies that a server sets and sends them back. Crowd checks the
// application's password, at a cost, only where no session comes with the request; the credentials
// are sent all the same. Sits above the stack, so that its cookies go where the credentials go: to
// the configured origin and nowhere else. Thread-safe.
//
// Limits: kMaxCookies cookies of kMaxCookie bytes each; what is beyond is not kept, which costs the
// server time and nothing else. Domain and Path are not looked at: one client talks to one
// application. After a 401 all cookies are dropped.
#ifndef CLIENTS_CROWD_SESSION_CLIENT_H_
#define CLIENTS_CROWD_SESSION_CLIENT_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "clients/http/client.h"
#include "reconciler/base/mutex.h"

namespace rollcall {

class SessionClient final : public HttpClient {
 public:
  static constexpr size_t kMaxCookies = 20;
  static constexpr size_t kMaxCookie = 4096;

  // `next` must outlive this object.
  explicit SessionClient(HttpClient& next) : next_(next) {}

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override;

 private:
  std::string Header();
  void Learn(const HttpResponse& response);
  void Set(absl::string_view cookie) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  HttpClient& next_;
  Mutex mutex_;
  std::map<std::string, std::string> cookies_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace rollcall

#endif  // CLIENTS_CROWD_SESSION_CLIENT_H_
