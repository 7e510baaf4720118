#include "reconciler/plan/remembering.h"

#include <algorithm>
#include <string>

namespace rollcall {
namespace {

// Rule L3. What is in doubt is not recorded: a record would prove it the next time.
void RememberLinks(const PlanInput& input, const DraftDirectory& directory, ToRemember& result) {
  std::vector<AccountIndex> fresh;  // counted first: a million links should not be moved about
  for (AccountIndex i = 0; i < directory.links.accounts.size(); ++i) {
    const AccountLink& link = directory.links.accounts[i];
    if (link.state != LinkState::kLinked || directory.links.recorded[i]) continue;
    if (input.exported.people[link.person].duplicate) continue;
    if (directory.links.person_flags[link.person] == 0) fresh.push_back(i);
  }
  result.links.reserve(result.links.size() + fresh.size());
  for (AccountIndex i : fresh) {
    const AccountLink& link = directory.links.accounts[i];
    result.links.push_back({directory.spec->id, std::string(directory.roster().accounts[i].id),
                            std::string(input.exported.people[link.person].id),
                            RecordedAs(link.proof), "", false});
  }
}

}  // namespace

ToRemember WhatToRemember(const PlanInput& input, const Draft& draft,
                          const std::vector<Finding>& findings) {
  ToRemember result;
  for (const DraftDirectory& directory : draft.directories) {
    RememberLinks(input, directory, result);
  }
  for (const auto& [id, account] : input.memory.deactivated_by_us) {
    for (const DraftDirectory& directory : draft.directories) {
      if (directory.spec->id != id) continue;
      AccountIndex i = directory.roster().FindAccount(account);
      if (i != kNoAccount && directory.roster().accounts[i].state == AccountState::kActive) {
        result.seen_active.push_back({id, account});
      }
    }
  }
  result.export_accepted =
      std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.severity == Severity::kBlocking && IsExportGuard(finding.name);
      });
  return result;
}

}  // namespace rollcall
