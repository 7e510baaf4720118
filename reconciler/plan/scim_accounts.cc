#include "reconciler/plan/scim_accounts.h"

namespace rollcall {
namespace {

void Add(const std::string& named, const AccountLink& link, const std::string& gone_person,
         ScimAccounts& accounts) {
  if (link.state == LinkState::kLinked) {
    auto [entry, fresh] = accounts.people.emplace(named, link.person);
    if ((!fresh && entry->second != link.person) || accounts.gone.contains(named)) {
      entry->second = kNobody;
    }
  } else if (link.state == LinkState::kGone) {
    auto [entry, fresh] = accounts.gone.emplace(named, gone_person);
    bool others = accounts.people.contains(named) || (!fresh && entry->second != gone_person);
    if (others) accounts.people[named] = kNobody;
  } else if (link.state == LinkState::kForeign) {
    accounts.foreign.insert(named);
  } else if (link.person != kNobody && link.proof <= Proof::kRecordedName) {
    auto [entry, fresh] = accounts.doubtful.emplace(named, link.person);
    if (!fresh && entry->second != link.person) entry->second = kNobody;
  }
}

// Whom nobody knows is somebody else than whom another record means.
void Settle(ScimAccounts& accounts) {
  for (const std::string& named : accounts.foreign) {
    if (accounts.people.contains(named) || accounts.gone.contains(named)) {
      accounts.people[named] = kNobody;
    }
  }
}

}  // namespace

ScimAccounts ScimAccountsOf(const Draft& draft, const std::string& id) {
  ScimAccounts result;
  for (const DraftDirectory& scim : draft.directories) {
    if (scim.spec->provisions != id) continue;
    for (AccountIndex i = 0; i < scim.roster().accounts.size(); ++i) {
      absl::string_view named = scim.roster().accounts[i].linked_account;
      if (named.empty()) continue;
      auto gone = scim.links.gone_person.find(i);
      Add(std::string(named), scim.links.accounts[i],
          gone == scim.links.gone_person.end() ? "" : gone->second, result);
    }
  }
  Settle(result);
  return result;
}

}  // namespace rollcall
