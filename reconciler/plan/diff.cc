#include "reconciler/plan/diff.h"

#include <algorithm>

namespace rollcall {
namespace {

// One text in one place of memory, as a projection shares its snapshot's: seen without reading it.
bool AreTheSame(absl::string_view a, absl::string_view b) {
  return a.data() == b.data() && a.size() == b.size();
}

// desired index -> actual index, by id; UINT32_MAX where actual lacks it.
template <typename T>
std::vector<uint32_t> MapIds(const std::vector<T>& desired, const std::vector<T>& actual) {
  std::vector<uint32_t> map(desired.size(), UINT32_MAX);
  size_t j = 0;
  for (size_t i = 0; i < desired.size(); ++i) {
    if (j < actual.size() && AreTheSame(actual[j].id, desired[i].id)) {
      map[i] = static_cast<uint32_t>(j++);
      continue;
    }
    while (j < actual.size() && actual[j].id < desired[i].id) ++j;
    if (j < actual.size() && actual[j].id == desired[i].id) map[i] = static_cast<uint32_t>(j);
  }
  return map;
}

int Phase(Action action) {
  switch (action) {
    case Action::kDeactivate:
      return 0;
    case Action::kRemoveMembership:
      return 1;
    case Action::kActivate:
      return 2;
    case Action::kAddMembership:
      return 3;
  }
  return 4;
}

void DiffStates(const Roster& desired, const Roster& actual, const std::vector<uint32_t>& accounts,
                std::vector<DiffRow>& rows) {
  for (size_t i = 0; i < desired.accounts.size(); ++i) {
    if (accounts[i] == UINT32_MAX) continue;
    AccountState want = desired.accounts[i].state;
    AccountState have = actual.accounts[accounts[i]].state;
    if (want == have || have == AccountState::kUntouchable) continue;
    if (want == AccountState::kActive) rows.push_back({Action::kActivate, accounts[i], kNoGroup});
    if (want == AccountState::kInactive) {
      rows.push_back({Action::kDeactivate, accounts[i], kNoGroup});
    }
  }
}

void DiffMemberships(const Roster& desired, const Roster& actual,
                     const std::vector<uint32_t>& accounts, const std::vector<uint32_t>& groups,
                     std::vector<DiffRow>& rows) {
  // Both sides are sorted by (group, account), and mapping by sorted ids keeps the order.
  auto have = actual.memberships.begin();
  auto remove = [&rows](const Membership& row) {
    rows.push_back({Action::kRemoveMembership, row.account, row.group});
  };
  std::vector<bool> known_group(actual.groups.size(), false);
  std::vector<bool> known_account(actual.accounts.size(), false);
  for (uint32_t g : groups) {
    if (g != UINT32_MAX) known_group[g] = true;
  }
  for (uint32_t a : accounts) {
    if (a != UINT32_MAX) known_account[a] = true;
  }
  auto judge = [&](const Membership& row) {
    if (known_group[row.group] && known_account[row.account]) remove(row);
  };
  for (const Membership& row : desired.memberships) {
    if (groups[row.group] == UINT32_MAX || accounts[row.account] == UINT32_MAX) continue;
    Membership want{groups[row.group], accounts[row.account]};
    while (have != actual.memberships.end() && *have < want) judge(*have++);
    if (have != actual.memberships.end() && *have == want) {
      ++have;
    } else {
      rows.push_back({Action::kAddMembership, want.account, want.group});
    }
  }
  while (have != actual.memberships.end()) judge(*have++);
}

}  // namespace

std::vector<DiffRow> Diff(const Roster& desired, const Roster& actual) {
  std::vector<DiffRow> rows;
  std::vector<uint32_t> accounts = MapIds(desired.accounts, actual.accounts);
  std::vector<uint32_t> groups = MapIds(desired.groups, actual.groups);
  DiffStates(desired, actual, accounts, rows);
  DiffMemberships(desired, actual, accounts, groups, rows);
  std::sort(rows.begin(), rows.end(), [](const DiffRow& a, const DiffRow& b) {
    if (a.action != b.action) return Phase(a.action) < Phase(b.action);
    if (a.group != b.group) return a.group < b.group;
    return a.account < b.account;
  });
  return rows;
}

Roster Apply(const Roster& actual, const std::vector<DiffRow>& rows) {
  Roster result = actual;
  std::vector<Membership> removed;
  for (const DiffRow& row : rows) {
    switch (row.action) {
      case Action::kActivate:
        result.accounts[row.account].state = AccountState::kActive;
        break;
      case Action::kDeactivate:
        result.accounts[row.account].state = AccountState::kInactive;
        break;
      case Action::kAddMembership:
        result.memberships.push_back({row.group, row.account});
        break;
      case Action::kRemoveMembership:
        removed.push_back({row.group, row.account});
        break;
    }
  }
  std::sort(removed.begin(), removed.end());
  std::sort(result.memberships.begin(), result.memberships.end());
  result.memberships.erase(std::unique(result.memberships.begin(), result.memberships.end()),
                           result.memberships.end());
  std::erase_if(result.memberships, [&](const Membership& row) {
    return std::binary_search(removed.begin(), removed.end(), row);
  });
  return result;
}

}  // namespace rollcall
