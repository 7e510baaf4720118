// URLs: building them from text that may hold anything, and knowing to which server they lead.
// Pure functions, any thread. Parsing is stricter than a browser's: what two parsers might read
// differently is refused, since credentials follow the answer.
//
//   EncodePathSegment("a@b+c%d/é")             == "a%40b%2Bc%25d%2F%C3%A9"
//   JoinUrl("https://h/scim/v2/", "/Users")    == "https://h/scim/v2/Users"
//   WithQuery("https://h/Users", {{"startIndex", "1"}, {"count", "100"}})
#ifndef CLIENTS_HTTP_URL_H_
#define CLIENTS_HTTP_URL_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rollcall {

// Everything but RFC 3986's unreserved characters as %XX. A segment that is only dots is encoded
// too, so that nobody takes it for "this folder" or "the folder above". An empty text stays empty:
// an id in a path must be checked for that by the caller, `/Users/` is another resource.
std::string EncodePathSegment(absl::string_view segment);

// The same for the value (or name) of a query parameter; a space is %20, never +.
std::string EncodeQueryValue(absl::string_view value);

// `base` and an already encoded `path` with exactly one slash between; an empty path gives `base`
// without its last slash.
std::string JoinUrl(absl::string_view base, absl::string_view path);

// `url` with these parameters encoded and appended, in order; after the ones that it has.
std::string WithQuery(absl::string_view url,
                      const std::vector<std::pair<std::string, std::string>>& parameters);

// Scheme, host and port: the unit to which credentials belong (RFC 6454).
struct Origin {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; an IPv6 address in brackets
  int port = 0;        // the scheme's own where the URL names none

  bool operator==(const Origin&) const = default;
  std::string ToString() const;  // "https://example.com", "http://[::1]:8080"
};

// INVALID_ARGUMENT, without quoting the URL's secrets, unless it is http or https with a plain
// host: no user info, no fragment, no control, non-ASCII or unencoded reserved character anywhere.
absl::StatusOr<Origin> ParseOrigin(absl::string_view url);

// 127.0.0.0/8 in dotted form, [::1] or localhost.
bool IsLoopback(const Origin& origin);

// The absolute URL that `reference` (a Location header: absolute, "//host/x", "/x", "x", "?q")
// means on a page at `base`. INVALID_ARGUMENT like ParseOrigin.
absl::StatusOr<std::string> ResolveReference(absl::string_view base, absl::string_view reference);

}  // namespace rollcall

#endif  // CLIENTS_HTTP_URL_H_
