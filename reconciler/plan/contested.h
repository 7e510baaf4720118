// Contested changes (rule R5): what was applied kUndoneTooOften times and undone as often by
// another actor is not made again, and named. One thread; points into nothing.
#ifndef RECONCILER_PLAN_CONTESTED_H_
#define RECONCILER_PLAN_CONTESTED_H_

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "reconciler/plan/memory.h"
#include "reconciler/plan/plan.h"

namespace rollcall {

class ContestedChanges {
 public:
  static constexpr int64_t kUndoneTooOften = 2;

  explicit ContestedChanges(const Memory& memory);

  bool Contains(const Change& change) const;
  // It is left out of the plan.
  void Note(const Change& change);
  // One for each directory in which something is left out.
  std::vector<Finding> Findings() const;

 private:
  // Directory, action, account, folded name of the group.
  using Key = std::tuple<std::string, Action, std::string, std::string>;
  std::set<Key> contested_;
  std::map<std::string, std::set<std::string>> subjects_;  // by directory
};

}  // namespace rollcall

#endif  // RECONCILER_PLAN_CONTESTED_H_
