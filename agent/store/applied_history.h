// What was applied, and what follows from it for later plans: which accounts Rollcall itself
// deactivated (policy `activate: own`), how often the same change had to be made again (R5), which
// SCIM records were asserted (R3), where anything was ever applied (`first_run`), what is refused
// for a reason that lasts (`masked`, `read_only`). Used within
// transactions of RunJournal and RunStore.
#ifndef AGENT_STORE_APPLIED_HISTORY_H_
#define AGENT_STORE_APPLIED_HISTORY_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/store/sqlite.h"

namespace rollcall {

class AppliedHistory {
 public:
  // `run` and `plan` are rows.
  AppliedHistory(Database& database, int64_t run, int64_t plan)
      : database_(database), run_(run), plan_(plan) {}

  // The change and its effects were applied. Told twice of one change, it counts once. `verified`:
  // reading showed it, with its effects.
  absl::Status Applied(const std::string& change, bool verified, absl::Time time);

  // The change was refused, or had no effect, for a reason that lasts: remembered, with its time,
  // until a write of that kind works (Memory::refusals).
  absl::Status Refused(const std::string& change, const std::string& finding, absl::Time time);

  // The change is about to be written: its directories count as touched.
  // NOT_FOUND when the plan has no such change.
  absl::Status Touch(const std::string& change);

  // At the run's end: directories in which nothing was or may have been written do not count as
  // touched after all.
  absl::Status SettleTouched();

 private:
  // The facts of one change that history keeps.
  struct Fact {
    std::string directory;
    int64_t action = 0;
    std::string account;
    std::string group;
    std::string group_id;
    std::string person;
    bool asserts = false;  // rule R3: of an account, and its own directory had no drift
    bool is_effect = false;
  };

  // Of the change as it was made: through plan_reroutes where the journal says so (rule R5).
  absl::StatusOr<Fact> FactOf(const std::string& change, int64_t* position, bool* rerouted);
  absl::Status RecordEffects(const std::string& change, int64_t position, Fact fact,
                             int64_t first_effect, absl::Time time);
  absl::Status ForgetRefusals(const Fact& fact);
  absl::Status Record(const std::string& change, int64_t effect, const Fact& fact, absl::Time time);
  absl::Status Follow(const Fact& fact, absl::Time time);
  absl::Status CountRepeat(const Fact& fact);
  // A routed change moved something: it is one that somebody can undo, and no assertion in vain.
  absl::Status Helped(const Fact& fact);

  Database& database_;
  const int64_t run_;
  const int64_t plan_;
};

}  // namespace rollcall

#endif  // AGENT_STORE_APPLIED_HISTORY_H_
