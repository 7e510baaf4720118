#include "agent/store/memory_store.h"

#include <functional>
#include <map>

#include "agent/store/export_store.h"
#include "agent/store/hold_store.h"
#include "agent/store/link_store.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/refusals.h"

namespace rollcall {
namespace {

absl::Status ForEachRow(Database& database, const char* sql,
                        const std::function<void(const Statement&)>& take) {
  ASSIGN_OR_RETURN(Statement rows, database.Prepare(sql));
  rows.Bind();
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    take(rows);
  }
}

absl::Status LoadPairs(Database& database, const char* sql,
                       std::set<std::pair<std::string, std::string>>* pairs) {
  return ForEachRow(database, sql,
                    [&](const Statement& row) { pairs->emplace(row.Text(0), row.Text(1)); });
}

absl::Status LoadLastDay(Database& database, absl::Time now, Memory* memory) {
  std::map<int64_t, std::set<std::string>> waived;  // by run
  RETURN_IF_ERROR(
      ForEachRow(database, "SELECT run, guard FROM run_waivers",
                 [&](const Statement& row) { waived[row.Int(0)].insert(row.Text(1)); }));
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT directory, action, account, grp, person, time, run "
                                    "FROM applied WHERE time > ? ORDER BY time, run, change, "
                                    "effect"));
  rows.Bind(now - absl::Hours(24));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    PastChange& past = memory->applied_last_24h.emplace_back();
    past.run = rows.Int(6);
    past.directory = rows.Text(0);
    past.action = static_cast<Action>(rows.Int(1));
    past.account = rows.Text(2);
    past.group = rows.Text(3);
    past.person = rows.Text(4);
    past.time = rows.Time(5);
    const auto guards = waived.find(rows.Int(6));
    if (guards != waived.end()) past.waived = guards->second;
  }
}

absl::Status LoadRefusals(Database& database, absl::Time now, Memory* memory) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT finding, directory, action, account, group_id, time "
                                    "FROM refusals WHERE time > ? ORDER BY finding, directory, "
                                    "action, account, group_id"));
  rows.Bind(now - kRememberRefusalsFor);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    memory->refusals.push_back({rows.Text(0), rows.Text(1), static_cast<Action>(rows.Int(2)),
                                rows.Text(3), rows.Text(4), rows.Time(5)});
  }
}

absl::Status LoadHistory(Database& database, Memory* memory) {
  RETURN_IF_ERROR(LoadPairs(database, "SELECT directory, account FROM deactivated_by_us",
                            &memory->deactivated_by_us));
  RETURN_IF_ERROR(
      LoadPairs(database, "SELECT directory, account FROM asserted", &memory->asserted));
  RETURN_IF_ERROR(
      LoadPairs(database, "SELECT directory, grp FROM covered_groups", &memory->covered_groups));
  RETURN_IF_ERROR(
      LoadPairs(database, "SELECT directory, grp FROM adopted_groups", &memory->adopted_groups));
  RETURN_IF_ERROR(
      ForEachRow(database, "SELECT directory FROM applied_directories",
                 [&](const Statement& row) { memory->applied_directories.insert(row.Text(0)); }));
  return ForEachRow(database,
                    "SELECT directory, action, account, grp, times FROM repeats "
                    "ORDER BY directory, account, grp, action",
                    [&](const Statement& row) {
                      Memory::Reversal& repeat = memory->applied_repeatedly.emplace_back();
                      repeat.directory = row.Text(0);
                      repeat.action = static_cast<Action>(row.Int(1));
                      repeat.account = row.Text(2);
                      repeat.group = row.Text(3);
                      repeat.applied_times = row.Int(4);
                    });
}

}  // namespace

absl::StatusOr<Memory> MemoryStore::Load(absl::Time now, const std::string& source) {
  Memory memory;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    RETURN_IF_ERROR(LoadLinks(database_, &memory.links));
    std::vector<HoldRecord> holds;
    RETURN_IF_ERROR(LoadHolds(database_, &holds));
    for (const HoldRecord& record : holds) {
      if (IsInForce(record, now)) memory.holds.push_back(record.hold);
    }
    RETURN_IF_ERROR(LoadLastDay(database_, now, &memory));
    RETURN_IF_ERROR(LoadHistory(database_, &memory));
    RETURN_IF_ERROR(LoadRefusals(database_, now, &memory));
    return LoadAccepted(database_, source, &memory);
  }));
  return memory;
}

absl::Status MemoryStore::RememberActive(
    const std::vector<std::pair<std::string, std::string>>& accounts, absl::Time seen_at) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement undone,
                     database_.Prepare("DELETE FROM deactivated_by_us WHERE directory = ? AND "
                                       "account = ? AND time < ?"));
    for (const auto& [directory, account] : accounts) {
      RETURN_IF_ERROR(undone.Run(directory, account, seen_at));
    }
    return absl::OkStatus();
  });
}

absl::Status MemoryStore::RememberCovered(
    const std::vector<std::pair<std::string, std::string>>& groups) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement cover,
                     database_.Prepare("INSERT OR IGNORE INTO covered_groups VALUES (?, ?)"));
    for (const auto& [directory, group] : groups) RETURN_IF_ERROR(cover.Run(directory, group));
    return absl::OkStatus();
  });
}

absl::Status MemoryStore::Adopt(const std::string& directory, const std::string& folded_group,
                                absl::Time now) {
  return database_.Write([&] {
    return database_.Run("INSERT OR IGNORE INTO adopted_groups VALUES (?, ?, ?)", directory,
                         folded_group, now);
  });
}

}  // namespace rollcall
