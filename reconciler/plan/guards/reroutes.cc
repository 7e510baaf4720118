#include "reconciler/plan/guards/reroutes.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/plan/guards/guard.h"
#include "reconciler/plan/refusals.h"

namespace rollcall {
namespace {

// As changes of their own, each named by the place of the change that it belongs to.
std::vector<Change> Alternatives(const std::vector<Change>& changes) {
  std::vector<Change> alternatives;
  for (size_t i = 0; i < changes.size(); ++i) {
    if (!changes[i].reroute.has_value()) continue;
    alternatives.push_back(ThroughOwner(changes[i]));
    alternatives.back().id = absl::StrCat(i);
  }
  return alternatives;
}

std::set<std::pair<std::string, std::string>> WhatBlocks(const PlanInput& input, const Draft& draft,
                                                         const std::vector<Change>& changes) {
  std::set<std::pair<std::string, std::string>> blocks;
  for (const Finding& finding : RunGuards({input, draft, changes})) {
    if (finding.severity == Severity::kBlocking) blocks.insert({finding.name, finding.directory});
  }
  return blocks;
}

bool BlocksMore(const PlanInput& input, const Draft& draft, const std::vector<Change>& changes,
                const std::vector<Change>& alternatives) {
  std::vector<Change> all = changes;
  all.insert(all.end(), alternatives.begin(), alternatives.end());
  const auto before = WhatBlocks(input, draft, changes);
  const auto then = WhatBlocks(input, draft, all);
  return !std::includes(before.begin(), before.end(), then.begin(), then.end());
}

}  // namespace

void DropUnsafeReroutes(const PlanInput& input, const Draft& draft, std::vector<Change>& changes) {
  std::vector<Change> alternatives = Alternatives(changes);
  if (alternatives.empty()) return;
  Withhold(input, draft, alternatives);
  LeaveOutRefused(input, alternatives);
  if (BlocksMore(input, draft, changes, alternatives)) alternatives.clear();
  std::set<std::string> kept;
  for (const Change& alternative : alternatives) kept.insert(alternative.id);
  for (size_t i = 0; i < changes.size(); ++i) {
    if (!kept.contains(absl::StrCat(i))) changes[i].reroute.reset();
  }
}

}  // namespace rollcall
