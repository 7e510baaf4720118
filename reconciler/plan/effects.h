// Effects: what follows from a change by itself (rules R2 and A6). Changing a SCIM record carries
// the organisation's account along if the record names it and the organisation manages it; sites
// follow the organisation; a group that SCIM synchronises follows it where the organisation's group
// is configured. Only what would really change is an effect, when the organisation's own changes
// are made. Pure; points into the draft.
#ifndef RECONCILER_PLAN_EFFECTS_H_
#define RECONCILER_PLAN_EFFECTS_H_

#include <optional>
#include <string>
#include <vector>

#include "reconciler/plan/planner.h"

namespace rollcall {

class EffectFinder {
 public:
  explicit EffectFinder(const Draft& draft) : draft_(draft) {}

  // Of activating or deactivating an account.
  std::vector<Effect> OfActivity(const DraftDirectory& directory, AccountIndex account,
                                 Action action) const;
  // Of adding or removing a SCIM record in a group of that name.
  std::vector<Effect> OfMembership(const DraftDirectory& scim, absl::string_view group_name,
                                   AccountIndex record, Action action) const;

 private:
  const DraftDirectory* Provisioned(const DraftDirectory& scim) const;
  void AddSites(absl::string_view account, Action action, std::vector<Effect>& effects) const;
  // A site's groups are the organisation's.
  void AddSiteMemberships(absl::string_view group, absl::string_view account, Action action,
                          std::vector<Effect>& effects) const;

  const Draft& draft_;
};

// Is the account that the effect of this change would touch known to be another person's, or in
// doubt, while its own directory does not want that as well? Such a change would lock out, or let
// in, the wrong person.
bool HitsSomebodyElse(const Export& exported, const Draft& draft, const Change& change,
                      const Effect& effect);

// Would the effect undo what its own directory, an organisation, wants of the account: let in whom
// it leaves out, or lock out whom it lets in? The next plan would want it back, and could not have
// it. Sites have no will of their own (rule A6). Empty: no; else the ruling in words.
std::string WhatItWouldUndo(const Draft& draft, const Effect& effect);

// What activating or deactivating a SCIM record would do to the managed account of the organisation
// that it names, where that is no effect because the account was read as it would be afterwards.
// It is not read again before the record is written: what must never be touched is judged by this
// too.
std::optional<Effect> EffectIfReadWrongly(const Draft& draft, const Change& change);

// The managed group of that name (folded) in a directory; kNoGroup when it manages none.
GroupIndex FindManagedGroup(const DraftDirectory& directory, absl::string_view name);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_EFFECTS_H_
