#include "agent/store/hold_store.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/status_macros.h"

namespace rollcall {

absl::Status LoadHolds(Database& database, std::vector<HoldRecord>* holds) {
  ASSIGN_OR_RETURN(Statement rows,
                   database.Prepare("SELECT id, person, email, kind, reason, created, until, ended "
                                    "FROM holds ORDER BY id"));
  rows.Bind();
  while (true) {
    ASSIGN_OR_RETURN(const bool more, rows.Next());
    if (!more) return absl::OkStatus();
    HoldRecord& record = holds->emplace_back();
    record.hold.id = rows.Int(0);
    record.hold.person = rows.Text(1);
    record.hold.email = rows.Text(2);
    record.hold.kind = static_cast<Hold::Kind>(rows.Int(3));
    record.hold.reason = rows.Text(4);
    record.hold.created = rows.Time(5);
    if (!rows.IsNull(6)) record.hold.until = rows.Time(6);
    if (!rows.IsNull(7)) record.ended = rows.Time(7);
  }
}

bool IsInForce(const HoldRecord& record, absl::Time now) {
  return !record.ended.has_value() && (!record.hold.until.has_value() || now < *record.hold.until);
}

absl::StatusOr<int64_t> HoldStore::Add(const Hold& hold) {
  if (hold.person.empty() && hold.email.empty()) {
    return absl::InvalidArgumentError("a hold needs a person or an e-mail address");
  }
  if (hold.kind == Hold::Kind::kActivated && !hold.until.has_value()) {
    return absl::InvalidArgumentError("keeping somebody active needs an end; add --until TIME");
  }
  int64_t id = 0;
  RETURN_IF_ERROR(database_.Write([&]() -> absl::Status {
    RETURN_IF_ERROR(database_.Run("INSERT INTO holds VALUES (NULL, ?, ?, ?, ?, ?, ?, NULL)",
                                  hold.person, hold.email, hold.kind, hold.reason, hold.created,
                                  hold.until));
    id = database_.last_row();
    return absl::OkStatus();
  }));
  return id;
}

absl::Status HoldStore::End(int64_t id, absl::Time now) {
  return database_.Write([&]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto ended,
                     database_.Number("SELECT ended IS NOT NULL FROM holds WHERE id = ?", id));
    if (!ended.has_value()) {
      return absl::NotFoundError(absl::StrCat("no hold ", id, "; see `rollcall holds`"));
    }
    if (*ended != 0) {
      return absl::FailedPreconditionError(absl::StrCat("hold ", id, " was ended already"));
    }
    return database_.Run("UPDATE holds SET ended = ? WHERE id = ?", now, id);
  });
}

absl::StatusOr<std::vector<Hold>> HoldStore::InForce(absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<HoldRecord> all, List());
  std::vector<Hold> result;
  for (const HoldRecord& record : all) {
    if (IsInForce(record, now)) result.push_back(record.hold);
  }
  return result;
}

absl::StatusOr<std::vector<HoldRecord>> HoldStore::List() {
  std::vector<HoldRecord> holds;
  RETURN_IF_ERROR(database_.Read([&] { return LoadHolds(database_, &holds); }));
  return holds;
}

Hold AsItEnded(const HoldRecord& record) {
  Hold hold = record.hold;
  if (record.ended.has_value()) hold.until = record.ended;
  return hold;
}

}  // namespace rollcall
