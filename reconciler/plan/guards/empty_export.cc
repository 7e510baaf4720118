// `empty_export`: the export holds no active person. People whom the configuration excludes (rule
// E2) do not count: an export of guests only says nothing about anybody we would touch.
#include "absl/strings/str_cat.h"
#include "reconciler/plan/guards/blocking.h"
#include "reconciler/plan/guards/table.h"

namespace rollcall::guards {

void EmptyExport(const GuardInput& input, const Impacts&, Findings& findings) {
  if (!input.input.spec.guards.empty_export) return;
  const std::vector<rollcall::Person>& people = input.input.exported.people;
  const std::vector<bool>& excluded = input.draft.excluded;
  int64_t left_out = 0;
  for (size_t i = 0; i < people.size(); ++i) {
    bool out = i < excluded.size() && excluded[i];
    if (people[i].standing == Standing::kActive && !out) return;
    if (out) ++left_out;
  }
  int64_t total = static_cast<int64_t>(people.size());
  Finding finding = Blocking(
      "empty_export",
      absl::StrCat("the export ", input.input.exported.source, " holds no active person (",
                   Count(total, "person", "people"), ", of whom ", left_out, " are excluded)"),
      "check that the export was made with the right query and rights");
  finding.limit = 1;
  findings.push_back(std::move(finding));
}

}  // namespace rollcall::guards
