#include "clients/crowd/session_client.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// What may stand in a Cookie header without breaking it (RFC 6265, cookie-octet).
bool IsPlain(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > 0x20 && c < 0x7f && c != ';' && c != ',' && c != '\\';
  });
}

// Max-Age of nothing: the server takes the cookie back.
bool IsWithdrawn(const std::vector<absl::string_view>& parts) {
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::pair<absl::string_view, absl::string_view> attribute =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    int64_t age = 0;
    if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(attribute.first), "max-age") &&
        absl::SimpleAtoi(attribute.second, &age) && age <= 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<HttpResponse> SessionClient::Send(const HttpRequest& request,
                                                 const CallContext& context) {
  const std::string cookies = Header();
  absl::StatusOr<HttpResponse> response;
  if (cookies.empty()) {
    response = next_.Send(request, context);
  } else {
    HttpRequest with_session = request;
    with_session.headers.emplace_back("Cookie", cookies);
    response = next_.Send(with_session, context);
  }
  if (response.ok()) Learn(*response);
  return response;
}

std::string SessionClient::Header() {
  MutexLock lock(mutex_);
  std::string header;
  for (const auto& [name, value] : cookies_) {
    absl::StrAppend(&header, header.empty() ? "" : "; ", name, "=", value);
  }
  return header;
}

void SessionClient::Learn(const HttpResponse& response) {
  MutexLock lock(mutex_);
  if (response.status == 401) {
    // The session may be what is wrong: the next request stands on the credentials alone.
    cookies_.clear();
    return;
  }
  for (const auto& [name, value] : response.headers) {
    if (absl::EqualsIgnoreCase(name, "Set-Cookie")) Set(value);
  }
}

void SessionClient::Set(absl::string_view cookie) {
  const std::vector<absl::string_view> parts = absl::StrSplit(cookie, ';');
  const std::pair<absl::string_view, absl::string_view> pair =
      absl::StrSplit(parts[0], absl::MaxSplits('=', 1));
  const std::string name(absl::StripAsciiWhitespace(pair.first));
  const std::string value(absl::StripAsciiWhitespace(pair.second));
  if (name.empty() || !IsPlain(name) || !IsPlain(value)) return;
  if (value.empty() || IsWithdrawn(parts)) {
    cookies_.erase(name);
    return;
  }
  if (name.size() + value.size() > kMaxCookie) return;
  if (cookies_.size() >= kMaxCookies && cookies_.count(name) == 0) return;
  cookies_[name] = value;
}

}  // namespace rollcall
