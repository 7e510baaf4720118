// RequestStore: what callers asked the service for under an id of their own choice, so that asking
// again, after an answer was lost, gives the same and does nothing twice. Thread-safe. Durable.
#ifndef AGENT_STORE_REQUEST_STORE_H_
#define AGENT_STORE_REQUEST_STORE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"

namespace rollcall {

class RequestStore {
 public:
  explicit RequestStore(Database& database) : database_(database) {}

  // Remembers that `requester` asked for `subject` (the plan that was to be made, or applied) under
  // that id. When he has asked under it before, nothing is changed and what he got then is
  // returned; ALREADY_EXISTS: he asked for something else then (another digest).
  absl::StatusOr<std::optional<std::string>> Remember(const std::string& requester,
                                                      const std::string& request_id,
                                                      const std::string& digest,
                                                      const std::string& subject, absl::Time now);

  // Forgets it, because what was asked for was refused.
  absl::Status Forget(const std::string& requester, const std::string& request_id);

  // Deletes those from before `before`. How many.
  absl::StatusOr<int64_t> DeleteOld(absl::Time before);

 private:
  Database& database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_REQUEST_STORE_H_
