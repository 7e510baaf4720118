// MemoryStore: what planning reads of earlier runs (Memory), and what a plan wants remembered.
// Thread-safe. Errors are those of sqlite.h. Times are handed in.
#ifndef AGENT_STORE_MEMORY_STORE_H_
#define AGENT_STORE_MEMORY_STORE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/memory.h"

namespace rollcall {

class MemoryStore {
 public:
  explicit MemoryStore(Database& database) : database_(database) {}

  // Everything, as of one moment. `source` names the export as the configuration does.
  absl::StatusOr<Memory> Load(absl::Time now, const std::string& source);

  // Accounts, (directory, account), that a snapshot begun at `seen_at` showed active: Rollcall's
  // own deactivations of before have been undone by somebody else.
  absl::Status RememberActive(const std::vector<std::pair<std::string, std::string>>& accounts,
                              absl::Time seen_at);

  // Groups, (directory, folded name), of a plan that is in step. Those of a plan with changes count
  // once it has been applied (RunStore::Finish).
  absl::Status RememberCovered(const std::vector<std::pair<std::string, std::string>>& groups);

  // `rollcall adopt` (rule G7). `folded_group` is folded.
  absl::Status Adopt(const std::string& directory, const std::string& folded_group, absl::Time now);

 private:
  Database& database_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_MEMORY_STORE_H_
