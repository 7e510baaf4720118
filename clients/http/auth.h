// AuthClient: signs requests, and sees to it that the key goes to the configured server and nowhere
// else. The top layer, so that one signature serves all attempts. Thread-safe, if the provider is.
//
// A request to another origin (scheme, host, port), such as a next-page link that leads elsewhere,
// is not sent at all: FAILED_PRECONDITION. So is one whose secret is empty, or holds a line break
// or another character that HTTP forbids. The provider's own errors are passed on. Nothing was
// sent.
#ifndef CLIENTS_HTTP_AUTH_H_
#define CLIENTS_HTTP_AUTH_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/http/client.h"
#include "clients/http/secret.h"
#include "clients/http/url.h"

namespace rollcall {

// Called for every request, so that a rotated key is taken up; the provider caches. Thread-safe.
using SecretProvider = std::function<absl::StatusOr<Secret>()>;

enum class AuthScheme {
  kNone,    // no Authorization header; the origin is checked all the same
  kBearer,  // Authorization: Bearer SECRET
  kBasic,   // Authorization: Basic base64(USER:SECRET)
};

struct AuthOptions {
  AuthScheme scheme = AuthScheme::kNone;
  std::string user;       // kBasic only; must not hold a colon
  SecretProvider secret;  // kBearer and kBasic
};

class AuthClient final : public HttpClient {
 public:
  // `next` must outlive this object.
  AuthClient(HttpClient& next, const AuthOptions& options, const Origin& origin);

  absl::StatusOr<HttpResponse> Send(const HttpRequest& request,
                                    const CallContext& context) override;

 private:
  absl::StatusOr<std::string> Credentials() const;

  HttpClient& next_;
  const AuthOptions options_;
  const Origin origin_;
};

// Did AuthClient refuse to send the request, or the provider fail? Then neither the network nor the
// server had a part in it, and the message says all there is to do.
bool RefusedBeforeSending(const absl::Status& status);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_AUTH_H_
