// The messages that a twin takes and gives: plain values, without sockets, threads or time of their
// own. They are not the clients' HTTP types on purpose: a twin shares no code with what it checks.
//
// What cannot be said in HTTP (a late answer, a closed connection, a body that is cut short) is a
// field of the response; the loopback server carries it out, an in-process adapter maps it to its
// own transport failure.
#ifndef TESTS_TWINS_MESSAGE_H_
#define TESTS_TWINS_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rollcall::twins {

using TwinHeaders = std::vector<std::pair<std::string, std::string>>;

// The first header of that name (any case), or "".
inline absl::string_view FindTwinHeader(const TwinHeaders& headers, absl::string_view name) {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return {};
}

// What becomes of the writes of a request. Discarded: the twin answers as if it had written, and
// nothing changed (a success that did nothing).
enum class Writes { kKept, kDiscarded };

struct TwinRequest {
  std::string method = "GET";
  std::string target = "/";  // path and query as sent, still percent-encoded
  TwinHeaders headers;
  std::string body;
  Writes writes = Writes::kKept;
};

// How the answer reaches the caller.
enum class Delivery {
  kWhole,
  kNothing,  // the connection is closed without a byte
  kCut,      // Content-Length is that of the whole body, only `cut_after` bytes are sent
};

struct TwinResponse {
  int status = 200;
  TwinHeaders headers;
  std::string body;
  absl::Duration delay = absl::ZeroDuration();  // to be waited before the answer goes out
  Delivery delivery = Delivery::kWhole;
  size_t cut_after = 0;
};

// A server without a network: requests in, responses out, one at a time. Not thread-safe.
class Twin {
 public:
  virtual ~Twin() = default;
  virtual TwinResponse Handle(const TwinRequest& request) = 0;

  // The endpoint of a path below the twin's base, with ids taken out, for the account of requests.
  // Empty: the first segment is the endpoint and what follows an id ("/Users/{id}").
  virtual std::string Endpoint(const std::string& /*path*/) const { return ""; }
  // What else the twin has counted, by name; shown by /_twin/requests.
  virtual std::map<std::string, int64_t> Counters() const { return {}; }
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_MESSAGE_H_
