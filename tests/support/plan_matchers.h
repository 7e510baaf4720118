// Reading a plan in tests: the changes of one action as "directory/account" or
// "directory/group/account" in order, and findings by name.
#ifndef TESTS_SUPPORT_PLAN_MATCHERS_H_
#define TESTS_SUPPORT_PLAN_MATCHERS_H_

#include <string>
#include <vector>

#include "reconciler/plan/plan.h"

namespace rollcall {

std::vector<std::string> ChangesOf(const Plan& plan, Action action);

// The first finding of that name (and directory, when given); null when there is none.
const Finding* FindFinding(const Plan& plan, const std::string& name,
                           const std::string& directory = "");

// The subjects of the finding, or {} when there is none.
std::vector<std::string> SubjectsOf(const Plan& plan, const std::string& name);

}  // namespace rollcall

#endif  // TESTS_SUPPORT_PLAN_MATCHERS_H_
