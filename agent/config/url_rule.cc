#include "agent/config/url_rule.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace rollcall::config {
namespace {

constexpr size_t kMaxUrl = 2048;

struct HostPort {
  absl::string_view host;
  absl::string_view port;  // empty: none
  bool valid = true;
};

HostPort SplitHostPort(absl::string_view text) {
  HostPort result;
  size_t end = text.find(':');
  if (absl::StartsWith(text, "[")) {
    const size_t bracket = text.find(']');
    if (bracket == absl::string_view::npos) return {text, "", false};
    end = bracket + 1 < text.size() ? bracket + 1 : absl::string_view::npos;
  }
  result.host = text.substr(0, end);
  if (end != absl::string_view::npos) {
    int port = 0;
    result.port = text.substr(end + 1);
    result.valid = text[end] == ':' && absl::SimpleAtoi(result.port, &port) && port >= 0 &&
                   port <= 65535 &&
                   std::all_of(result.port.begin(), result.port.end(), absl::ascii_isdigit);
  }
  result.valid = result.valid && !result.host.empty();
  return result;
}

// The part between "scheme://" and the next "/".
absl::string_view AuthorityOf(absl::string_view url) {
  const size_t begin = url.find("://");
  if (begin == absl::string_view::npos) return "";
  const absl::string_view rest = url.substr(begin + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

}  // namespace

bool IsLoopback(absl::string_view host) {
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  if (host == "::1" || absl::EqualsIgnoreCase(host, "localhost")) return true;
  const std::vector<absl::string_view> parts = absl::StrSplit(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  return std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
    int value = 0;
    return absl::SimpleAtoi(part, &value) && value >= 0 && value <= 255;
  });
}

bool IsPlainHttpElsewhere(absl::string_view url) {
  return absl::StartsWithIgnoreCase(url, "http://") &&
         !IsLoopback(SplitHostPort(AuthorityOf(url)).host);
}

absl::Status CheckBaseUrl(absl::string_view url, bool http_allowed) {
  const auto wrong = [](absl::string_view what) { return absl::InvalidArgumentError(what); };
  if (url.size() > kMaxUrl) return wrong(absl::StrCat("is longer than ", kMaxUrl, " bytes"));
  if (!absl::StartsWith(url, "https://") && !absl::StartsWith(url, "http://")) {
    return wrong("is no web address; write https://host/path");
  }
  for (char c : url) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) {
      return wrong("holds a space or control character; percent-encode it or take it out");
    }
  }
  // The text is not shown: what stands before an @ may be a password.
  if (absl::StrContains(AuthorityOf(url), "@")) {
    return wrong("holds a user name or password; take it out, keys have keys of their own here");
  }
  if (url.find_first_of("?#") != absl::string_view::npos) {
    return wrong("holds ? or #; write only the base address");
  }
  if (!SplitHostPort(AuthorityOf(url)).valid) return wrong("has no host, or no valid port");
  if (!http_allowed && IsPlainHttpElsewhere(url)) {
    return wrong(
        "is http to another machine, where the key travels in clear text; use https, or "
        "allow_http: true where that is really meant");
  }
  return absl::OkStatus();
}

absl::Status CheckListenAddress(absl::string_view address) {
  const HostPort split = SplitHostPort(address);
  if (split.valid && !split.port.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError("is no address with a port; write 127.0.0.1:8441");
}

}  // namespace rollcall::config
