#include "clients/http/redirect.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "clients/http/url.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Where to go next; nothing if the answer is to be returned as it is.
std::optional<std::string> Target(const std::string& url, const HttpResponse& response) {
  if (!IsRedirect(response.status)) return std::nullopt;
  const absl::string_view location =
      absl::StripAsciiWhitespace(FindHeader(response.headers, "Location"));
  if (location.empty()) return std::nullopt;
  absl::StatusOr<std::string> target = ResolveReference(url, location);
  if (!target.ok()) return std::nullopt;
  const absl::StatusOr<Origin> from = ParseOrigin(url);
  const absl::StatusOr<Origin> to = ParseOrigin(*target);
  if (!from.ok() || !to.ok() || !(*from == *to)) return std::nullopt;
  return *std::move(target);
}

}  // namespace

absl::StatusOr<HttpResponse> RedirectClient::Send(const HttpRequest& request,
                                                  const CallContext& context) {
  ASSIGN_OR_RETURN(HttpResponse response, next_.Send(request, context));
  if (request.method != "GET") return response;
  HttpRequest hop = request;
  for (int redirects = 0; redirects < kMaxRedirects; ++redirects) {
    std::optional<std::string> target = Target(hop.url, response);
    if (!target) break;
    hop.url = *std::move(target);
    const int sent = response.attempts;
    ASSIGN_OR_RETURN(response, next_.Send(hop, context));
    response.attempts += sent;
  }
  return response;
}

}  // namespace rollcall
