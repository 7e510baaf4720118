#include "agent/store/migrate.h"

#include "absl/strings/str_cat.h"
#include "agent/store/schema.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status CheckOwner(Database& database) {
  ASSIGN_OR_RETURN(const auto owner, database.Number("PRAGMA application_id"));
  if (owner == kApplicationId) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto tables, database.Number("SELECT count(*) FROM sqlite_schema"));
  if (owner == 0 && tables == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("state file ", database.file(),
                   " is a database of another program; name another file under `state`"));
}

absl::Status ApplySteps(Database& database, const std::vector<const char*>& steps) {
  RETURN_IF_ERROR(CheckOwner(database));
  ASSIGN_OR_RETURN(const auto stored, database.Number("PRAGMA user_version"));
  const int64_t version = stored.value_or(0);
  const auto newest = static_cast<int64_t>(steps.size());
  if (version > newest || version < 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "state file ", database.file(), " has schema version ", version,
        ", this Rollcall knows up to ", newest, "; use the newer Rollcall that wrote it"));
  }
  for (int64_t step = version; step < newest; ++step) {
    RETURN_IF_ERROR(Annotate(database.Script(steps[static_cast<size_t>(step)]),
                             absl::StrCat("bringing the state to version ", step + 1)));
  }
  if (version == newest) return absl::OkStatus();
  return database.Script(
      absl::StrCat("PRAGMA application_id = ", kApplicationId, "; PRAGMA user_version = ", newest));
}

}  // namespace

absl::Status Migrate(Database& database, const std::vector<const char*>& steps) {
  bool newest = false;
  // Looked at without the write lock first, so that opening never waits for a run.
  RETURN_IF_ERROR(database.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto owner, database.Number("PRAGMA application_id"));
    ASSIGN_OR_RETURN(const auto version, database.Number("PRAGMA user_version"));
    newest = owner == kApplicationId && version == static_cast<int64_t>(steps.size());
    return absl::OkStatus();
  }));
  if (newest) return absl::OkStatus();
  return database.Write([&] { return ApplySteps(database, steps); });
}

}  // namespace rollcall
