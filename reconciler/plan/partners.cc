#include "reconciler/plan/partners.h"

#include <utility>

namespace rollcall {

Partners::Partners(const Draft& draft) {
  for (const DraftDirectory& directory : draft.directories) {
    if (directory.spec->provisions.empty()) continue;
    Partner partner;
    partner.scim = &directory;
    for (AccountIndex i = 0; i < directory.roster().accounts.size(); ++i) {
      absl::string_view named = directory.roster().accounts[i].linked_account;
      if (!named.empty()) partner.record_of.emplace(named, i);
    }
    for (const DiffRow& row : directory.rows) {
      partner.rows.insert({row.action, row.account, row.group});
    }
    for (const DraftDirectory& site : draft.directories) {
      if (site.spec->kind == DirectoryKind::kJira) of_[site.spec->id].push_back(partner);
    }
    of_[directory.spec->provisions].push_back(std::move(partner));
  }
}

const std::vector<Partner>& Partners::Of(const std::string& directory) const {
  static const std::vector<Partner>* const kNone = new std::vector<Partner>();
  auto found = of_.find(directory);
  return found == of_.end() ? *kNone : found->second;
}

bool Partners::CarriesAlong(const DraftDirectory& directory, const DiffRow& row) const {
  const Account& account = directory.roster().accounts[row.account];
  if (row.group != kNoGroup || !account.claimed) return false;
  // It is on, and suspended somewhere: no record brings that back.
  if (row.action == Action::kActivate && account.state == AccountState::kPartlyActive) return false;
  for (const Partner& partner : Of(directory.spec->id)) {
    // Only the first record that names the account counts, as in routing.
    auto record = partner.record_of.find(account.id);
    if (record != partner.record_of.end()) {
      return partner.rows.contains({row.action, record->second, kNoGroup});
    }
  }
  return false;
}

}  // namespace rollcall
