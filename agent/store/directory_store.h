// DirectoryStore: what is known of each directory as a whole: when it was last read and last as
// wanted, whether it can be used, what is left to do. Written in the transactions that save a plan
// or end a run, by whatever process; for health and metrics, and nothing decides by it.
// Thread-safe.
#ifndef AGENT_STORE_DIRECTORY_STORE_H_
#define AGENT_STORE_DIRECTORY_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

struct DirectoryStatus {
  std::string directory;              // "": findings that concern the export or all directories
  std::optional<absl::Time> read;     // when a plan last read it completely
  std::optional<absl::Time> success;  // when it was last known to be as wanted
  // Since when it could not be read, or refused the key; nullopt: it works, or was never tried.
  std::optional<absl::Time> failed;
  std::string problem;  // a sentence, while it fails
  // What was left after the last complete plan, or after the run of it. By action ("activate", …;
  // zeros too), and by the name of the finding for what no change can settle.
  std::map<std::string, int64_t> drift;
};

class DirectoryStore {
 public:
  explicit DirectoryStore(Database& database) : database_(database) {}

  // By id.
  absl::StatusOr<std::vector<DirectoryStatus>> List();

  // What a complete plan of the configured export found to do, and where it found nothing.
  absl::Status RecordDrift(const Plan& plan);

 private:
  Database& database_;
};

// Within a transaction: which directories the plan could read, and which not.
absl::Status RecordReadings(Database& database, const Plan& plan);

// Within a transaction, at the end of a run (rows): what is left of its plan's changes, where that
// plan is the last complete one; which directories hold now; and which refused the key, with why.
absl::Status RecordRunEnd(Database& database, int64_t run, int64_t plan,
                          const std::map<std::string, std::string>& refused, absl::Time now);

}  // namespace rollcall

#endif  // AGENT_STORE_DIRECTORY_STORE_H_
