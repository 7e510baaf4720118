// RepairStore: what was done to links between accounts and SCIM records, and why. A repair is in
// here before its request is sent, and gets its outcome when the links have been read again; one
// without was interrupted, or is at work. Nothing is ever deleted. Thread-safe. Errors are those of
// sqlite.h. Times are handed in.
#ifndef AGENT_STORE_REPAIR_STORE_H_
#define AGENT_STORE_REPAIR_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"

namespace rollcall {

// Stored by number.
enum class RepairAction : uint8_t { kUnlink = 1, kDeleteRecords = 2 };
enum class RepairOutcome : uint8_t {
  kOpen = 0,     // at work, or interrupted
  kDone = 1,     // seen
  kNotSeen = 2,  // sent, perhaps, and not seen to have worked
  kRefused = 3,  // by the server, or never sent
};

struct RepairRecord {
  int64_t number = 0;
  absl::Time time;
  std::string organisation;  // the directory's id in the configuration
  RepairAction action = RepairAction::kUnlink;
  std::string account;
  std::string scim_directory;  // the organisation's id of it; empty: every one
  std::string record;          // empty: every one of the account
  std::string reason;
  RepairOutcome outcome = RepairOutcome::kOpen;
  std::optional<absl::Time> ended = {};
  std::string message = {};
  bool operator==(const RepairRecord&) const = default;
};

class RepairStore {
 public:
  explicit RepairStore(Database& database) : database_(database) {}

  // Durable on return. Its number; number, outcome, ended and message are not used.
  absl::StatusOr<int64_t> Begin(const RepairRecord& repair);
  // NOT_FOUND: no repair of that number is open.
  absl::Status End(int64_t number, RepairOutcome outcome, const std::string& message,
                   absl::Time now);
  // All there ever were, oldest first.
  absl::StatusOr<std::vector<RepairRecord>> List();

 private:
  Database& database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_REPAIR_STORE_H_
