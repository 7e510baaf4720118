// Partners: the SCIM directories that provision another directory, which of their records name
// which of its accounts, and what they are about to change themselves. Points into the draft;
// immutable, any thread.
#ifndef RECONCILER_PLAN_PARTNERS_H_
#define RECONCILER_PLAN_PARTNERS_H_

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

// One SCIM directory that provisions another one.
struct Partner {
  const DraftDirectory* scim = nullptr;
  absl::flat_hash_map<absl::string_view, AccountIndex> record_of;  // by the account it names
  // Its own changes; kNoGroup for (de)activations.
  absl::flat_hash_set<std::tuple<Action, AccountIndex, GroupIndex>> rows;
};

class Partners {
 public:
  explicit Partners(const Draft& draft);

  // In the order of the configuration. A site's are those of the organisations: its accounts are
  // theirs.
  const std::vector<Partner>& Of(const std::string& directory) const;

  // Rule R2: the account is activated or deactivated by what its SCIM record's own directory is
  // about to change. What the organisation does not manage, its SCIM records do not reach.
  bool CarriesAlong(const DraftDirectory& directory, const DiffRow& row) const;

 private:
  std::map<std::string, std::vector<Partner>> of_;  // by the directory that is provisioned
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_PARTNERS_H_
