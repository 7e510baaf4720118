#include "tests/simulation/open_ends.h"

#include "absl/strings/str_cat.h"
#include "reconciler/apply/run_result.h"
#include "tests/simulation/facts.h"

namespace rollcall::simulation {
namespace {

bool Is(const RunRecord& run, const Change& change, OutcomeState state) {
  const auto outcome = run.outcomes.find(change.id);
  return outcome != run.outcomes.end() && outcome->second.state == state;
}

}  // namespace

std::string OpenEnds::TargetOf(const Change& change) {
  return absl::StrCat(change.directory, "/", change.account, " ", change.group_id);
}

OpenEnds::OpenEnds(const SimWorld& world, const Plan& plan, const RunRecord& run) {
  std::set<std::string> shut_out;  // accounts whom the site does not let in
  for (const Change& change : plan.changes) {
    if (change.directory != kSite || !Is(run, change, OutcomeState::kRefused)) continue;
    if (!world.site()->MayRefuseForGood(change.action)) continue;
    refused_.insert(TargetOf(change));
    if (change.action == Action::kActivate) shut_out.insert(change.account);
  }
  // Who does not get in gets no groups.
  for (const Change& change : plan.changes) {
    const bool waits = change.directory == kSite && change.action == Action::kAddMembership;
    if (waits && shut_out.count(change.account) > 0) refused_.insert(TargetOf(change));
  }
  for (const Change& change : plan.changes) {
    const auto outcome = run.outcomes.find(change.id);
    if (outcome != run.outcomes.end() && Holds(outcome->second)) continue;
    if (!Excuse(change)) subjects_.insert(SubjectOf(change));
  }
}

}  // namespace rollcall::simulation
