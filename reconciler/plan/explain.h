// Explain: everything that is known of one person and why the plan does with them what it does, as
// a value; `rollcall explain` renders it. Every decision carries the number of the rule that made
// it (PRODUCT.md section 3). Pure. Costs one pass over the people and the accounts.
//
//   Explanation e = ExplainPerson(input, draft, plan, "ada@example.com");
//   for (const ExplainedDirectory& d : e.directories) ...
#ifndef RECONCILER_PLAN_EXPLAIN_H_
#define RECONCILER_PLAN_EXPLAIN_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "reconciler/plan/planner.h"

namespace rollcall {

// A rule's number and what follows from it here, in a sentence without a full stop.
struct Cited {
  std::string rule;  // "A1"; a guard's name where that decides
  std::string sentence;
  bool operator==(const Cited&) const = default;
};

// A row of the export.
struct ExplainedPerson {
  uint32_t row = 0;
  std::string id;
  std::string user_name;
  std::string email;
  std::vector<std::string> aliases;
  std::vector<std::pair<std::string, std::string>> attributes;
  Standing standing = Standing::kActive;
  bool excluded = false;
  bool duplicate = false;
  std::vector<std::string> groups;  // of the export, nested ones expanded
};

// A managed group that the account is in, or that the export lists the person in.
struct ExplainedGroup {
  std::string name;
  bool member = false;         // now
  bool listed = false;         // by the export
  bool should_member = false;  // what the plan aims at
  Cited why;
};

struct ExplainedAccount {
  std::string id;
  std::string user_name;
  std::string email;
  std::string external_id;
  LinkState link = LinkState::kUnlinked;
  Proof proof = Proof::kNone;
  std::string person;  // stable id of whom it belongs to; empty: nobody known
  Cited why_linked;
  bool in_scope = false;
  AccountState state = AccountState::kActive;
  AccountState wanted = AccountState::kActive;
  Ruling ruling = Ruling::kOutOfScope;
  Cited why_state;
  std::vector<ExplainedGroup> groups;
};

struct ExplainedEntitlement {
  std::string person;  // stable id
  bool entitled = false;
  Cited why;
};

struct ExplainedDirectory {
  std::string id;
  bool was_read = true;
  std::string unreadable;                          // why it was not; empty: it was not asked for
  std::vector<ExplainedEntitlement> entitlements;  // one for each row of the export
  // Linked to the person, or matching by id, user name or e-mail (then why_linked says whose they
  // are).
  std::vector<ExplainedAccount> accounts;
  std::vector<Change> changes;  // of the plan: the person's, and those whose effects reach them
};

struct Explanation {
  std::string query;
  bool known = false;  // false: neither the export nor a directory that was read knows them
  std::vector<ExplainedPerson> people;  // several: the name is that of more than one
  std::vector<Hold> holds;
  std::vector<ExplainedDirectory> directories;  // in the order of the configuration
  std::vector<Finding> findings;                // those whose subjects name the person
};

// `query`: an e-mail, a user name (both compared folded) or a stable id.
Explanation ExplainPerson(const PlanInput& input, const Draft& draft, const Plan& plan,
                          absl::string_view query);

// "linked", "belongs to somebody who is gone", …: for rendering.
const char* LinkStateName(LinkState state);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_EXPLAIN_H_
