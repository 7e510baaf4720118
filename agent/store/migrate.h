// Brings a state file to the newest schema. One thread, before the database is shared.
#ifndef AGENT_STORE_MIGRATE_H_
#define AGENT_STORE_MIGRATE_H_

#include <vector>

#include "absl/status/status.h"
#include "agent/store/sqlite.h"

namespace rollcall {

// Applies the steps that are missing, all or none. FAILED_PRECONDITION: a newer Rollcall wrote the
// file, or another program did; the file is then left as it is.
absl::Status Migrate(Database& database, const std::vector<const char*>& steps);

}  // namespace rollcall

#endif  // AGENT_STORE_MIGRATE_H_
