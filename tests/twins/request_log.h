// What was asked of a rehearsal: counts by method and endpoint, and every write with its answer.
// Not thread-safe.
#ifndef TESTS_TWINS_REQUEST_LOG_H_
#define TESTS_TWINS_REQUEST_LOG_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/twins/message.h"

namespace rollcall::twins {

// Did a request get as far as the twin, or did a fault or the rate limit stop it?
enum class Reach { kTwin, kStopped };

class RequestLog {
 public:
  // More writes than this are counted and no longer listed; Report says so.
  static constexpr size_t kMaxWrites = 1'000'000;

  // `endpoint` is the path below the base with ids taken out: "/Users/{id}".
  void Record(const TwinRequest& request, const std::string& endpoint, const TwinResponse& response,
              Reach reach);

  int64_t total() const { return total_; }
  int64_t reads() const { return total_ - writes_; }
  int64_t writes() const { return writes_; }
  // By "GET /Users" and the like; 0 for what never came.
  int64_t Count(const std::string& method_and_endpoint) const;

  // {"total", "reads", "writes", "by_endpoint": {"GET /Users": 3}, "by_method": {"GET": 3},
  //  "log": [{"seq", "method", "path", "status", "delivered", "reached"}]}: the log holds the
  // writes; `seq` counts all requests from 1; `delivered` is whole, cut or nothing; `reached` is
  // false where a fault or the rate limit answered instead of the twin.
  nlohmann::json Report() const;

 private:
  struct Write {
    int64_t seq;
    std::string method;
    std::string target;
    int status;
    Delivery delivery;
    Reach reach;
  };
  int64_t total_ = 0;
  int64_t writes_ = 0;
  std::map<std::string, int64_t> by_endpoint_;
  std::map<std::string, int64_t> by_method_;
  std::vector<Write> log_;
};

}  // namespace rollcall::twins

#endif  // TESTS_TWINS_REQUEST_LOG_H_
