// HoldStore: exceptions for single people (rule H1). Ended ones are kept, for the record.
// Thread-safe. Errors are those of sqlite.h. Times are handed in.
#ifndef AGENT_STORE_HOLD_STORE_H_
#define AGENT_STORE_HOLD_STORE_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/memory.h"

namespace rollcall {

// A hold as `rollcall holds` shows it.
struct HoldRecord {
  Hold hold;
  std::optional<absl::Time> ended;  // by hand
};

// One that was ended by hand ended then.
Hold AsItEnded(const HoldRecord& record);

class HoldStore {
 public:
  explicit HoldStore(Database& database) : database_(database) {}

  // Returns the new hold's id; `hold.id` is not used. INVALID_ARGUMENT without person and e-mail,
  // and for an activation without an end.
  absl::StatusOr<int64_t> Add(const Hold& hold);

  // NOT_FOUND when there is no such hold, FAILED_PRECONDITION when it was ended already.
  absl::Status End(int64_t id, absl::Time now);

  // In force at `now`: not ended, and their time is not up. By id.
  absl::StatusOr<std::vector<Hold>> InForce(absl::Time now);

  // All there ever were, by id.
  absl::StatusOr<std::vector<HoldRecord>> List();

 private:
  Database& database_;
};

// Within a transaction: what InForce and List read.
absl::Status LoadHolds(Database& database, std::vector<HoldRecord>* holds);
bool IsInForce(const HoldRecord& record, absl::Time now);

}  // namespace rollcall

#endif  // AGENT_STORE_HOLD_STORE_H_
