// What all blocking findings have in common: the cure names the waiver and the setting, and long
// lists of subjects end at a limit. Pure.
#ifndef RECONCILER_PLAN_GUARDS_BLOCKING_H_
#define RECONCILER_PLAN_GUARDS_BLOCKING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "reconciler/plan/finding.h"

namespace rollcall {

// Subjects that a blocking finding names at most; the plan lists every change anyway.
inline constexpr size_t kMaxSubjects = 100;
// Groups that its sentence names at most.
inline constexpr size_t kGroupsInMessage = 5;

// `check` is what to look at first: "check that these people have left". The cure goes on with how
// to waive `name`. Subjects are sorted, made unique and cut at kMaxSubjects.
Finding Blocking(absl::string_view name, std::string message, absl::string_view check);
void SetSubjects(Finding& finding, std::vector<std::string> subjects);

// " in crowd", or " over all directories" where the directory is empty.
std::string InDirectory(absl::string_view directory);

// "1 person", "2 people".
std::string Count(int64_t n, absl::string_view one, absl::string_view many);

}  // namespace rollcall

#endif  // RECONCILER_PLAN_GUARDS_BLOCKING_H_
