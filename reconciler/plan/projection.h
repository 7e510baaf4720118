// Projection: export + links + entitlement + holds + policy -> the roster that one directory should
// hold, in the directory's own terms. Accounts and groups of the snapshot are kept one for one;
// what differs is the state of accounts and the memberships of managed groups. Each account carries
// the ruling that decided, for reasons and `explain`. Pure.
#ifndef RECONCILER_PLAN_PROJECTION_H_
#define RECONCILER_PLAN_PROJECTION_H_

#include <string>
#include <vector>

#include "reconciler/plan/entitlement.h"
#include "reconciler/plan/linker.h"
#include "reconciler/plan/managed_groups.h"

namespace rollcall {

// What was decided about an account's activity, and by which rule.
enum class Ruling : uint8_t {
  kOutOfScope,            // S1: neither linked nor managed
  kActive,                // A1: active and entitled, the account should be active
  kInactive,              // A1: inactive in the export, the account should be inactive
  kActivatedByUs,         // A2 activate: own; Rollcall itself deactivated it
  kDeactivatedElsewhere,  // A2 activate: own or report; stays inactive
  kHeldOut,               // H1: a hold keeps the person out
  kHeldIn,                // H1: an exception keeps the person in until its end
  kStatusOnHold,          // the export's status is mapped to "hold"
  kNotEntitledReport,     // A2 not_entitled: report
  kNotEntitledOut,        // A2 not_entitled: deactivate
  kNotEntitledIdle,       // active person, not entitled, account inactive: stays as it is
  kVanishedReport,        // A2 vanished: report, or not missing for long enough
  kVanishedOut,           // A2 vanished: deactivate
  kUnownedReport,         // A2 unowned: report
  kUnownedOut,            // A2 unowned: deactivate
  kUnclaimedReport,       // A2 unclaimed_accounts: report; the organisation cannot disable it
  kAmbiguous,             // L4: no change
  kConflict,              // L8: no change
  kEmailConflict,         // L5: not activated
  kForeign,               // L7: no change
  kSecond,                // L4: a further account of a linked person
  kDuplicatePerson,       // duplicate_people waived: held
  kExcluded,              // E2
  kUntouchable,           // A5
};

// The rule's number and a sentence, such as {"A1", "the export says that the person is inactive"}.
struct RulingText {
  const char* rule;
  const char* sentence;
};
RulingText Describe(Ruling ruling);

struct Projection {
  Roster desired;
  std::vector<Ruling> rulings;  // parallel to the accounts
  std::vector<bool> in_scope;   // S1; parallel to the accounts
  std::vector<Finding> findings;
};

struct ProjectionInput {
  const Spec& spec;
  const DirectorySpec& directory;
  const Export& exported;
  const Memory& memory;
  const Roster& roster;
  const DirectoryLinks& links;
  const Entitlement& entitlement;
  const std::vector<bool>& excluded;
  const ManagedGroups& groups;
};

Projection Project(const ProjectionInput& input);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_PROJECTION_H_
