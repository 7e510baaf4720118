#include "agent/runs/person_lookup.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/runs/refusal.h"
#include "reconciler/base/fold.h"

namespace rollcall {
namespace {

template <typename Fits>
std::vector<PersonIndex> All(const Export& exported, Fits fits) {
  std::vector<PersonIndex> found;
  for (PersonIndex i = 0; i < exported.people.size(); ++i) {
    if (fits(exported.people[i])) found.push_back(i);
  }
  return found;
}

}  // namespace

absl::StatusOr<std::optional<PersonIndex>> FindPerson(const Export& exported,
                                                      const std::string& query) {
  std::vector<PersonIndex> found =
      All(exported, [&](const Person& person) { return person.id == query; });
  if (found.empty()) {
    found =
        All(exported, [&](const Person& person) { return FoldedEquals(person.user_name, query); });
  }
  if (found.empty()) {
    found = All(exported, [&](const Person& person) {
      return FoldedEquals(person.email, query) ||
             std::any_of(person.aliases.begin(), person.aliases.end(),
                         [&](absl::string_view alias) { return FoldedEquals(alias, query); });
    });
  }
  if (found.empty()) return std::optional<PersonIndex>();
  if (found.size() > 1) {
    return Refuse(
        ExitCode::kUsage,
        absl::StrCat(found.size(), " people of the export are called ", query,
                     ", the first in row ", exported.people[found[0]].row, " with id ",
                     std::string(exported.people[found[0]].id), "; name the one by the stable id"));
  }
  return std::optional<PersonIndex>(found[0]);
}

}  // namespace rollcall
