#include "reconciler/plan/guards/blocking.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace rollcall {

Finding Blocking(absl::string_view name, std::string message, absl::string_view check) {
  Finding finding;
  finding.name = std::string(name);
  finding.severity = Severity::kBlocking;
  finding.message = std::move(message);
  finding.cure = absl::StrCat(check, "; then waive it with `--waive ", name,
                              " --reason TEXT`, or adjust `guards: ", name, "`");
  return finding;
}

void SetSubjects(Finding& finding, std::vector<std::string> subjects) {
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  if (subjects.size() > kMaxSubjects) subjects.resize(kMaxSubjects);
  finding.subjects = std::move(subjects);
}

std::string InDirectory(absl::string_view directory) {
  return directory.empty() ? " over all directories" : absl::StrCat(" in ", directory);
}

std::string Count(int64_t n, absl::string_view one, absl::string_view many) {
  return absl::StrCat(n, " ", n == 1 ? one : many);
}

}  // namespace rollcall
