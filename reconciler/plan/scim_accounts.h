// ScimAccounts: proof (c) of rule L1: the organisation's accounts that the records of its SCIM
// directories name, and whose they are by that. A value; pure.
#ifndef RECONCILER_PLAN_SCIM_ACCOUNTS_H_
#define RECONCILER_PLAN_SCIM_ACCOUNTS_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

// By account id.
struct ScimAccounts {
  absl::flat_hash_map<std::string, PersonIndex> people;  // kNobody: records of two people do
  absl::flat_hash_map<std::string, std::string> gone;    // -> stable id
  absl::flat_hash_set<std::string> foreign;              // of people whom nobody knows (rule L7)
  // By records that an id or a recorded link ties to somebody without being his for sure: ambiguous
  // ones and second ones. kNobody: to several.
  absl::flat_hash_map<std::string, PersonIndex> doubtful;
};

// Those of directory `id`; the directories that provision it are linked already.
ScimAccounts ScimAccountsOf(const Draft& draft, const std::string& id);

// The same for every site: account ids are those of the organisations, which are linked already,
// and say whose the accounts are. Where no configured organisation has an account, the SCIM records
// that name it do.
ScimAccounts SiteAccountsOf(const Draft& draft);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_SCIM_ACCOUNTS_H_
