#include "agent/render/run_tally.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/render/wording.h"
#include "reconciler/apply/run_result.h"

namespace rollcall {
namespace {

constexpr std::pair<OutcomeState, const char*> kWords[] = {
    {OutcomeState::kApplied, "applied"}, {OutcomeState::kAlreadyDone, "so already"},
    {OutcomeState::kUnknown, "unknown"}, {OutcomeState::kFailed, "failed"},
    {OutcomeState::kRefused, "refused"}, {OutcomeState::kSkippedStale, "skipped"}};

}  // namespace

void RunTally::Add(const Change& change, const RunRecord& run) {
  ++changes;
  const auto found = run.outcomes.find(change.id);
  if (found == run.outcomes.end()) {
    ++pending;
    return;
  }
  ++by_state[static_cast<size_t>(found->second.state)];
  if (found->second.verified) ++verified;
  if (Holds(found->second)) ++holding;
}

RunTally TallyOf(const std::vector<Change>& changes, const RunRecord& run) {
  RunTally tally;
  for (const Change& change : changes) tally.Add(change, run);
  return tally;
}

std::string InWords(const RunTally& tally) {
  if (tally.of(OutcomeState::kApplied) == tally.changes && tally.open() == 0) {
    return "all applied and verified";
  }
  std::vector<std::string> parts;
  for (const auto& [state, word] : kWords) {
    if (tally.of(state) > 0) parts.push_back(absl::StrCat(Grouped(tally.of(state)), " ", word));
  }
  if (tally.pending > 0) parts.push_back(absl::StrCat(Grouped(tally.pending), " pending"));
  return absl::StrCat(absl::StrJoin(parts, ", "), "; ",
                      tally.open() == 0 ? "all" : Grouped(tally.verified), " verified");
}

}  // namespace rollcall
