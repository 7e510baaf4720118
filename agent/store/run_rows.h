// The rows of one run: how a record, its waivers and its outcomes lie in the tables. Used by
// RunStore within its transactions.
#ifndef AGENT_STORE_RUN_ROWS_H_
#define AGENT_STORE_RUN_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/store/sqlite.h"
#include "reconciler/apply/outcome.h"

namespace rollcall {

// NOT_FOUND, with where to look.
absl::Status NoRun(const std::string& id);

// The columns change, state, verified, attempts, http_status, message, finding, rerouted.
Outcome OutcomeOf(const Statement& row);

// Everything but the outcomes. The run's row.
absl::StatusOr<int64_t> LoadRunRow(Database& database, const std::string& id, RunRecord* record);
// `unknown` alone: the intents that have no outcome.
absl::Status LoadOpenIntents(Database& database, int64_t run, RunRecord* record);
// The outcomes, and what is open.
absl::Status LoadAllOutcomes(Database& database, int64_t run, RunRecord* record);

}  // namespace rollcall

#endif  // AGENT_STORE_RUN_ROWS_H_
