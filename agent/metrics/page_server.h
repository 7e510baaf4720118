// PageServer: a few pages over plain HTTP/1.1, for scrapers and probes: GET only, one request a
// connection. Thread-safe.
//
// Limits: kThreads are answered side by side, kMostWaiting more wait, and the rest waits where the
// system keeps what is not accepted yet. A connection takes up to kPatience in all, and sends up to
// kMostReceived bytes. Who sends slowly, too much or nothing is cut off.
//
//   ASSIGN_OR_RETURN(auto server, PageServer::Open("127.0.0.1:0", {{"/healthz", health}}));
#ifndef AGENT_METRICS_PAGE_SERVER_H_
#define AGENT_METRICS_PAGE_SERVER_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace rollcall {

struct Page {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

class PageServer {
 public:
  static constexpr size_t kThreads = 2;
  static constexpr size_t kMostWaiting = 16;
  static constexpr size_t kMostReceived = size_t{16} << 10;
  static constexpr absl::Duration kPatience = absl::Seconds(5);

  // By path. Called on several threads; must not block for long.
  using Pages = std::map<std::string, std::function<Page()>>;

  // ADDRESS:PORT; port 0: any free one. INVALID_ARGUMENT: it is no such address; UNAVAILABLE: it
  // cannot be listened on.
  static absl::StatusOr<std::unique_ptr<PageServer>> Open(const std::string& address, Pages pages);
  // Cuts off who is being answered.
  virtual ~PageServer() = default;

  // Where it listens, with the port that the system chose.
  virtual const std::string& address() const = 0;
};

}  // namespace rollcall

#endif  // AGENT_METRICS_PAGE_SERVER_H_
