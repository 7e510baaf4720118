#include "agent/store/applied_history.h"

#include "absl/strings/str_cat.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/base/status_macros.h"
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

absl::Status AppliedHistory::Applied(const std::string& change, absl::Time time) {
  ASSIGN_OR_RETURN(Statement row,
                   database_.Prepare("SELECT position, directory, action, account, grp, person, "
                                     "routed_from FROM plan_changes WHERE plan = ? AND id = ?"));
  row.Bind(plan_, change);
  ASSIGN_OR_RETURN(const bool found, row.Next());
  if (!found) return absl::NotFoundError(absl::StrCat("the plan has no change ", change));
  Fact fact{row.Text(1), row.Int(2),        row.Text(3), row.Text(4),
            row.Text(5), row.View(6) != "", false};
  RETURN_IF_ERROR(Record(change, 0, fact, time));
  ASSIGN_OR_RETURN(Statement effects,
                   database_.Prepare("SELECT position, directory, action, account FROM "
                                     "plan_effects WHERE plan = ? AND change = ?"));
  effects.Bind(plan_, row.Int(0));
  fact.asserts = false;
  fact.is_effect = true;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, effects.Next());
    if (!more) return absl::OkStatus();
    fact.directory = effects.Text(1);
    fact.action = effects.Int(2);
    fact.account = effects.Text(3);
    RETURN_IF_ERROR(Record(change, effects.Int(0) + 1, fact, time));
  }
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
  RETURN_IF_ERROR(
      database_.Run("INSERT OR IGNORE INTO applied_directories VALUES (?)", fact.directory));
  RETURN_IF_ERROR(
      database_.Run("DELETE FROM repeats WHERE directory = ? AND account = ? AND "
                    "grp = ? AND action = ?",
                    fact.directory, fact.account, fact.group, OppositeOf(action)));
  // Rule R5 counts what another actor can have undone: not what only followed, nor what was said
  // again because it had not followed (R3).
  if (!fact.is_effect && !fact.asserts) {
    RETURN_IF_ERROR(database_.Run(
        "INSERT INTO repeats VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1",
        fact.directory, fact.account, fact.group, action));
  }
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
  return database_.Run(
      "INSERT OR IGNORE INTO touched SELECT ?, directory FROM plan_effects "
      "WHERE plan = ? AND change = ?",
      run_, plan_, *position);
}

absl::Status AppliedHistory::SettleTouched() {
  return database_.Run(
      "WITH written(position) AS (SELECT c.position FROM journal AS j JOIN plan_changes AS c "
      "  ON c.plan = ?1 AND c.id = j.change WHERE j.run = ?2 "
      "  AND (j.intent <> 0 OR j.state IN (?3, ?4))) "
      "DELETE FROM touched WHERE run = ?2 AND directory NOT IN ("
      "  SELECT directory FROM plan_changes JOIN written USING (position) WHERE plan = ?1 UNION "
      "  SELECT directory FROM plan_effects JOIN written ON change = written.position "
      "  WHERE plan = ?1)",
      plan_, run_, OutcomeState::kApplied, OutcomeState::kUnknown);
}

}  // namespace rollcall
