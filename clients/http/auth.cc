#include "clients/http/auth.h"

#include <algorithm>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "clients/http/endpoint_label.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr char kRefusedPayload[] = "rollcall/refused-before-sending";

absl::Status Refused(const absl::Status& status, absl::string_view label) {
  absl::Status refused = Annotate(status, label);
  refused.SetPayload(kRefusedPayload, absl::Cord());
  return refused;
}

bool HasControlCharacter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

AuthClient::AuthClient(HttpClient& next, const AuthOptions& options, const Origin& origin)
    : next_(next), options_(options), origin_(origin) {}

absl::StatusOr<HttpResponse> AuthClient::Send(const HttpRequest& request,
                                              const CallContext& context) {
  const std::string& label = EndpointLabel(request);
  const absl::StatusOr<Origin> origin = ParseOrigin(request.url);
  if (!origin.ok()) {
    return Refused(absl::FailedPreconditionError(origin.status().message()), label);
  }
  if (!(*origin == origin_)) {
    return Refused(
        absl::FailedPreconditionError(absl::StrCat(
            "refused to call ", origin->ToString(), ", since this directory is ",
            origin_.ToString(), "; if it has moved, change its url in the configuration")),
        label);
  }
  HttpRequest signed_request = request;
  std::erase_if(signed_request.headers, [](const auto& header) {
    return absl::EqualsIgnoreCase(header.first, "Authorization");
  });
  if (options_.scheme != AuthScheme::kNone) {
    absl::StatusOr<std::string> credentials = Credentials();
    if (!credentials.ok()) return Refused(credentials.status(), label);
    signed_request.headers.emplace_back("Authorization", *std::move(credentials));
  }
  return next_.Send(signed_request, context);
}

absl::StatusOr<std::string> AuthClient::Credentials() const {
  if (!options_.secret) {
    return absl::FailedPreconditionError("no secret is configured; name one in the configuration");
  }
  ASSIGN_OR_RETURN(const Secret secret, options_.secret());
  if (secret.empty()) {
    return absl::FailedPreconditionError(
        "the secret is empty; put the key where the configuration points");
  }
  if (options_.scheme == AuthScheme::kBearer) {
    if (!IsPlain(secret.Reveal())) {
      return absl::FailedPreconditionError(
          "the secret holds a space, line break or other character that a token cannot have");
    }
    return absl::StrCat("Bearer ", secret.Reveal());
  }
  if (HasControlCharacter(secret.Reveal())) {
    return absl::FailedPreconditionError("the secret holds a line break or control character");
  }
  if (absl::StrContains(options_.user, ":") || HasControlCharacter(options_.user)) {
    return absl::FailedPreconditionError("the user name holds a colon or control character");
  }
  return absl::StrCat("Basic ",
                      absl::Base64Escape(absl::StrCat(options_.user, ":", secret.Reveal())));
}

bool RefusedBeforeSending(const absl::Status& status) {
  return status.GetPayload(kRefusedPayload).has_value();
}

}  // namespace rollcall
