// `duplicate_people`: two people of the export share a stable id or a user name, so that nobody can
// say whose account is whose. Waived, those people are held and the rest goes on; switched off,
// that is a warning, for it is drift all the same.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall::guards {
namespace {

constexpr size_t kRowsInMessage = 10;

}  // namespace

void DuplicatePeople(const GuardInput& input, const Impacts&, Findings& findings) {
  int64_t duplicates = 0;
  std::vector<std::string> subjects;
  std::vector<uint32_t> rows;
  for (const rollcall::Person& person : input.input.exported.people) {
    if (!person.duplicate) continue;
    ++duplicates;
    subjects.emplace_back(person.id);
    if (rows.size() < kRowsInMessage) rows.push_back(person.row);
  }
  if (duplicates == 0) return;
  Finding finding = Blocking(
      "duplicate_people",
      absl::StrCat(
          Count(duplicates, "person", "people"), " of the export ", input.input.exported.source,
          " share a stable id or a user name with somebody else (rows ", absl::StrJoin(rows, ", "),
          duplicates > static_cast<int64_t>(rows.size()) ? ", …)" : ")"),
      "correct them in the identity provider, or check that holding just these people is right");
  if (!input.input.spec.guards.duplicate_people) {
    finding.severity = Severity::kWarning;
    finding.cure = "correct them in the identity provider";
  }
  finding.observed = duplicates;
  SetSubjects(finding, std::move(subjects));
  findings.push_back(std::move(finding));
}

}  // namespace rollcall::guards
