#include "reconciler/plan/roster.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "reconciler/base/fingerprint.h"

namespace rollcall {
namespace {

template <typename T>
uint32_t FindById(const std::vector<T>& rows, absl::string_view id) {
  auto found = std::lower_bound(rows.begin(), rows.end(), id,
                                [](const T& row, absl::string_view key) { return row.id < key; });
  if (found == rows.end() || found->id != id) return UINT32_MAX;
  return static_cast<uint32_t>(found - rows.begin());
}

template <typename T>
absl::Status CheckIds(const std::vector<T>& rows, absl::string_view what) {
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].id.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("a ", what, " has no id"));
    }
    if (i > 0 && rows[i].id == rows[i - 1].id) {
      return absl::InvalidArgumentError(
          absl::StrCat("the ", what, " id \"", rows[i].id, "\" came twice"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

AccountIndex Roster::FindAccount(absl::string_view id) const { return FindById(accounts, id); }
GroupIndex Roster::FindGroup(absl::string_view id) const { return FindById(groups, id); }

bool Roster::HasMembership(GroupIndex group, AccountIndex account) const {
  return std::binary_search(memberships.begin(), memberships.end(), Membership{group, account});
}

std::vector<Membership>::const_iterator Roster::MembersBegin(GroupIndex group) const {
  return std::lower_bound(memberships.begin(), memberships.end(), Membership{group, 0});
}

std::vector<Membership>::const_iterator Roster::MembersEnd(GroupIndex group) const {
  return std::upper_bound(memberships.begin(), memberships.end(), Membership{group, UINT32_MAX});
}

std::string Roster::Hash() const {
  Fingerprint fingerprint;
  fingerprint.Add(static_cast<int64_t>(accounts.size()));
  for (const Account& account : accounts) {
    fingerprint.Add(account.id).Add(account.user_name).Add(account.email).Add(account.external_id);
    fingerprint.Add(account.linked_account)
        .Add(static_cast<int64_t>(account.state))
        .Add(account.claimed ? 1 : 0);
  }
  fingerprint.Add(static_cast<int64_t>(groups.size()));
  for (const Group& group : groups) {
    fingerprint.Add(group.id).Add(group.name);
    fingerprint.Add((group.nested ? 1 : 0) | (group.modifiable ? 2 : 0) |
                    (group.externally_synced ? 4 : 0));
  }
  for (const Membership& row : memberships) {
    fingerprint.Add((static_cast<int64_t>(row.group) << 32) | row.account);
  }
  return fingerprint.Hex();
}

RosterBuilder::RosterBuilder() : arena_(std::make_shared<StringArena>()) {}

void RosterBuilder::AddAccount(const Account& account) {
  Account copy = account;
  copy.id = arena_->Copy(account.id);
  copy.user_name = arena_->Copy(account.user_name);
  // Many directories use the e-mail as user name: keep it once.
  copy.email = account.email == account.user_name ? copy.user_name : arena_->Copy(account.email);
  copy.external_id =
      account.external_id == account.id ? copy.id : arena_->Copy(account.external_id);
  copy.linked_account = arena_->Copy(account.linked_account);
  accounts_.push_back(copy);
}

uint32_t RosterBuilder::AddGroup(const Group& group) {
  Group copy = group;
  copy.id = arena_->Copy(group.id);
  copy.name = arena_->Copy(group.name);
  groups_.push_back(copy);
  return static_cast<uint32_t>(groups_.size() - 1);
}

void RosterBuilder::AddMember(uint32_t group_handle, absl::string_view account_id) {
  rows_.push_back({group_handle, arena_->Intern(account_id)});
}

void RosterBuilder::DropGroups() {
  groups_.clear();
  rows_.clear();
}

absl::StatusOr<Roster> RosterBuilder::Finish() && {
  Roster roster;
  std::sort(accounts_.begin(), accounts_.end(),
            [](const Account& a, const Account& b) { return a.id < b.id; });
  absl::Status status = CheckIds(accounts_, "account");
  if (!status.ok()) return status;

  std::vector<uint32_t> order(groups_.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [this](uint32_t a, uint32_t b) { return groups_[a].id < groups_[b].id; });
  std::vector<GroupIndex> index_of(groups_.size());
  for (uint32_t i = 0; i < order.size(); ++i) {
    index_of[order[i]] = i;
    roster.groups.push_back(groups_[order[i]]);
  }
  status = CheckIds(roster.groups, "group");
  if (!status.ok()) return status;

  absl::flat_hash_map<absl::string_view, AccountIndex> by_id;
  if (!rows_.empty()) {
    by_id.reserve(accounts_.size());
    for (uint32_t i = 0; i < accounts_.size(); ++i) by_id.emplace(accounts_[i].id, i);
  }
  roster.memberships.reserve(rows_.size());
  for (const Row& row : rows_) {
    auto found = by_id.find(row.account_id);
    if (found == by_id.end()) {
      ++dangling_;
    } else {
      roster.memberships.push_back({index_of[row.group], found->second});
    }
  }
  std::sort(roster.memberships.begin(), roster.memberships.end());
  roster.memberships.erase(std::unique(roster.memberships.begin(), roster.memberships.end()),
                           roster.memberships.end());
  roster.accounts = std::move(accounts_);
  roster.arena = std::move(arena_);
  return roster;
}

}  // namespace rollcall
