// Properties of the diff of two rosters, the core of every plan: nothing differs from itself; its
// rows make one side like the other in what both know, and touch nothing else; none is too many,
// and the rows that are left after a prefix are its rest.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "reconciler/plan/diff.h"
#include "tests/property/holds.h"

namespace rollcall::property {
namespace {

constexpr int kDiffCases = 500;

// A roster as sets, which say what it should be.
struct Sides {
  std::map<std::string, AccountState> accounts;
  std::set<std::string> groups;
  std::set<std::pair<std::string, std::string>> members;  // (group, account)
  bool operator==(const Sides&) const = default;
};

void showValue(const Sides& sides, std::ostream& out) {
  for (const auto& [id, state] : sides.accounts) out << id << "=" << static_cast<int>(state) << " ";
  for (const std::string& group : sides.groups) {
    out << "| " << group << ":";
    for (const auto& [name, account] : sides.members) {
      if (name == group) out << " " << account;
    }
  }
}

// Ids of which one begins another, and that sort otherwise than they were made.
Sides SomeSides() {
  constexpr AccountState kStates[] = {AccountState::kActive, AccountState::kInactive,
                                      AccountState::kPartlyActive, AccountState::kUntouchable};
  Sides sides;
  for (const char* id : {"b", "a", "a0", "B", "é", "a-1", "aa"}) {
    if (*rc::gen::inRange(0, 4) != 0) sides.accounts[id] = kStates[*rc::gen::inRange(0, 4)];
  }
  for (const char* id : {"g", "g1", "f"}) {
    if (*rc::gen::inRange(0, 4) != 0) sides.groups.insert(id);
  }
  for (const std::string& group : sides.groups) {
    for (const auto& [account, state] : sides.accounts) {
      if (*rc::gen::arbitrary<bool>()) sides.members.emplace(group, account);
    }
  }
  return sides;
}

Roster RosterOf(const Sides& sides, uint64_t seed) {
  std::mt19937_64 random(seed);
  RosterBuilder builder;
  std::vector<std::pair<std::string, AccountState>> accounts(sides.accounts.begin(),
                                                             sides.accounts.end());
  std::shuffle(accounts.begin(), accounts.end(), random);
  for (const auto& [id, state] : accounts) {
    Account account;
    account.id = id;
    account.state = state;
    builder.AddAccount(account);
  }
  std::map<std::string, uint32_t> handles;
  std::vector<std::string> groups(sides.groups.begin(), sides.groups.end());
  std::shuffle(groups.begin(), groups.end(), random);
  for (const std::string& id : groups) {
    Group group;
    group.id = id;
    group.name = id;
    handles[id] = builder.AddGroup(group);
  }
  for (const auto& [group, account] : sides.members) builder.AddMember(handles.at(group), account);
  return *std::move(builder).Finish();
}

Sides SidesOf(const Roster& roster) {
  Sides sides;
  for (const Account& account : roster.accounts) {
    sides.accounts[std::string(account.id)] = account.state;
  }
  for (const Group& group : roster.groups) sides.groups.emplace(group.id);
  for (const Membership& row : roster.memberships) {
    sides.members.emplace(roster.groups[row.group].id, roster.accounts[row.account].id);
  }
  return sides;
}

// `have` made like `want` in what both know.
Sides Expected(const Sides& want, const Sides& have) {
  Sides result = have;
  for (auto& [id, state] : result.accounts) {
    auto wanted = want.accounts.find(id);
    if (wanted == want.accounts.end() || state == AccountState::kUntouchable) continue;
    const bool decided =
        wanted->second == AccountState::kActive || wanted->second == AccountState::kInactive;
    if (decided) state = wanted->second;
  }
  for (const std::string& group : have.groups) {
    if (!want.groups.contains(group)) continue;
    for (const auto& [account, state] : have.accounts) {
      if (!want.accounts.contains(account)) continue;
      result.members.erase({group, account});
      if (want.members.contains({group, account})) result.members.emplace(group, account);
    }
  }
  return result;
}

uint64_t SomeSeed() { return *rc::gen::arbitrary<uint64_t>(); }

TEST(DiffProperty, NothingDiffersFromItself) {
  Holds(kDiffCases, [] {
    const Sides sides = SomeSides();
    const Roster roster = RosterOf(sides, SomeSeed());
    RC_ASSERT(Diff(roster, roster).empty());
    // Nor from the same in other places of memory, that came in another order.
    RC_ASSERT(Diff(RosterOf(sides, SomeSeed()), roster).empty());
  });
}

TEST(DiffProperty, TheRowsMakeWhatIsWantedAndTouchNothingElse) {
  Holds(kDiffCases, [] {
    const Sides want = SomeSides();
    const Sides have = SomeSides();
    const Roster actual = RosterOf(have, SomeSeed());
    const Roster desired = RosterOf(want, SomeSeed());
    const Roster after = Apply(actual, Diff(desired, actual));
    RC_LOG() << "want " << rc::toString(want) << "\nhave " << rc::toString(have);
    RC_ASSERT(SidesOf(after) == Expected(want, have));
    RC_ASSERT(Diff(desired, after).empty());
  });
}

TEST(DiffProperty, NoRowCanBeLeftOutAndAPrefixLeavesTheRest) {
  Holds(kDiffCases, [] {
    const Roster actual = RosterOf(SomeSides(), SomeSeed());
    const Roster desired = RosterOf(SomeSides(), SomeSeed());
    const std::vector<DiffRow> rows = Diff(desired, actual);
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto place = rows.begin() + static_cast<ptrdiff_t>(i);
      std::vector<DiffRow> fewer = rows;
      fewer.erase(fewer.begin() + static_cast<ptrdiff_t>(i));
      RC_ASSERT(Diff(desired, Apply(actual, fewer)) == std::vector<DiffRow>({rows[i]}));
      const std::vector<DiffRow> prefix(rows.begin(), place);
      const std::vector<DiffRow> rest(place, rows.end());
      RC_ASSERT(Diff(desired, Apply(actual, prefix)) == rest);
    }
  });
}

}  // namespace
}  // namespace rollcall::property
