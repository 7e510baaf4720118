#include "tests/support/plan_matchers.h"

namespace rollcall {

std::vector<std::string> ChangesOf(const Plan& plan, Action action) {
  std::vector<std::string> result;
  for (const Change& change : plan.changes) {
    if (change.action != action) continue;
    std::string line = change.directory + "/";
    if (!change.group.empty()) line += change.group + "/";
    result.push_back(line + change.account);
  }
  return result;
}

const Finding* FindFinding(const Plan& plan, const std::string& name,
                           const std::string& directory) {
  for (const Finding& finding : plan.findings) {
    if (finding.name == name && (directory.empty() || finding.directory == directory)) {
      return &finding;
    }
  }
  return nullptr;
}

std::vector<std::string> SubjectsOf(const Plan& plan, const std::string& name) {
  const Finding* finding = FindFinding(plan, name);
  return finding == nullptr ? std::vector<std::string>{} : finding->subjects;
}

}  // namespace rollcall
