// LinkWork: the state that the two passes of linking (ids, then names) share. Internal to linking.
#ifndef RECONCILER_PLAN_LINK_WORK_H_
#define RECONCILER_PLAN_LINK_WORK_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "reconciler/plan/linker.h"

namespace rollcall {

struct LinkWork {
  const LinkInput& input;
  DirectoryLinks links;
  absl::flat_hash_set<std::pair<AccountIndex, PersonIndex>> severed;
  std::vector<bool> managed;       // rule S1, parallel to the accounts
  std::vector<const Hold*> holds;  // rule H1, parallel to the people; empty: there are none

  // Subjects of the findings; sets, so that the order does not depend on the pass.
  std::set<std::string> ambiguous;
  std::set<std::string> conflicts;
  std::set<std::string> overruled;
  std::set<std::string> reused;
  std::set<std::string> email_conflicts;
  int64_t foreign = 0;
  std::vector<std::string> foreign_accounts;

  const Export& exported() const { return input.people.exported(); }
  const Person& person(PersonIndex index) const { return exported().people[index]; }
  const Account& account(AccountIndex index) const { return input.roster.accounts[index]; }
  bool IsInactive(PersonIndex index) const { return person(index).standing == Standing::kInactive; }
  // Is everything of this person to be inactive, by a hold (rule H1), else by the export? Then it
  // does not matter which of several accounts is meant (rule L4). Nobody who is kept in is.
  bool IsOut(PersonIndex index) const {
    const Hold* hold = holds.empty() ? nullptr : holds[index];
    return hold == nullptr ? IsInactive(index) : hold->kind == Hold::Kind::kDeactivated;
  }
  // A second account of theirs must be seen (rule L4).
  bool MustBeSeen(PersonIndex index) const { return IsInactive(index) || IsOut(index); }
  // "directory/account"
  std::string AccountSubject(AccountIndex index) const;
  void MarkAmbiguous(PersonIndex person);
  void MarkAmbiguous(AccountIndex account, bool named);
  void Link(AccountIndex account, PersonIndex person, Proof proof);
  // Accounts that differ in case only (rule L4): the same user name when folded, or the same e-mail
  // where the kind has no user names.
  bool AreCaseTwins(const std::vector<AccountIndex>& accounts) const;
};

// Recorded links, externalId, SCIM accounts: proofs (a) to (d).
void LinkByIds(LinkWork& work);
// User names and e-mails: proofs (e) and (f), and what they reveal about accounts of others.
void LinkByNames(LinkWork& work);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_LINK_WORK_H_
