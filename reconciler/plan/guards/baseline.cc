#include "reconciler/plan/guards/baseline.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"

namespace rollcall {

bool InScope(const DraftDirectory& directory, AccountIndex account) {
  return account < directory.projection.in_scope.size() && directory.projection.in_scope[account];
}

int64_t ActiveAccounts(const DraftDirectory& directory) {
  const std::vector<Account>& accounts = directory.roster().accounts;
  int64_t active = 0;
  for (AccountIndex i = 0; i < accounts.size(); ++i) {
    if (GivesAccess(accounts[i].state) && InScope(directory, i)) ++active;
  }
  return active;
}

int64_t ManagedMembers(const DraftDirectory& directory, GroupIndex group) {
  const Roster& roster = directory.roster();
  return std::count_if(
      roster.MembersBegin(group), roster.MembersEnd(group),
      [&](const Membership& membership) { return InScope(directory, membership.account); });
}

int64_t ManagedMemberships(const DraftDirectory& directory) {
  int64_t count = 0;
  for (const ManagedGroup& managed : directory.groups.groups) {
    count += ManagedMembers(directory, managed.group);
  }
  return count;
}

int64_t ActivePeople(const Export& exported, const Draft& draft) {
  std::vector<bool> seen(exported.people.size());
  absl::flat_hash_set<absl::string_view> gone;
  int64_t count = 0;
  for (const DraftDirectory& directory : draft.directories) {
    const std::vector<Account>& accounts = directory.roster().accounts;
    for (AccountIndex i = 0; i < accounts.size(); ++i) {
      if (!GivesAccess(accounts[i].state) || !InScope(directory, i)) continue;
      PersonIndex person =
          i < directory.links.accounts.size() ? directory.links.accounts[i].person : kNobody;
      if (person != kNobody) {
        if (!seen[person]) ++count;
        seen[person] = true;
        continue;
      }
      auto old = directory.links.gone_person.find(i);
      if (old == directory.links.gone_person.end() || gone.insert(old->second).second) ++count;
    }
  }
  return count;
}

}  // namespace rollcall
