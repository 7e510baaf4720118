// Plan: a sorted, hashed set of changes over all directories, with findings and a call budget
// (PRODUCT.md section 7). Change carries, beside what programs see, the facts that staleness is
// judged by. Values.
#ifndef RECONCILER_PLAN_PLAN_H_
#define RECONCILER_PLAN_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "reconciler/plan/finding.h"
#include "reconciler/plan/spec.h"

namespace rollcall {

// "ACTIVATE", "DEACTIVATE", "ADD_MEMBERSHIP", "REMOVE_MEMBERSHIP".
const char* ActionName(Action action);

// A change that follows by itself from another one (rule R2): listed, not sent, verified.
struct Effect {
  std::string directory;
  std::string account;
  Action action = Action::kDeactivate;
  std::string group_id = {};  // of memberships; the directory's own id
  bool operator==(const Effect&) const = default;
};

// Rule R5: through whom a change goes, once, where its directory turns out while applying to be
// owned by the SCIM directory that provisions it. Known when the plan is made, so that guards,
// `protected` and `self` have judged it, and never used unless the server names the owner.
struct Reroute {
  std::string directory;
  std::string account;
  std::string user_name;
  std::string group;  // as Change's; empty for (de)activations
  std::string group_id;
  std::string linked_email;
  std::string linked_external_id;
  bool operator==(const Reroute&) const = default;
};

struct Change {
  std::string id;  // "c" and a number in plan order, from 1
  std::string directory;
  Action action = Action::kDeactivate;
  std::string person;   // stable id, may be empty
  std::string account;  // the directory's account id
  std::string user_name;
  std::string group;        // the target's name as served; empty for (de)activations
  std::string reason;       // a sentence that cites the rule: "A1: inactive in the export"
  std::string routed_from;  // set when this directory itself had no drift
  std::vector<Effect> effects;

  // What the account was linked by; the executor compares before writing (section 7, "Stale").
  std::string group_id;
  std::string linked_email;
  std::string linked_external_id;

  // Write requests that it takes, where probing says so; else what the kind says (its traits).
  std::optional<int64_t> writes = {};
  std::optional<Reroute> reroute = {};

  bool operator==(const Change&) const = default;
};

// The change as its alternative would make it: the same id, person and reason, routed from its
// directory, where it shows as an effect. `change.reroute` is set.
Change ThroughOwner(const Change& change);

// How findings name whom a change is about: the stable id, else "directory/account".
std::string SubjectOf(const Change& change);

struct Counts {
  int64_t activate = 0;
  int64_t deactivate = 0;
  int64_t add_membership = 0;
  int64_t remove_membership = 0;
  int64_t unchanged = 0;     // accounts in scope without a change, over all directories
  int64_t out_of_scope = 0;  // accounts
  void Add(Action action);   // one change
  bool operator==(const Counts&) const = default;
};

// For applying and verifying.
struct Budget {
  int64_t read_requests = 0;   // upper bound
  int64_t write_requests = 0;  // exact, but for re-routed changes (R5): see budget.h
  absl::Duration estimated_duration;
  bool operator==(const Budget&) const = default;
};

enum class PlanState : uint8_t {
  kPlanning,
  kReady,
  kBlocked,
  kEmpty,
  kApplying,
  kApplied,
  kStale,
  kFailed
};
const char* PlanStateName(PlanState state);

struct Plan {
  std::string id;
  PlanState state = PlanState::kPlanning;
  std::string etag;  // over everything that is applied or shown, see HashPlan
  absl::Time create_time;
  std::string config_hash;
  std::string state_id;  // of the state file that made it
  Counts counts;
  int64_t requests_used = 0;
  Budget budget;
  std::vector<Change> changes;           // sorted: directory order, phase, account, group
  std::vector<Finding> findings;         // sorted: severity (worst first), name, directory
  std::vector<std::string> directories;  // that were read completely
  std::vector<std::string> unreadable;   // that were not (rule M3)
  // When each directory's snapshot was complete, for `reread_after`.
  std::map<std::string, absl::Time> snapshot_times;
  // (directory, folded group name): the managed groups that count as covered once this plan was
  // applied, or was in step (guard `first_run`).
  std::vector<std::pair<std::string, std::string>> covered_groups;
  // Findings name people by stable id; what people call them: id -> user name, or e-mail. Only
  // where it says more than the id.
  std::map<std::string, std::string> labels;
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_PLAN_H_
