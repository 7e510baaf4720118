// VerificationTargets: what must be read again to see whether the changes of a run hold: each
// account and each group once, whatever the number of changes that touched it. Pure.
#ifndef RECONCILER_APPLY_VERIFICATION_TARGETS_H_
#define RECONCILER_APPLY_VERIFICATION_TARGETS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "reconciler/apply/outcome.h"
#include "reconciler/plan/plan.h"
#include "reconciler/ports/directory.h"

namespace rollcall {

// Something that one change wants to see in one object.
struct Expectation {
  size_t open = 0;  // into VerificationTargets::open
  Action action = Action::kDeactivate;
  std::string account;
  bool is_effect = false;
  bool counted = false;                       // the change knows that it holds
  bool held = false;                          // seen to hold once; not judged again
  bool contradicted = false;                  // the last read showed that it does not hold
  std::string problem = "not read back yet";  // where it does not hold
};

enum class TargetKind : uint8_t { kAccount, kGroup };

struct Target {
  TargetKind kind = TargetKind::kAccount;
  std::string id;
  std::vector<Expectation> expectations;
  bool hopeless = false;  // the last read failed in a way that waiting does not cure

  bool Holds() const;
  // Every expectation that does not hold is to show this problem.
  void Mark(const std::string& problem);
};

// A change that is not verified yet.
struct OpenChange {
  const Change* change = nullptr;
  int64_t waiting = 0;        // expectations that do not hold yet
  std::string problem;        // of an effect that cannot be read at all
  bool contradicted = false;  // its own object was read, and does not show it
};

struct VerificationTargets {
  std::vector<OpenChange> open;
  std::map<std::string, std::vector<Target>> by_directory;  // in the order of their ids
};

// Of all changes that were sent (or may have been) and are not verified; `changes` as they were
// made. `readable`: the
// directories that can be read; an effect elsewhere can never be verified.
VerificationTargets TargetsOf(const std::vector<const Change*>& changes,
                              const std::map<std::string, Outcome>& outcomes,
                              const std::map<std::string, bool>& readable);

// Of a group: what does not hold yet.
MembershipQuestion QuestionOf(const Target& target);

// Judges what was read and sets `held`, `problem` and `hopeless`.
void JudgeAccount(const absl::StatusOr<AccountRecord>& account, Target& target);
void JudgeGroup(const absl::StatusOr<GroupMembers>& group, Target& target);

}  // namespace rollcall

#endif  // RECONCILER_APPLY_VERIFICATION_TARGETS_H_
