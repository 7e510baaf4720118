#include "agent/store/applied_history.h"

#include "absl/strings/str_cat.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/fold.h"
#include "reconciler/base/status_macros.h"
#include "reconciler/plan/refusals.h"
#include "reconciler/plan/spec.h"

namespace rollcall {
namespace {

Action OppositeOf(Action action) {
  switch (action) {
    case Action::kActivate:
      return Action::kDeactivate;
    case Action::kDeactivate:
      return Action::kActivate;
    case Action::kAddMembership:
      return Action::kRemoveMembership;
    case Action::kRemoveMembership:
      break;
  }
  return Action::kAddMembership;
}

bool IsOfAccount(Action action) {
  return action == Action::kActivate || action == Action::kDeactivate;
}

}  // namespace

absl::StatusOr<AppliedHistory::Fact> AppliedHistory::FactOf(const std::string& change,
                                                            int64_t* position, bool* rerouted) {
  ASSIGN_OR_RETURN(Statement row,
                   database_.Prepare("SELECT position, directory, action, account, grp, group_id, "
                                     "person, routed_from FROM plan_changes "
                                     "WHERE plan = ? AND id = ?"));
  row.Bind(plan_, change);
  ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return absl::NotFoundError(absl::StrCat("the plan has no change ", change));
  *position = row.Int(0);
  Fact fact{row.Text(1), row.Int(2),  row.Text(3), row.Text(4),
            row.Text(5), row.Text(6), false,       false};
  // Memberships are routed only where the record's own differs: nothing is said again.
  const bool of_account = IsOfAccount(static_cast<Action>(fact.action));
  fact.asserts = of_account && row.View(7) != "";
  ASSIGN_OR_RETURN(Statement other,
                   database_.Prepare("SELECT r.directory, r.account, r.grp, r.group_id "
                                     "FROM plan_reroutes AS r JOIN journal AS j "
                                     "ON j.run = ? AND j.change = ? AND j.rerouted <> 0 "
                                     "WHERE r.plan = ? AND r.change = ?"));
  other.Bind(run_, change, plan_, *position);
  ASSIGN_OR_RETURN(*rerouted, other.Next());
  if (!*rerouted) return fact;
  fact.directory = other.Text(0);
  fact.account = other.Text(1);
  fact.group = other.Text(2);
  fact.group_id = other.Text(3);
  fact.asserts = of_account;
  return fact;
}

absl::Status AppliedHistory::Applied(const std::string& change, bool verified, absl::Time time) {
  int64_t position = 0;
  bool rerouted = false;
  ASSIGN_OR_RETURN(Fact fact, FactOf(change, &position, &rerouted));
  RETURN_IF_ERROR(Record(change, 0, fact, time));
  if (verified && fact.asserts) RETURN_IF_ERROR(Helped(fact));
  fact.asserts = false;
  fact.is_effect = true;
  if (!rerouted) return RecordEffects(change, position, fact, 1, time);
  // What the plan wanted follows from what was made in its place.
  ASSIGN_OR_RETURN(Statement wanted,
                   database_.Prepare("SELECT directory, account, grp, group_id FROM plan_changes "
                                     "WHERE plan = ? AND position = ?"));
  wanted.Bind(plan_, position);
  ASSIGN_OR_RETURN(const bool found, wanted.Next());
  if (!found) return absl::NotFoundError(absl::StrCat("the plan has no change ", change));
  fact.directory = wanted.Text(0);
  fact.account = wanted.Text(1);
  fact.group = wanted.Text(2);
  fact.group_id = wanted.Text(3);
  RETURN_IF_ERROR(Record(change, 1, fact, time));
  return RecordEffects(change, position, fact, 2, time);
}

absl::Status AppliedHistory::RecordEffects(const std::string& change, int64_t position, Fact fact,
                                           int64_t first_effect, absl::Time time) {
  ASSIGN_OR_RETURN(Statement effects,
                   database_.Prepare("SELECT position, directory, action, account FROM "
                                     "plan_effects WHERE plan = ? AND change = ?"));
  effects.Bind(plan_, position);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, effects.Next());
    if (!more) return absl::OkStatus();
    fact.directory = effects.Text(1);
    fact.action = effects.Int(2);
    fact.account = effects.Text(3);
    RETURN_IF_ERROR(Record(change, effects.Int(0) + first_effect, fact, time));
  }
}

absl::Status AppliedHistory::Refused(const std::string& change, const std::string& finding,
                                     absl::Time time) {
  int64_t position = 0;
  bool rerouted = false;
  ASSIGN_OR_RETURN(const Fact fact, FactOf(change, &position, &rerouted));
  RETURN_IF_ERROR(
      database_.Run("DELETE FROM refusals WHERE time <= ?", time - kRememberRefusalsFor));
  const bool whole = finding == kReadOnly;
  return database_.Run("INSERT OR REPLACE INTO refusals VALUES (?, ?, ?, ?, ?, ?)", finding,
                       fact.directory, fact.action, whole ? std::string() : fact.account,
                       whole ? std::string() : fact.group_id, time);
}

// A write of that kind works: the directory takes such changes, and this one moves something.
absl::Status AppliedHistory::ForgetRefusals(const Fact& fact) {
  const auto action = static_cast<Action>(fact.action);
  RETURN_IF_ERROR(
      database_.Run("DELETE FROM refusals WHERE finding = ? AND directory = ? AND action IN (?, ?)",
                    kReadOnly, fact.directory, action, OppositeOf(action)));
  return database_.Run(
      "DELETE FROM refusals WHERE finding = ? AND directory = ? AND action = ? AND account = ? "
      "AND group_id = ?",
      kMasked, fact.directory, action, fact.account, fact.group_id);
}

absl::Status AppliedHistory::Record(const std::string& change, int64_t effect, const Fact& fact,
                                    absl::Time time) {
  RETURN_IF_ERROR(database_.Run("INSERT OR IGNORE INTO applied VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                run_, change, effect, fact.directory, fact.action, fact.account,
                                fact.group, fact.person, time));
  return database_.changes() == 0 ? absl::OkStatus() : Follow(fact, time);
}

absl::Status AppliedHistory::Follow(const Fact& fact, absl::Time time) {
  const auto action = static_cast<Action>(fact.action);
  if (!fact.is_effect) RETURN_IF_ERROR(ForgetRefusals(fact));
  RETURN_IF_ERROR(
      database_.Run("INSERT OR IGNORE INTO applied_directories VALUES (?)", fact.directory));
  RETURN_IF_ERROR(database_.Run(
      "DELETE FROM repeats WHERE directory = ? AND account = ? AND "
      "grp IN (?, ?) AND action = ?",
      fact.directory, fact.account, Fold(fact.group), fact.group, OppositeOf(action)));
  // Rule R5 counts what another actor can have undone: not what only followed, nor what was said
  // again because it had not followed (R3).
  if (!fact.is_effect && !fact.asserts) RETURN_IF_ERROR(CountRepeat(fact));
  if (!IsOfAccount(action)) return absl::OkStatus();
  RETURN_IF_ERROR(database_.Run(fact.asserts
                                    ? "INSERT OR IGNORE INTO asserted VALUES (?, ?)"
                                    : "DELETE FROM asserted WHERE directory = ? AND account = ?",
                                fact.directory, fact.account));
  if (action == Action::kActivate) {
    return database_.Run("DELETE FROM deactivated_by_us WHERE directory = ? AND account = ?",
                         fact.directory, fact.account);
  }
  return database_.Run("INSERT OR REPLACE INTO deactivated_by_us VALUES (?, ?, ?)", fact.directory,
                       fact.account, time);
}

// Names of groups compare folded; rows that older versions wrote bear them as they were served.
absl::Status AppliedHistory::CountRepeat(const Fact& fact) {
  return database_.Run(
      "INSERT INTO repeats VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
      fact.directory, fact.account, Fold(fact.group), fact.action);
}

absl::Status AppliedHistory::Helped(const Fact& fact) {
  RETURN_IF_ERROR(database_.Run("DELETE FROM asserted WHERE directory = ? AND account = ?",
                                fact.directory, fact.account));
  // Told twice, it counts once: the second time nothing is left of it.
  return database_.changes() == 0 ? absl::OkStatus() : CountRepeat(fact);
}

absl::Status AppliedHistory::Touch(const std::string& change) {
  ASSIGN_OR_RETURN(const auto position,
                   database_.Number("SELECT position FROM plan_changes WHERE plan = ? AND id = ?",
                                    plan_, change));
  if (!position.has_value()) {
    return absl::NotFoundError(absl::StrCat("the plan has no change ", change));
  }
  RETURN_IF_ERROR(
      database_.Run("INSERT OR IGNORE INTO touched SELECT ?, directory FROM plan_changes "
                    "WHERE plan = ? AND position = ?",
                    run_, plan_, *position));
  RETURN_IF_ERROR(
      database_.Run("INSERT OR IGNORE INTO touched SELECT ?, r.directory FROM plan_reroutes AS r "
                    "JOIN journal AS j ON j.run = ? AND j.change = ? AND j.rerouted <> 0 "
                    "WHERE r.plan = ? AND r.change = ?",
                    run_, run_, change, plan_, *position));
  return database_.Run(
      "INSERT OR IGNORE INTO touched SELECT ?, directory FROM plan_effects "
      "WHERE plan = ? AND change = ?",
      run_, plan_, *position);
}

absl::Status AppliedHistory::SettleTouched() {
  return database_.Run(
      "WITH written(position, rerouted) AS (SELECT c.position, j.rerouted FROM journal AS j JOIN "
      "plan_changes AS c "
      "  ON c.plan = ?1 AND c.id = j.change WHERE j.run = ?2 "
      "  AND (j.intent <> 0 OR j.state IN (?3, ?4))) "
      "DELETE FROM touched WHERE run = ?2 AND directory NOT IN ("
      "  SELECT directory FROM plan_changes JOIN written USING (position) WHERE plan = ?1 UNION "
      "  SELECT directory FROM plan_effects JOIN written ON change = written.position "
      "  WHERE plan = ?1 UNION "
      "  SELECT directory FROM plan_reroutes JOIN written ON change = written.position "
      "  WHERE plan = ?1 AND written.rerouted <> 0)",
      plan_, run_, OutcomeState::kApplied, OutcomeState::kUnknown);
}

}  // namespace rollcall
