#include "reconciler/plan/roster.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "reconciler/base/fingerprint.h"
#include "reconciler/base/status_macros.h"

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

// Eight bytes of a text as a number that compares as they do; zeros where it is shorter.
uint64_t SortKey(absl::string_view text) {
  uint64_t key = 0;
  for (size_t i = 0; i < sizeof(key); ++i) {
    key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  }
  return key;
}

// The numbers of the rows in the order of their ids. Most ids differ within their first eight
// bytes, so that sorting need not fetch the texts from all over memory.
template <typename T>
std::vector<uint32_t> OrderById(const std::vector<T>& rows) {
  struct Key {
    uint64_t first;
    uint32_t number;
  };
  std::vector<Key> keys(rows.size());
  for (uint32_t i = 0; i < rows.size(); ++i) keys[i] = {SortKey(rows[i].id), i};
  std::sort(keys.begin(), keys.end(), [&rows](const Key& a, const Key& b) {
    if (a.first != b.first) return a.first < b.first;
    return rows[a.number].id < rows[b.number].id;
  });
  std::vector<uint32_t> order(rows.size());
  for (size_t i = 0; i < keys.size(); ++i) order[i] = keys[i].number;
  return order;
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
  ids_.Append(copy.id);
  accounts_.push_back(copy);
}

uint32_t RosterBuilder::AddGroup(const Group& group) {
  Group copy = group;
  copy.id = arena_->Copy(group.id);
  copy.name = arena_->Copy(group.name);
  groups_.push_back(copy);
  return static_cast<uint32_t>(groups_.size() - 1);
}

void RosterBuilder::AddMembers(uint32_t group_handle,
                               absl::Span<const absl::string_view> account_ids) {
  found_.resize(account_ids.size());
  ids_.FindAll(account_ids, absl::MakeSpan(found_));
  for (size_t i = 0; i < account_ids.size(); ++i) {
    if (found_[i] != IdIndex::kNone) {
      rows_.push_back({group_handle, found_[i]});
    } else {
      open_rows_.push_back({group_handle, arena_->Intern(account_ids[i])});
    }
  }
}

void RosterBuilder::DropGroups() {
  groups_.clear();
  rows_.clear();
  open_rows_.clear();
}

std::vector<AccountIndex> RosterBuilder::SortAccounts() {
  std::vector<uint32_t> order = OrderById(accounts_);
  std::vector<AccountIndex> place(accounts_.size());
  for (AccountIndex i = 0; i < order.size(); ++i) place[order[i]] = i;
  // In place, cycle by cycle: a second copy of all accounts is what takes the most memory here.
  for (AccountIndex start = 0; start < order.size(); ++start) {
    if (order[start] == start) continue;
    const Account first = accounts_[start];
    AccountIndex hole = start;
    while (order[hole] != start) {
      const uint32_t from = std::exchange(order[hole], hole);
      accounts_[hole] = accounts_[from];
      hole = from;
    }
    accounts_[hole] = first;
    order[hole] = hole;
  }
  return place;
}

std::vector<GroupIndex> RosterBuilder::SortGroups() {
  std::vector<Group> sorted;
  std::vector<GroupIndex> place(groups_.size());
  for (uint32_t number : OrderById(groups_)) {
    place[number] = static_cast<GroupIndex>(sorted.size());
    sorted.push_back(groups_[number]);
  }
  groups_ = std::move(sorted);
  return place;
}

std::vector<Membership> RosterBuilder::SortRows(const std::vector<GroupIndex>& group_at,
                                                const std::vector<AccountIndex>& account_at) {
  // Every group gets its stretch; within a stretch, few rows are sorted at a time.
  std::vector<size_t> end(groups_.size() + 1, 0);
  for (const Membership& row : rows_) ++end[group_at[row.group] + 1];
  for (size_t g = 1; g < end.size(); ++g) end[g] += end[g - 1];
  std::vector<Membership> sorted(rows_.size());
  for (const Membership& row : rows_) {
    const GroupIndex group = group_at[row.group];
    sorted[end[group]++] = {group, account_at[row.account]};
  }
  rows_ = {};
  auto begin = sorted.begin();
  for (size_t g = 0; g < groups_.size(); ++g) {
    auto stop = sorted.begin() + static_cast<ptrdiff_t>(end[g]);
    std::sort(begin, stop);
    begin = stop;
  }
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

absl::StatusOr<Roster> RosterBuilder::Finish() && {
  for (const OpenRow& row : open_rows_) {
    const uint32_t number = ids_.Find(row.account_id);
    if (number == IdIndex::kNone) {
      ++dangling_;
    } else {
      rows_.push_back({row.group, number});
    }
  }
  ids_ = IdIndex();
  const std::vector<AccountIndex> account_at = SortAccounts();
  RETURN_IF_ERROR(CheckIds(accounts_, "account"));
  const std::vector<GroupIndex> group_at = SortGroups();
  RETURN_IF_ERROR(CheckIds(groups_, "group"));
  Roster roster;
  roster.memberships = SortRows(group_at, account_at);
  roster.accounts = std::move(accounts_);
  roster.groups = std::move(groups_);
  roster.arena = std::move(arena_);
  return roster;
}

}  // namespace rollcall
