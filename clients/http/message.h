// HTTP messages as values. A response of any status is a value: only the endpoint that knows its
// meaning judges it. Transport failures are absl::Status (see HttpClient).
#ifndef CLIENTS_HTTP_MESSAGE_H_
#define CLIENTS_HTTP_MESSAGE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The first header of that name (any case), or "".
inline absl::string_view FindHeader(const Headers& headers, absl::string_view name) {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

// May the request be sent again when nobody knows whether it had its effect?
enum class Idempotency {
  kSafe,           // reads
  kIdempotent,     // a write whose repetition changes nothing more (set `active` to a value)
  kNotIdempotent,  // a write that a repetition may double (add members): unknown stays unknown
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  // absolute, already percent-encoded
  Headers headers;
  std::string body;
  Idempotency idempotency = Idempotency::kSafe;
  std::string endpoint;  // a short name for counters and messages, such as "GET /Users"
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;  // decoded (gzip is undone by the client)
  int attempts = 1;  // how often the request was sent until this answer came
  // A write whose earlier attempt was not answered, or with a 5xx: it may have had its effect, and
  // this answer be about that.
  bool after_doubt = false;
};

}  // namespace rollcall

#endif  // CLIENTS_HTTP_MESSAGE_H_
