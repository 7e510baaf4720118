// AccountConditions: what is odd about people's accounts over all directories that were read:
// half-gone accounts (off here, on there), records without an account, owners that nobody
// configured, and the like. `rollcall check --accounts` shows all of it; plans carry those that no
// other finding tells. Pure; one pass over the accounts, and a sort of hashes of their e-mails.
//
//   for (const PersonAccounts& person : FindConditions(input, draft, Conditions::kAll).people) ...
#ifndef RECONCILER_PLAN_ACCOUNT_CONDITIONS_H_
#define RECONCILER_PLAN_ACCOUNT_CONDITIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

enum class AccountCondition : uint8_t {
  kStillActive,           // on, although the export says that the person is inactive
  kSwitchedOff,           // off, although the person is active and entitled
  kRemovedFromSite,       // off in a site and on in the organisation
  kRecordWithoutAccount,  // a SCIM record that names no account of the organisation
  kOwnerNotConfigured,    // synchronised by a directory that is not configured
  kTwoAccounts,           // two accounts of one directory have one e-mail
  kEmailTaken,            // the person's e-mail is another person's account's
  kUnclaimed,             // a guest, or of a domain that nobody has claimed
  kPendingDeletion,       // will be deleted
  kUnknownToProvider,     // managed, on, and of nobody whom the export knows
};
inline constexpr size_t kAccountConditions = 10;

// "removed_from_site", what it means and what cures it; a sentence each without a full stop.
struct ConditionText {
  const char* name;
  const char* meaning;
  const char* cure;
  bool in_plans;  // a finding of plans of its own; others are told there by another name
};
const ConditionText& TextOf(AccountCondition condition);

struct ConditionRow {
  AccountCondition condition = AccountCondition::kStillActive;
  std::string directory;
  std::string account;    // its id
  std::string user_name;  // or the e-mail, where the kind has no user names
  AccountState state = AccountState::kActive;
  std::string beside;  // the other account that makes it so ("directory/account"); may be empty
  auto operator<=>(const ConditionRow&) const = default;
};

struct PersonAccounts {
  std::string subject;             // stable id, or "directory/account" where nobody is known
  std::string label;               // user name or e-mail, for people
  std::vector<ConditionRow> rows;  // sorted by condition, directory and account
};

struct ConditionReport {
  int64_t people_in_step = 0;          // with at least one account, and nothing odd about any
  std::vector<PersonAccounts> people;  // the others, by subject
};

// Which conditions are looked for: plans need not know those that other findings tell.
enum class Conditions : uint8_t { kOfPlans, kAll };

ConditionReport FindConditions(const PlanInput& input, const Draft& draft, Conditions which);

// Those of `in_plans`, one finding for each condition and directory. Who is the subject of a
// warning in `told` is named there, with the same doubt.
std::vector<Finding> ConditionFindings(const ConditionReport& report,
                                       const std::vector<Finding>& told);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_ACCOUNT_CONDITIONS_H_
