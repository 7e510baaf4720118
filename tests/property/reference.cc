#include "tests/property/reference.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/property/reference_parts.h"

namespace rollcall::property {

Verdict Judge(const World& world) {
  Verdict verdict;
  std::vector<Judged> all;
  std::set<Row> rows;
  for (const WorldDirectory& directory : world.directories) {
    Judged& judged = all.emplace_back();
    judged.directory = &directory;
    judged.ties = TieAccounts(world, directory);
    for (const auto& [finding, subjects] : judged.ties.told) {
      verdict.findings[{finding, directory.spec.id}].insert(subjects.begin(), subjects.end());
    }
    JudgeEntitlement(world, judged, verdict);
    JudgeActivity(world, judged, verdict);
    JudgeCircles(world, judged, verdict);
    rows.merge(RowsToMake(world, judged));
  }
  Withhold(world, all, rows, verdict);
  JudgeGuards(world, all, rows, verdict);
  for (const Row& row : rows) {
    std::string text = absl::StrCat(ActionName(row.action), " ", row.directory, "/", row.account);
    if (!row.group.empty()) absl::StrAppend(&text, " to ", row.group);
    verdict.rows.insert(std::move(text));
  }
  return verdict;
}

}  // namespace rollcall::property
