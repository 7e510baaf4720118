// ExportStore: the accepted exports (rule A3), and the people whom they knew (policy `vanished`).
// Thread-safe. Errors are those of sqlite.h. Times are handed in.
//
// A person counts as absent from the first accepted export that misses them, so that an export
// writes only who came, went and came back: 1,000,000 known people cost one sorted pass.
#ifndef AGENT_STORE_EXPORT_STORE_H_
#define AGENT_STORE_EXPORT_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"
#include "reconciler/plan/export.h"
#include "reconciler/plan/memory.h"

namespace rollcall {

// What is remembered of an export.
struct ExportFacts {
  std::string source;  // as the configuration names it, so that a pattern is one source
  std::string content_hash;
  ExportCounts counts;
  std::vector<absl::string_view> people;  // stable ids, in any order; of the caller

  // `source` as in the configuration. Views point into `exported`.
  static ExportFacts Of(const Export& exported, const std::string& source);
};

class ExportStore {
 public:
  explicit ExportStore(Database& database) : database_(database) {}

  // The export counts from now on. The content that this source had last time counts once.
  absl::Status Accept(const ExportFacts& facts, absl::Time now);

  // An export that a guard blocks: kept with the plan, and accepted when that is applied with the
  // guard waived. The newest 3 are kept.
  absl::Status Propose(const std::string& plan, const ExportFacts& facts, absl::Time now);

  // Accepts what was proposed with this plan. OK when there is nothing: it was accepted at once.
  absl::Status AcceptProposed(const std::string& plan, absl::Time now);

  // Was the person in an accepted export?
  absl::StatusOr<bool> Knows(const std::string& person);

 private:
  Database& database_;
};

// Within a transaction: the accepted export of this source that came last, and the absent people,
// by id, with how many accepted exports in a row have missed them.
absl::Status LoadAccepted(Database& database, const std::string& source, Memory* memory);

}  // namespace rollcall

#endif  // AGENT_STORE_EXPORT_STORE_H_
