// Finding: one thing a person should know, with its cure (PRODUCT.md section 4). A value.
#ifndef RECONCILER_PLAN_FINDING_H_
#define RECONCILER_PLAN_FINDING_H_

#include <cstdint>
#include <string>
#include <vector>

namespace rollcall {

enum class Severity : uint8_t { kInfo, kWarning, kWithholding, kBlocking };

struct Finding {
  std::string name;  // a guard's or a finding's name, as programs see it: "first_run"
  Severity severity = Severity::kInfo;
  std::string message;    // one sentence: what is so
  std::string cure;       // one sentence: what to do
  std::string directory;  // empty: concerns the export or all directories
  int64_t observed = 0;
  int64_t limit = 0;
  std::vector<std::string> subjects;  // stable ids of people, "directory/account", or group names

  bool operator==(const Finding&) const = default;
};

// True for the findings that make `plan` exit 2 and `apply` 4 although nothing can be planned for
// them (the table in PRODUCT.md section 4).
bool IsDrift(const Finding& finding);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_FINDING_H_
