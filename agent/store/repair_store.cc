#include "agent/store/repair_store.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::StatusOr<int64_t> RepairStore::Begin(const RepairRecord& repair) {
  int64_t number = 0;
  RETURN_IF_ERROR(database_.Write([&]() -> absl::Status {
    RETURN_IF_ERROR(database_.Run(
        "INSERT INTO repairs (time, organisation, action, account, scim_directory, record, reason) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        repair.time, repair.organisation, repair.action, repair.account, repair.scim_directory,
        repair.record, repair.reason));
    number = database_.last_row();
    return absl::OkStatus();
  }));
  return number;
}

absl::Status RepairStore::End(int64_t number, RepairOutcome outcome, const std::string& message,
                              absl::Time now) {
  return database_.Write([&]() -> absl::Status {
    RETURN_IF_ERROR(database_.Run(
        "UPDATE repairs SET outcome = ?, message = ?, ended = ? WHERE seq = ? AND ended IS NULL",
        outcome, message, now, number));
    if (database_.changes() == 1) return absl::OkStatus();
    return absl::NotFoundError(absl::StrCat("no repair ", number, " is open"));
  });
}

absl::StatusOr<std::vector<RepairRecord>> RepairStore::List() {
  std::vector<RepairRecord> repairs;
  RETURN_IF_ERROR(database_.Read([&]() -> absl::Status {
    ASSIGN_OR_RETURN(Statement rows,
                     database_.Prepare("SELECT seq, time, organisation, action, account, "
                                       "scim_directory, record, reason, outcome, ended, message "
                                       "FROM repairs ORDER BY seq"));
    rows.Bind();
    while (true) {
      ASSIGN_OR_RETURN(const bool more, rows.Next());
      if (!more) return absl::OkStatus();
      RepairRecord& repair = repairs.emplace_back();
      repair.number = rows.Int(0);
      repair.time = rows.Time(1);
      repair.organisation = rows.Text(2);
      repair.action = static_cast<RepairAction>(rows.Int(3));
      repair.account = rows.Text(4);
      repair.scim_directory = rows.Text(5);
      repair.record = rows.Text(6);
      repair.reason = rows.Text(7);
      repair.outcome = static_cast<RepairOutcome>(rows.Int(8));
      if (!rows.IsNull(9)) repair.ended = rows.Time(9);
      repair.message = rows.Text(10);
    }
  }));
  return repairs;
}

}  // namespace rollcall
