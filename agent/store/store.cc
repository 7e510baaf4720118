#include "agent/store/store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/store/migrate.h"
#include "agent/store/schema.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

// One name for one file, whatever links lead to it, so that its lock is one too.
std::string Canonical(const std::string& file) {
  char* resolved = realpath(file.c_str(), nullptr);
  if (resolved != nullptr) {
    std::string result = resolved;
    std::free(resolved);
    return result;
  }
  // Not there yet: then its folder is what counts.
  const size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  resolved = realpath(folder.c_str(), nullptr);
  if (resolved == nullptr) return file;
  const std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
  std::string result = absl::StrCat(resolved, std::string(resolved) == "/" ? "" : "/", name);
  std::free(resolved);
  return result;
}

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

// Copies and backups lose the mode that the file was made with. What is somebody else's stays as it
// is, and `check` says so.
void KeepToOurselves(const std::string& file) {
  for (const char* part : {"", "-wal", "-shm"}) {
    const std::string name = absl::StrCat(file, part);
    struct stat found{};
    if (lstat(name.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) continue;
    if (found.st_uid != geteuid() || (found.st_mode & kOthers) == 0) continue;
    chmod(name.c_str(), 0600);
  }
}

absl::StatusOr<std::string> ReadStateId(Database& database) {
  std::string id;
  RETURN_IF_ERROR(database.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement row,
                     database.Prepare("SELECT value FROM facts WHERE key = 'state_id'"));
    row.Bind();
    ASSIGN_OR_RETURN(const bool found, row.Next());
    if (!found) return absl::DataLossError("the state file has no id; restore it from a backup");
    id = row.Text(0);
    return absl::OkStatus();
  }));
  return id;
}

}  // namespace

Store::Store(std::unique_ptr<Database> database, std::string state_id)
    : database_(std::move(database)),
      state_id_(std::move(state_id)),
      plans_(*database_),
      runs_(*database_),
      links_(*database_),
      holds_(*database_),
      exports_(*database_),
      memory_(*database_),
      schedules_(*database_),
      traits_(*database_),
      events_(*database_),
      requests_(*database_),
      directories_(*database_),
      repairs_(*database_) {}

absl::StatusOr<std::unique_ptr<Store>> Store::Open(const std::string& file) {
  ASSIGN_OR_RETURN(std::unique_ptr<Database> database, Database::Open(Canonical(file)));
  RETURN_IF_ERROR(Migrate(*database, SchemaSteps()));
  ASSIGN_OR_RETURN(std::string state_id, ReadStateId(*database));
  KeepToOurselves(database->file());
  return std::unique_ptr<Store>(new Store(std::move(database), std::move(state_id)));
}

absl::Status Store::SaveAndRemember(const PlanResult& result, const std::string& document,
                                    const ExportFacts& exported, absl::Time now,
                                    std::optional<int64_t> begun) {
  const Plan& plan = result.plan;
  const ToRemember& remember = result.to_remember;
  const bool in_step = plan.state == PlanState::kEmpty;
  RETURN_IF_ERROR(plans_.Save(plan, document, begun));
  RETURN_IF_ERROR(directories_.RecordDrift(plan));
  RETURN_IF_ERROR(links_.Record(remember.links, now));
  RETURN_IF_ERROR(memory_.RememberActive(remember.seen_active, plan.create_time));
  if (in_step) RETURN_IF_ERROR(memory_.RememberCovered(plan.covered_groups));
  return remember.export_accepted ? exports_.Accept(exported, now)
                                  : exports_.Propose(plan.id, exported, now);
}

std::vector<std::string> StateFileWarnings(const std::string& file) {
  struct stat found{};
  if (stat(file.c_str(), &found) != 0 || (found.st_mode & kOthers) == 0) return {};
  return {absl::StrCat("state file ", file,
                       " can be read by other users of this machine; chmod 600 it")};
}

}  // namespace rollcall
