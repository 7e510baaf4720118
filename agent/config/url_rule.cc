#include "agent/config/url_rule.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/http/url.h"
#include "reconciler/base/status_macros.h"

namespace rollcall::config {

bool IsPlainHttpElsewhere(absl::string_view url) {
  const absl::StatusOr<Origin> origin = ParseOrigin(url);
  return origin.ok() && origin->scheme == "http" && !IsLoopback(*origin);
}

absl::Status CheckBaseUrl(absl::string_view url, bool http_allowed) {
  const absl::StatusOr<Origin> origin = ParseOrigin(url);
  if (!origin.ok()) {
    return Annotate(origin.status(), "is no address like https://host/path");
  }
  if (absl::StrContains(url, "?")) {
    return absl::InvalidArgumentError("holds a query (?); write only the base address");
  }
  if (!http_allowed && IsPlainHttpElsewhere(url)) {
    return absl::InvalidArgumentError(
        "is http to another machine, where the key travels in clear text; use https, or "
        "allow_http: true where that is really meant");
  }
  return absl::OkStatus();
}

absl::Status CheckListenAddress(absl::string_view address) {
  // The longest name that the system takes for a socket.
  constexpr size_t kLongestSocket = 107;
  absl::string_view path = address;
  if (absl::ConsumePrefix(&path, "unix:")) {
    if (!path.empty() && path.size() <= kLongestSocket) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("names no file of 1 to ", kLongestSocket,
                     " bytes for the socket; write unix:/run/rollcall/rollcall.sock"));
  }
  const size_t colon = address.rfind(':');
  const std::string url = absl::StrCat("http://", address);
  const bool port_said = colon != absl::string_view::npos && colon + 1 < address.size() &&
                         !absl::StrContains(address.substr(colon), "]");
  // Port 0 is for the system to choose; a URL has no such port.
  const bool any_port = absl::EndsWith(address, ":0");
  const absl::string_view checked =
      any_port ? absl::string_view(url).substr(0, url.size() - 2) : absl::string_view(url);
  if (port_said && !absl::StrContains(address, "/") && ParseOrigin(checked).ok()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      "is no address with a port; write 127.0.0.1:8441, or unix:PATH");
}

}  // namespace rollcall::config
