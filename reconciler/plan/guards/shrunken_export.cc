// `shrunken_export`: people, active people, groups or memberships fell by more than the percentage
// against the last accepted export of the same source. Integers; exactly the percentage passes,
// and what was zero before cannot fall.
#include <array>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall::guards {
namespace {

struct Part {
  const char* noun;
  int64_t before;
  int64_t now;
};

bool Fell(const Part& part, int64_t percent) {
  return part.now < part.before &&
         absl::int128(100) * (part.before - part.now) > absl::int128(percent) * part.before;
}

}  // namespace

void ShrunkenExport(const GuardInput& input, const Impacts&, Findings& findings) {
  const std::optional<int64_t>& percent = input.input.spec.guards.shrunken_export_percent;
  const std::optional<ExportCounts>& before = input.input.memory.last_accepted;
  if (!percent || !before) return;
  ExportCounts now = input.input.exported.Counts();
  const std::array<Part, 4> parts = {Part{"people", before->people, now.people},
                                     {"active people", before->active_people, now.active_people},
                                     {"groups", before->groups, now.groups},
                                     {"memberships", before->memberships, now.memberships}};
  std::vector<std::string> fallen;
  Finding finding;
  for (const Part& part : parts) {
    if (!Fell(part, *percent)) continue;
    if (fallen.empty()) {
      finding.observed = part.now;
      // The smallest number that is no fall beyond the percentage.
      finding.limit = part.before - static_cast<int64_t>(absl::int128(*percent) * part.before /
                                                         absl::int128(100));
    }
    fallen.push_back(absl::StrCat(part.noun, " from ", part.before, " to ", part.now));
  }
  if (fallen.empty()) return;
  Finding blocking = Blocking(
      "shrunken_export",
      absl::StrCat("the export ", input.input.exported.source, " shrank by more than ", *percent,
                   " % since the last accepted one: ", absl::StrJoin(fallen, ", ")),
      "check that the export is whole and that these people and groups are really gone");
  blocking.observed = finding.observed;
  blocking.limit = finding.limit;
  findings.push_back(std::move(blocking));
}

}  // namespace rollcall::guards
