#include "agent/store/directory_store.h"

#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

constexpr Action kActions[] = {Action::kActivate, Action::kDeactivate, Action::kAddMembership,
                               Action::kRemoveMembership};

std::string KindOf(Action action) { return absl::AsciiStrToLower(ActionName(action)); }

absl::Status SetDrift(Database& database, const std::string& directory, const std::string& kind,
                      int64_t count) {
  return database.Run("INSERT OR REPLACE INTO directory_drift VALUES (?, ?, ?)", directory, kind,
                      count);
}

absl::Status MakeRow(Database& database, const std::string& directory) {
  return database.Run("INSERT OR IGNORE INTO directory_status (directory) VALUES (?)", directory);
}

absl::Status SetSuccess(Database& database, const std::string& directory, absl::Time time) {
  return database.Run("UPDATE directory_status SET success = ? WHERE directory = ?", time,
                      directory);
}

absl::Status SetFailed(Database& database, const std::string& directory, const std::string& why,
                       absl::Time time) {
  RETURN_IF_ERROR(MakeRow(database, directory));
  return database.Run(
      "UPDATE directory_status SET failed = COALESCE(failed, ?), problem = ? WHERE directory = ?",
      time, why, directory);
}

std::string WhyUnreadable(const Plan& plan, const std::string& directory) {
  for (const Finding& finding : plan.findings) {
    if (finding.name == "unreadable_directory" && finding.directory == directory) {
      return finding.message;
    }
  }
  return "it could not be read";
}

// Where the plan would change something, by itself or as an effect.
std::set<std::string> Concerned(const Plan& plan) {
  std::set<std::string> concerned;
  for (const Change& change : plan.changes) {
    concerned.insert(change.directory);
    for (const Effect& effect : change.effects) concerned.insert(effect.directory);
  }
  return concerned;
}

using Drift = std::map<std::string, std::map<std::string, int64_t>>;  // by directory and kind

Drift DriftOf(const Plan& plan) {
  Drift drift;
  drift[""];
  for (const std::string& directory : plan.directories) {
    for (const Action action : kActions) drift[directory][KindOf(action)] = 0;
  }
  for (const Change& change : plan.changes) ++drift[change.directory][KindOf(change.action)];
  for (const Finding& finding : plan.findings) {
    if (!IsDrift(finding)) continue;
    const auto subjects = static_cast<int64_t>(finding.subjects.size());
    drift[finding.directory][finding.name] += subjects == 0 ? 1 : subjects;
  }
  return drift;
}

// What a run left of its plan, by directory and action.
constexpr char kOpenChanges[] =
    "SELECT directory, action, count(*) FROM plan_changes AS c WHERE plan = ? AND NOT EXISTS "
    "(SELECT 1 FROM journal AS j WHERE j.run = ? AND j.change = c.id AND j.intent = 0 "
    "AND j.verified <> 0 AND j.state IN (?, ?)) GROUP BY directory, action";

// Where the run's plan is the last complete one, and had something to do, by itself or as an
// effect.
constexpr char kItsDirectories[] =
    "SELECT directory FROM directory_status WHERE plan = (SELECT id FROM plans WHERE seq = ?1) "
    "AND (directory IN (SELECT directory FROM plan_changes WHERE plan = ?1) "
    "OR directory IN (SELECT directory FROM plan_effects WHERE plan = ?1))";

// Directories in which an effect of a change that does not hold was to follow.
constexpr char kOpenEffects[] =
    "SELECT DISTINCT e.directory FROM plan_effects AS e JOIN plan_changes AS c "
    "ON c.plan = e.plan AND c.position = e.change WHERE e.plan = ? AND NOT EXISTS "
    "(SELECT 1 FROM journal AS j WHERE j.run = ? AND j.change = c.id AND j.intent = 0 "
    "AND j.verified <> 0 AND j.state IN (?, ?))";

absl::StatusOr<Drift> OpenChanges(Database& database, int64_t run, int64_t plan) {
  Drift open;
  ASSIGN_OR_RETURN(Statement changes, database.Prepare(kOpenChanges));
  changes.Bind(plan, run, OutcomeState::kApplied, OutcomeState::kAlreadyDone);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, changes.Next());
    if (!more) break;
    open[changes.Text(0)][KindOf(static_cast<Action>(changes.Int(1)))] = changes.Int(2);
  }
  ASSIGN_OR_RETURN(Statement effects, database.Prepare(kOpenEffects));
  effects.Bind(plan, run, OutcomeState::kApplied, OutcomeState::kAlreadyDone);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, effects.Next());
    if (!more) return open;
    open[effects.Text(0)];
  }
}

absl::StatusOr<std::vector<std::string>> ItsDirectories(Database& database, int64_t plan) {
  std::vector<std::string> directories;
  ASSIGN_OR_RETURN(Statement rows, database.Prepare(kItsDirectories));
  rows.Bind(plan);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return directories;
    directories.push_back(rows.Text(0));
  }
}

}  // namespace

absl::Status RecordReadings(Database& database, const Plan& plan) {
  for (const std::string& directory : plan.directories) {
    const auto read = plan.snapshot_times.find(directory);
    const absl::Time time = read == plan.snapshot_times.end() ? plan.create_time : read->second;
    RETURN_IF_ERROR(MakeRow(database, directory));
    RETURN_IF_ERROR(
        database.Run("UPDATE directory_status SET read = ?, failed = NULL, problem = '' "
                     "WHERE directory = ?",
                     time, directory));
  }
  for (const std::string& directory : plan.unreadable) {
    RETURN_IF_ERROR(
        SetFailed(database, directory, WhyUnreadable(plan, directory), plan.create_time));
  }
  return absl::OkStatus();
}

absl::Status DirectoryStore::RecordDrift(const Plan& plan) {
  const std::set<std::string> concerned = Concerned(plan);
  return database_.Write([&]() -> absl::Status {
    for (const auto& [directory, kinds] : DriftOf(plan)) {
      RETURN_IF_ERROR(database_.Run("DELETE FROM directory_drift WHERE directory = ?", directory));
      for (const auto& [kind, count] : kinds) {
        RETURN_IF_ERROR(SetDrift(database_, directory, kind, count));
      }
    }
    for (const std::string& directory : plan.directories) {
      RETURN_IF_ERROR(database_.Run("UPDATE directory_status SET plan = ? WHERE directory = ?",
                                    plan.id, directory));
      if (concerned.contains(directory)) continue;
      const auto read = plan.snapshot_times.find(directory);
      RETURN_IF_ERROR(
          SetSuccess(database_, directory,
                     read == plan.snapshot_times.end() ? plan.create_time : read->second));
    }
    return absl::OkStatus();
  });
}

absl::Status RecordRunEnd(Database& database, int64_t run, int64_t plan,
                          const std::map<std::string, std::string>& refused, absl::Time now) {
  ASSIGN_OR_RETURN(Drift open, OpenChanges(database, run, plan));
  ASSIGN_OR_RETURN(const std::vector<std::string> directories, ItsDirectories(database, plan));
  for (const std::string& directory : directories) {
    if (!open.contains(directory)) {
      RETURN_IF_ERROR(SetSuccess(database, directory, now));
      RETURN_IF_ERROR(database.Run(
          "UPDATE directory_status SET failed = NULL, problem = '' WHERE directory = ?",
          directory));
    }
    for (const Action action : kActions) {
      RETURN_IF_ERROR(
          SetDrift(database, directory, KindOf(action), open[directory][KindOf(action)]));
    }
  }
  for (const auto& [directory, why] : refused) {
    RETURN_IF_ERROR(SetFailed(database, directory, why, now));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DirectoryStatus>> DirectoryStore::List() {
  std::map<std::string, DirectoryStatus> found;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement rows,
                     database_.Prepare("SELECT directory, read, success, failed, problem "
                                       "FROM directory_status"));
    rows.Bind();
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) break;
      DirectoryStatus& status = found[rows.Text(0)];
      if (!rows.IsNull(1)) status.read = rows.Time(1);
      if (!rows.IsNull(2)) status.success = rows.Time(2);
      if (!rows.IsNull(3)) status.failed = rows.Time(3);
      status.problem = rows.Text(4);
    }
    ASSIGN_OR_RETURN(Statement drift,
                     database_.Prepare("SELECT directory, kind, count FROM directory_drift"));
    drift.Bind();
    while (true) {
      ASSIGN_OR_RETURN(const bool more, drift.Next());
      if (!more) return absl::OkStatus();
      found[drift.Text(0)].drift[drift.Text(1)] = drift.Int(2);
    }
  }));
  std::vector<DirectoryStatus> result;
  for (auto& [directory, status] : found) {
    status.directory = directory;
    result.push_back(std::move(status));
  }
  return result;
}

}  // namespace rollcall
