#include "reconciler/plan/contested.h"

#include "absl/strings/str_cat.h"
#include "reconciler/base/fold.h"

namespace rollcall {

ContestedChanges::ContestedChanges(const Memory& memory) {
  std::map<Key, int64_t> times;  // a group may have been called otherwise, but for case, meanwhile
  for (const Memory::Reversal& reversal : memory.applied_repeatedly) {
    times[{reversal.directory, reversal.action, reversal.account, Fold(reversal.group)}] +=
        reversal.applied_times;
  }
  for (const auto& [key, count] : times) {
    if (count >= kUndoneTooOften) contested_.insert(key);
  }
}

bool ContestedChanges::Contains(const Change& change) const {
  return contested_.contains({change.directory, change.action, change.account, Fold(change.group)});
}

void ContestedChanges::Note(const Change& change) {
  subjects_[change.directory].insert(SubjectOf(change));
}

std::vector<Finding> ContestedChanges::Findings() const {
  std::vector<Finding> findings;
  for (const auto& [directory, subjects] : subjects_) {
    int64_t count = static_cast<int64_t>(subjects.size());
    findings.push_back(
        {"contested",
         Severity::kWarning,
         absl::StrCat(count, count == 1 ? " person's" : " people's",
                      " changes were made twice and undone twice by somebody else; they are not "
                      "made again (R5)"),
         "find out who undoes them; then `rollcall deactivate` or `activate` the person, or "
         "correct the identity provider",
         directory,
         count,
         0,
         {subjects.begin(), subjects.end()}});
  }
  return findings;
}

}  // namespace rollcall
