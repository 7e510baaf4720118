#include "agent/store/plan_rows.h"

#include <limits>
#include <string>

#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

absl::Status InsertChanges(Database& database, int64_t row, const Plan& plan) {
  ASSIGN_OR_RETURN(Statement change,
                   database.Prepare("INSERT INTO plan_changes VALUES "
                                    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  ASSIGN_OR_RETURN(
      Statement reroute,
      database.Prepare("INSERT INTO plan_reroutes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  ASSIGN_OR_RETURN(Statement effect,
                   database.Prepare("INSERT INTO plan_effects VALUES (?, ?, ?, ?, ?, ?, ?)"));
  int64_t position = 0;
  for (const Change& c : plan.changes) {
    RETURN_IF_ERROR(change.Run(row, position, c.id, c.directory, c.action, c.person, c.account,
                               c.user_name, c.group, c.reason, c.routed_from, c.group_id,
                               c.linked_email, c.linked_external_id, c.writes));
    if (c.reroute.has_value()) {
      const Reroute& r = *c.reroute;
      RETURN_IF_ERROR(reroute.Run(row, position, r.directory, r.account, r.user_name, r.group,
                                  r.group_id, r.linked_email, r.linked_external_id));
    }
    int64_t effect_position = 0;
    for (const Effect& e : c.effects) {
      RETURN_IF_ERROR(effect.Run(row, position, effect_position++, e.directory, e.account, e.action,
                                 e.group_id));
    }
    ++position;
  }
  return absl::OkStatus();
}

absl::Status InsertFindings(Database& database, int64_t row, const Plan& plan) {
  ASSIGN_OR_RETURN(Statement finding, database.Prepare("INSERT INTO plan_findings VALUES "
                                                       "(?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  ASSIGN_OR_RETURN(Statement subject,
                   database.Prepare("INSERT INTO plan_subjects VALUES (?, ?, ?, ?, ?)"));
  int64_t position = 0;
  for (const Finding& f : plan.findings) {
    RETURN_IF_ERROR(finding.Run(row, position, f.name, f.severity, f.message, f.cure, f.directory,
                                f.observed, f.limit));
    int64_t subject_position = 0;
    for (const std::string& s : f.subjects) {
      const auto label = plan.labels.find(s);
      RETURN_IF_ERROR(subject.Run(row, position, subject_position++, s,
                                  label == plan.labels.end() ? std::string() : label->second));
    }
    ++position;
  }
  return absl::OkStatus();
}

absl::Status InsertDirectories(Database& database, int64_t row, const Plan& plan) {
  ASSIGN_OR_RETURN(Statement directory,
                   database.Prepare("INSERT INTO plan_directories VALUES (?, ?, ?, ?)"));
  int64_t position = 0;
  for (const std::string& id : plan.directories) {
    RETURN_IF_ERROR(directory.Run(row, position++, id, 1));
  }
  for (const std::string& id : plan.unreadable) {
    RETURN_IF_ERROR(directory.Run(row, position++, id, 0));
  }
  ASSIGN_OR_RETURN(Statement snapshot,
                   database.Prepare("INSERT INTO plan_snapshots VALUES (?, ?, ?)"));
  for (const auto& [id, time] : plan.snapshot_times) {
    RETURN_IF_ERROR(snapshot.Run(row, id, time));
  }
  ASSIGN_OR_RETURN(Statement cover,
                   database.Prepare("INSERT INTO plan_covers VALUES (?, ?, ?, ?)"));
  position = 0;
  for (const auto& [id, group] : plan.covered_groups) {
    RETURN_IF_ERROR(cover.Run(row, position++, id, group));
  }
  return absl::OkStatus();
}

// Which rows belong to a part of a plan's changes.
struct Range {
  int64_t first = 0;
  int64_t end = std::numeric_limits<int64_t>::max();
};

// The change of that row, in a part that begins at `range`; null: there is none.
Change* ChangeAt(std::vector<Change>& changes, const Range& range, int64_t row) {
  const int64_t place = row - range.first;
  if (place < 0 || place >= static_cast<int64_t>(changes.size())) return nullptr;
  return &changes[static_cast<size_t>(place)];
}

absl::Status LoadChanges(Database& database, int64_t row, const Range& range,
                         std::vector<Change>& changes) {
  ASSIGN_OR_RETURN(
      Statement rows,
      database.Prepare("SELECT id, directory, action, person, account, user_name, grp, reason, "
                       "routed_from, group_id, linked_email, linked_external_id, writes "
                       "FROM plan_changes WHERE plan = ? AND position >= ? AND position < ? "
                       "ORDER BY position"));
  rows.Bind(row, range.first, range.end);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    Change& c = changes.emplace_back();
    c.id = rows.Text(0);
    c.directory = rows.Text(1);
    c.action = static_cast<Action>(rows.Int(2));
    c.person = rows.Text(3);
    c.account = rows.Text(4);
    c.user_name = rows.Text(5);
    c.group = rows.Text(6);
    c.reason = rows.Text(7);
    c.routed_from = rows.Text(8);
    c.group_id = rows.Text(9);
    c.linked_email = rows.Text(10);
    c.linked_external_id = rows.Text(11);
    if (!rows.IsNull(12)) c.writes = rows.Int(12);
  }
}

absl::Status LoadReroutes(Database& database, int64_t row, const Range& range,
                          std::vector<Change>& changes) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT change, directory, account, user_name, grp, group_id, "
                                    "linked_email, linked_external_id FROM plan_reroutes "
                                    "WHERE plan = ? AND change >= ? AND change < ?"));
  rows.Bind(row, range.first, range.end);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    Change* const change = ChangeAt(changes, range, rows.Int(0));
    if (change == nullptr) return absl::DataLossError("a re-route of no change");
    change->reroute = Reroute{rows.Text(1), rows.Text(2), rows.Text(3), rows.Text(4),
                              rows.Text(5), rows.Text(6), rows.Text(7)};
  }
}

absl::Status LoadEffects(Database& database, int64_t row, const Range& range,
                         std::vector<Change>& changes) {
  ASSIGN_OR_RETURN(
      Statement rows,
      database.Prepare("SELECT change, directory, account, action, group_id FROM plan_effects "
                       "WHERE plan = ? AND change >= ? AND change < ? ORDER BY change, position"));
  rows.Bind(row, range.first, range.end);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    Change* const change = ChangeAt(changes, range, rows.Int(0));
    if (change == nullptr) return absl::DataLossError("an effect of no change");
    Effect& effect = change->effects.emplace_back();
    effect.directory = rows.Text(1);
    effect.account = rows.Text(2);
    effect.action = static_cast<Action>(rows.Int(3));
    effect.group_id = rows.Text(4);
  }
}

absl::Status LoadFindings(Database& database, int64_t row, Plan* plan) {
  ASSIGN_OR_RETURN(Statement rows, database.Prepare("SELECT name, severity, message, cure, "
                                                    "directory, observed, bound FROM plan_findings "
                                                    "WHERE plan = ? ORDER BY position"));
  rows.Bind(row);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    Finding& f = plan->findings.emplace_back();
    f.name = rows.Text(0);
    f.severity = static_cast<Severity>(rows.Int(1));
    f.message = rows.Text(2);
    f.cure = rows.Text(3);
    f.directory = rows.Text(4);
    f.observed = rows.Int(5);
    f.limit = rows.Int(6);
  }
}

absl::Status LoadSubjects(Database& database, int64_t row, Plan* plan) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT finding, subject, label FROM plan_subjects "
                                    "WHERE plan = ? ORDER BY finding, position"));
  rows.Bind(row);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    const auto position = static_cast<size_t>(rows.Int(0));
    if (position >= plan->findings.size()) return absl::DataLossError("a subject of no finding");
    plan->findings[position].subjects.push_back(rows.Text(1));
    if (rows.View(2) != "") plan->labels[rows.Text(1)] = rows.Text(2);
  }
}

absl::Status LoadDirectories(Database& database, int64_t row, Plan* plan) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT directory, readable FROM plan_directories "
                                    "WHERE plan = ? ORDER BY position"));
  rows.Bind(row);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) break;
    (rows.Int(1) != 0 ? plan->directories : plan->unreadable).push_back(rows.Text(0));
  }
  ASSIGN_OR_RETURN(Statement times,
                   database.Prepare("SELECT directory, time FROM plan_snapshots WHERE plan = ?"));
  times.Bind(row);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, times.Next());
    if (!more) return absl::OkStatus();
    plan->snapshot_times[times.Text(0)] = times.Time(1);
  }
}

absl::Status LoadCovers(Database& database, int64_t row, Plan* plan) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT directory, grp FROM plan_covers WHERE plan = ? "
                                    "ORDER BY position"));
  rows.Bind(row);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    plan->covered_groups.emplace_back(rows.Text(0), rows.Text(1));
  }
}

}  // namespace

absl::Status InsertPlanRows(Database& database, int64_t plan_row, const Plan& plan) {
  RETURN_IF_ERROR(InsertDirectories(database, plan_row, plan));
  RETURN_IF_ERROR(InsertChanges(database, plan_row, plan));
  return InsertFindings(database, plan_row, plan);
}

absl::Status LoadPlanRows(Database& database, int64_t plan_row, Plan* plan) {
  RETURN_IF_ERROR(LoadPlanRowsWithoutChanges(database, plan_row, plan));
  ASSIGN_OR_RETURN(plan->changes,
                   LoadChangeRows(database, plan_row, 0, std::numeric_limits<int64_t>::max()));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Change>> LoadChangeRows(Database& database, int64_t plan_row,
                                                   int64_t first, int64_t limit) {
  const Range range = {first, limit > std::numeric_limits<int64_t>::max() - first
                                  ? std::numeric_limits<int64_t>::max()
                                  : first + limit};
  std::vector<Change> changes;
  RETURN_IF_ERROR(LoadChanges(database, plan_row, range, changes));
  RETURN_IF_ERROR(LoadReroutes(database, plan_row, range, changes));
  RETURN_IF_ERROR(LoadEffects(database, plan_row, range, changes));
  return changes;
}

absl::Status LoadPlanRowsWithoutChanges(Database& database, int64_t plan_row, Plan* plan) {
  RETURN_IF_ERROR(LoadDirectories(database, plan_row, plan));
  RETURN_IF_ERROR(LoadCovers(database, plan_row, plan));
  RETURN_IF_ERROR(LoadFindings(database, plan_row, plan));
  return LoadSubjects(database, plan_row, plan);
}

}  // namespace rollcall
