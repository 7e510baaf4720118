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
  } else if (link.person != kNobody && link.proof < Proof::kUserName) {
    auto [entry, fresh] = accounts.doubtful.emplace(named, link.person);
    if (!fresh && entry->second != link.person) entry->second = kNobody;
  }
}

// Says whose the account is that a SCIM record names.
void AddRecord(const DraftDirectory& scim, AccountIndex i, ScimAccounts& accounts) {
  auto gone = scim.links.gone_person.find(i);
  Add(std::string(scim.roster().accounts[i].linked_account), scim.links.accounts[i],
      gone == scim.links.gone_person.end() ? "" : gone->second, accounts);
}

// Says whose an account of the organisation is; what is in doubt there is in doubt for a site too.
void AddAccount(const DraftDirectory& organisation, AccountIndex i, ScimAccounts& accounts) {
  const AccountLink& link = organisation.links.accounts[i];
  const std::string id(organisation.roster().accounts[i].id);
  const auto gone = organisation.links.gone_person.find(i);
  switch (link.state) {
    case LinkState::kLinked:
    case LinkState::kGone:
    case LinkState::kForeign:
      return Add(id, link, gone == organisation.links.gone_person.end() ? "" : gone->second,
                 accounts);
    case LinkState::kSecond:
    case LinkState::kAmbiguous:
    case LinkState::kConflict: {
      auto [entry, fresh] = accounts.doubtful.emplace(id, link.person);
      if (!fresh && entry->second != link.person) entry->second = kNobody;
      return;
    }
    case LinkState::kUnlinked:
      return;
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
      if (!scim.roster().accounts[i].linked_account.empty()) AddRecord(scim, i, result);
    }
  }
  Settle(result);
  return result;
}

ScimAccounts SiteAccountsOf(const Draft& draft) {
  ScimAccounts result;
  absl::flat_hash_set<absl::string_view> known;
  for (const DraftDirectory& directory : draft.directories) {
    if (directory.spec->kind != DirectoryKind::kAtlassianAdmin) continue;
    for (AccountIndex i = 0; i < directory.roster().accounts.size(); ++i) {
      known.insert(directory.roster().accounts[i].id);
      AddAccount(directory, i, result);
    }
  }
  // An organisation that is not configured: its SCIM records name its accounts.
  for (const DraftDirectory& scim : draft.directories) {
    if (scim.spec->kind != DirectoryKind::kScim) continue;
    for (AccountIndex i = 0; i < scim.roster().accounts.size(); ++i) {
      const absl::string_view named = scim.roster().accounts[i].linked_account;
      if (!named.empty() && !known.contains(named)) AddRecord(scim, i, result);
    }
  }
  Settle(result);
  return result;
}

}  // namespace rollcall
