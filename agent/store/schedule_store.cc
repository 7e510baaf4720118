#include "agent/store/schedule_store.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {
namespace {

std::optional<absl::Time> MaybeTime(const Statement& row, int column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Time(column);
}

ScheduleRecord ReadRecord(const Statement& row) {
  ScheduleRecord record;
  record.name = row.Text(0);
  record.planned = {row.Text(1),       row.Time(2),       MaybeTime(row, 3), MaybeTime(row, 4),
                    MaybeTime(row, 5), MaybeTime(row, 6), row.Text(7)};
  if (!row.IsNull(8)) record.running = {row.Time(8), row.Time(9)};
  if (!row.IsNull(10)) {
    record.last = {
        row.Time(10), row.Time(11), row.Time(12), static_cast<ScheduleResult>(row.Int(13)),
        row.Text(14), row.Text(15), row.Text(16)};
  }
  record.failures = row.Int(17);
  record.backing_off_until = MaybeTime(row, 18);
  return record;
}

absl::Status WritePlanned(Database& database, const ScheduleRecord& record) {
  const ScheduleRecord::Planned& planned = record.planned;
  return database.Run(
      "INSERT INTO schedules (name, definition, counted_until, next_due, next_start, skipped_due, "
      "skipped_time, skip_reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
      "definition = excluded.definition, counted_until = excluded.counted_until, "
      "next_due = excluded.next_due, next_start = excluded.next_start, "
      "skipped_due = excluded.skipped_due, skipped_time = excluded.skipped_time, "
      "skip_reason = excluded.skip_reason",
      record.name, planned.definition, planned.counted_until, planned.next_due, planned.next_start,
      planned.skipped_due, planned.skipped_time, planned.skip_reason);
}

}  // namespace

absl::StatusOr<std::vector<ScheduleRecord>> ScheduleStore::List() {
  std::vector<ScheduleRecord> records;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(
        Statement rows,
        database_.Prepare("SELECT name, definition, counted_until, next_due, next_start, "
                          "skipped_due, skipped_time, skip_reason, running_due, running_started, "
                          "last_due, last_started, last_ended, last_result, last_message, "
                          "last_plan, last_run, failures, backing_off_until "
                          "FROM schedules ORDER BY name"));
    rows.Bind();
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      records.push_back(ReadRecord(rows));
    }
  }));
  return records;
}

absl::Status ScheduleStore::SavePlanned(const ScheduleRecord& record) {
  return database_.Write([&] { return WritePlanned(database_, record); });
}

absl::Status ScheduleStore::Begin(const ScheduleRecord& record) {
  if (!record.running.has_value()) {
    return absl::InternalError(absl::StrCat("schedule ", record.name, " begins without a start"));
  }
  return database_.Write([&]() -> absl::Status {
    RETURN_IF_ERROR(WritePlanned(database_, record));
    return database_.Run("UPDATE schedules SET running_due = ?, running_started = ? WHERE name = ?",
                         record.running->due, record.running->started, record.name);
  });
}

absl::Status ScheduleStore::End(const ScheduleRecord& record) {
  if (!record.last.has_value()) {
    return absl::InternalError(absl::StrCat("schedule ", record.name, " ends without a result"));
  }
  const ScheduleRecord::Ended& last = *record.last;
  return database_.Write([&]() -> absl::Status {
    RETURN_IF_ERROR(
        database_.Run("UPDATE schedules SET running_due = NULL, running_started = NULL, "
                      "last_due = ?, last_started = ?, last_ended = ?, last_result = ?, "
                      "last_message = ?, last_plan = ?, last_run = ?, failures = ?, "
                      "backing_off_until = ? WHERE name = ?",
                      last.due, last.started, last.ended, last.result, last.message, last.plan,
                      last.run, record.failures, record.backing_off_until, record.name));
    if (database_.changes() == 1) return absl::OkStatus();
    return absl::NotFoundError(absl::StrCat("the state knows no schedule ", record.name));
  });
}

absl::Status ScheduleStore::Remove(const std::string& name) {
  return database_.Write(
      [&] { return database_.Run("DELETE FROM schedules WHERE name = ?", name); });
}

}  // namespace rollcall
