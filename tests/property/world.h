// World: everything that planning starts from, as plain values that a property may change and plan
// again: what the identity provider says, what each directory holds, what is configured and what is
// remembered. Printed as a scenario file (tests/scenarios/README.md), so that a failing case can be
// put beside the other scenarios; it is planned from that very text. One thread.
#ifndef TESTS_PROPERTY_WORLD_H_
#define TESTS_PROPERTY_WORLD_H_

#include <iosfwd>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "reconciler/plan/planner.h"
#include "tests/support/company.h"

namespace rollcall::property {

struct WorldPerson {
  std::string id;
  std::string user_name;
  std::string email;
  std::string alias;
  std::map<std::string, std::string> attributes;
  Standing standing = Standing::kActive;
};

// A group of the export.
struct WorldCircle {
  std::string name;
  std::vector<std::string> members;  // ids of people, names of groups, or nobody anybody knows
  bool cut = false;                  // its list may be incomplete
};

struct WorldDirectory {
  DirectorySpec spec;
  std::vector<TestAccount> accounts;
  std::vector<TestGroup> groups;                          // names differ byte for byte
  std::set<std::pair<std::string, std::string>> members;  // (group name, account id)
  std::map<std::string, std::string> owned;               // account -> reason, as probing finds it
  bool unreadable = false;

  TestAccount* Find(const std::string& account);
  const TestAccount* Find(const std::string& account) const;
  const TestGroup* FindGroup(const std::string& name) const;
};

struct World {
  bool stable_ids = true;
  std::string export_age;  // as absl::ParseDuration reads it; empty: an hour
  std::vector<WorldPerson> people;
  std::vector<WorldCircle> circles;
  std::vector<WorldDirectory> directories;
  Spec spec;  // groups, guards, exclude, managed_*, vanished_after; not the directories
  // Times are HoursAgo(n); refusals name a group by its name.
  Memory memory;
  bool fresh = false;  // else every directory and group counts as applied and covered
  std::string only;    // `rollcall deactivate` of that person

  const WorldDirectory* Find(const std::string& directory) const;
  WorldDirectory* Find(const std::string& directory);
  const WorldPerson* FindPerson(const std::string& id) const;
};

// An instant so long before the planning.
absl::Time HoursAgo(int hours);

std::string ScenarioText(const World& world);
// For RapidCheck: the text, and the plan that follows.
void showValue(const World& world, std::ostream& out);

// Aborts the test program where the text is not understood: then no test can go on.
PlanResult PlanOf(const World& world);

}  // namespace rollcall::property

#endif  // TESTS_PROPERTY_WORLD_H_
