// Memory: what the state file remembers from earlier runs, as a value that the pure core reads. The
// store fills it; nothing here is written by the core (what is to be remembered after planning is
// PlanResult::to_remember).
#ifndef RECONCILER_PLAN_MEMORY_H_
#define RECONCILER_PLAN_MEMORY_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "reconciler/plan/export.h"
#include "reconciler/plan/spec.h"

namespace rollcall {

// Strongest first (rule L1), but kSameAccount, which is stronger than kRecordedName. The numbers of
// the three that are recorded are stored.
enum class Proof : uint8_t {
  kByHand = 0,        // recorded by `rollcall link`
  kRecordedId = 1,    // recorded earlier, by an id
  kExternalId = 2,    // the account's externalId equals the person's id
  kScimAccount = 3,   // the person's SCIM account names the organisation account
  kRecordedName = 4,  // recorded earlier, by a name
  kSameAccount = 5,   // a site's: the account of this id is the person's in the organisation
  kUserName = 6,
  kEmail = 7,
  kNone = 8,
};

// The tie between a person and an account that an earlier run or an administrator recorded.
struct RecordedLink {
  std::string directory;
  std::string account;
  std::string person;                  // stable id
  Proof proof = Proof::kRecordedName;  // kByHand, kRecordedId or kRecordedName
  std::string reason;                  // by hand only
  // `rollcall unlink`: the account is not this person's; never linked by name or e-mail again.
  bool severed = false;
  bool operator==(const RecordedLink&) const = default;
};

// Rule H1.
struct Hold {
  enum class Kind : uint8_t { kDeactivated, kActivated };
  int64_t id = 0;
  std::string person;  // stable id; for people the export does not know: ""
  std::string email;   // as given; compared folded where person is ""
  Kind kind = Kind::kDeactivated;
  std::string reason;
  absl::Time created;
  std::optional<absl::Time> until;
};

// A change of the past, for budgets of 24 hours, `activate: own` and `contested`.
struct PastChange {
  std::string directory;
  Action action = Action::kDeactivate;
  std::string account;
  std::string group;  // target name as served
  std::string person;
  absl::Time time;
  std::set<std::string> waived;  // guards that were waived for its run: it does not count for them
  int64_t run = 0;               // changes of one run are of one plan
};

// A person whom earlier accepted exports knew and later ones miss (policy `vanished`).
struct AbsentPerson {
  std::string person;
  int64_t missing_exports = 0;  // consecutive accepted exports without the person, without this one
};

// A change that was refused, or had no effect, for a reason that lasts: not tried again for a day
// (PRODUCT.md section 4, `masked` and `read_only`).
struct Refusal {
  // `masked`: this change of this account (in this group) moves nothing. `read_only`: the directory
  // takes no change of this kind (of accounts, or of memberships); account and group are empty.
  std::string finding;
  std::string directory;
  Action action = Action::kDeactivate;
  std::string account;
  std::string group_id;
  absl::Time time;  // of the last one
  bool operator==(const Refusal&) const = default;
};

struct Memory {
  std::vector<RecordedLink> links;
  std::vector<Hold> holds;  // those in force at planning time
  std::vector<PastChange> applied_last_24h;
  // Accounts that Rollcall deactivated and that nobody has activated since: (directory, account).
  std::set<std::pair<std::string, std::string>> deactivated_by_us;
  // How often another actor undid the same applied change: key is
  // (directory, action, account, group); rule R5 stops at 2.
  struct Reversal {
    std::string directory;
    Action action = Action::kDeactivate;
    std::string account;
    std::string group;
    int64_t applied_times = 0;  // applied since the last opposite change of ours
  };
  std::vector<Reversal> applied_repeatedly;
  std::set<std::string> applied_directories;  // a run has applied something there
  std::set<std::pair<std::string, std::string>> covered_groups;  // (directory, folded group name)
  std::set<std::pair<std::string, std::string>> adopted_groups;  // (directory, folded group name)
  std::optional<ExportCounts> last_accepted;                     // of the same source
  std::string last_accepted_hash;
  std::vector<AbsentPerson> absent;  // known from earlier accepted exports
  // Rule R3: SCIM records that were asserted again once: (directory, account, action).
  std::set<std::pair<std::string, std::string>> asserted;
  std::vector<Refusal> refusals;  // that no write of the kind has disproved since
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_MEMORY_H_
