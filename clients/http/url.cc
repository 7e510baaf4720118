#include "clients/http/url.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr size_t kMaxUrl = 16 * 1024;  // bytes; most servers refuse more than 8 KiB

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' ||
         c == '~';
}

bool IsOnlyDots(absl::string_view text) {
  return !text.empty() && text.find_first_not_of('.') == absl::string_view::npos;
}

std::string Encode(absl::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (char c : text) {
    if (IsUnreserved(c)) {
      result.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result.push_back('%');
    result.push_back(kHex[byte >> 4]);
    result.push_back(kHex[byte & 15]);
  }
  return result;
}

// Characters that a URL in its encoded form may hold (RFC 3986); '#' is left out, since fragments
// never belong into a request.
bool IsUrlCharacter(char c) {
  return IsUnreserved(c) || absl::StrContains(":/?[]@!$&'()*+,;=%", absl::string_view(&c, 1));
}

absl::Status CheckCharacters(absl::string_view url) {
  if (url.size() > kMaxUrl) {
    return absl::InvalidArgumentError(
        absl::StrCat("the URL is longer than ", kMaxUrl, " bytes: ", url.size()));
  }
  if (std::all_of(url.begin(), url.end(), IsUrlCharacter)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "the URL holds a character that must be percent-encoded (a space, #, a backslash, a control "
      "or non-ASCII character); write an international host name in its xn-- form");
}

bool IsDottedAddress(absl::string_view host) {
  const std::vector<absl::string_view> parts = absl::StrSplit(host, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
           int value = 0;
           return !part.empty() && part.size() <= 3 && absl::SimpleAtoi(part, &value) &&
                  value >= 0 && value <= 255 && absl::StrCat(value) == part;
         });
}

bool IsHostName(absl::string_view host) {
  return !host.empty() && host.size() <= 253 && host[0] != '.' && host[0] != '-' &&
         std::all_of(host.begin(), host.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
         });
}

bool IsBracketedAddress(absl::string_view host) {
  return host.size() >= 4 && host.size() <= 47 && host.front() == '[' && host.back() == ']' &&
         std::all_of(host.begin() + 1, host.end() - 1, [](unsigned char c) {
           return absl::ascii_isxdigit(c) || c == ':' || c == '.';
         });
}

// "host", "host:port", "[address]:port" into an origin whose scheme is set.
absl::Status ParseAuthority(absl::string_view authority, Origin& origin) {
  if (absl::StrContains(authority, "@")) {
    return absl::InvalidArgumentError(
        "the URL holds a user name or password: take it out and configure it as a secret");
  }
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.rfind(':');
  absl::string_view host = authority;
  origin.port = origin.scheme == "https" ? 443 : 80;
  if (colon != absl::string_view::npos && (bracket == absl::string_view::npos || colon > bracket)) {
    host = authority.substr(0, colon);
    const absl::string_view digits = authority.substr(colon + 1);
    const bool plain = std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
    if (!plain || !absl::SimpleAtoi(digits, &origin.port) || origin.port < 1 ||
        origin.port > 65535) {
      return absl::InvalidArgumentError("the URL's port is not a number from 1 to 65535");
    }
  }
  if (!IsHostName(host) && !IsBracketedAddress(host)) {
    return absl::InvalidArgumentError("the URL has no valid host name");
  }
  origin.host = absl::AsciiStrToLower(host);
  return absl::OkStatus();
}

absl::string_view WithoutQuery(absl::string_view url) { return url.substr(0, url.find('?')); }

// Where the path starts in an absolute URL that ParseOrigin has accepted.
size_t PathStart(absl::string_view url) {
  return std::min(url.find_first_of("/?", url.find("://") + 3), url.size());
}

bool HasScheme(absl::string_view reference) {
  const size_t colon = reference.find(':');
  return colon != absl::string_view::npos && colon < reference.find_first_of("/?");
}

}  // namespace

std::string EncodePathSegment(absl::string_view segment) {
  if (!IsOnlyDots(segment)) return Encode(segment);
  std::string result;
  for (size_t i = 0; i < segment.size(); ++i) result += "%2E";
  return result;
}

std::string EncodeQueryValue(absl::string_view value) { return Encode(value); }

std::string JoinUrl(absl::string_view base, absl::string_view path) {
  while (absl::ConsumeSuffix(&base, "/")) continue;
  while (absl::ConsumePrefix(&path, "/")) continue;
  return path.empty() ? std::string(base) : absl::StrCat(base, "/", path);
}

std::string WithQuery(absl::string_view url,
                      const std::vector<std::pair<std::string, std::string>>& parameters) {
  std::string result(url);
  char separator = absl::StrContains(url, "?") ? '&' : '?';
  for (const auto& [name, value] : parameters) {
    absl::StrAppend(&result, std::string(1, separator), Encode(name), "=", Encode(value));
    separator = '&';
  }
  return result;
}

std::string Origin::ToString() const {
  const bool usual = port == (scheme == "https" ? 443 : 80);
  return usual ? absl::StrCat(scheme, "://", host) : absl::StrCat(scheme, "://", host, ":", port);
}

absl::StatusOr<Origin> ParseOrigin(absl::string_view url) {
  RETURN_IF_ERROR(CheckCharacters(url));
  const size_t end = url.find("://");
  Origin origin;
  if (end != absl::string_view::npos) origin.scheme = absl::AsciiStrToLower(url.substr(0, end));
  if (origin.scheme != "https" && origin.scheme != "http") {
    return absl::InvalidArgumentError("the URL must start with https:// (or http://)");
  }
  const absl::string_view rest = url.substr(end + 3);
  RETURN_IF_ERROR(ParseAuthority(rest.substr(0, rest.find_first_of("/?")), origin));
  return origin;
}

bool IsLoopback(const Origin& origin) {
  if (origin.host == "localhost" || origin.host == "[::1]") return true;
  return absl::StartsWith(origin.host, "127.") && IsDottedAddress(origin.host);
}

absl::StatusOr<std::string> ResolveReference(absl::string_view base, absl::string_view reference) {
  ASSIGN_OR_RETURN(const Origin origin, ParseOrigin(base));
  reference = reference.substr(0, reference.find('#'));
  const absl::string_view path_of_base = WithoutQuery(base.substr(PathStart(base)));
  const size_t slash = path_of_base.rfind('/');
  std::string result;
  if (HasScheme(reference)) {
    result = std::string(reference);
  } else if (absl::StartsWith(reference, "//")) {
    result = absl::StrCat(origin.scheme, ":", reference);
  } else if (absl::StartsWith(reference, "/")) {
    result = absl::StrCat(origin.ToString(), reference);
  } else if (reference.empty() || reference[0] == '?') {
    result = absl::StrCat(WithoutQuery(base), reference);
  } else {
    const absl::string_view folder =
        slash == absl::string_view::npos ? "/" : path_of_base.substr(0, slash + 1);
    result = absl::StrCat(origin.ToString(), folder, reference);
  }
  RETURN_IF_ERROR(ParseOrigin(result).status());
  return result;
}

}  // namespace rollcall
