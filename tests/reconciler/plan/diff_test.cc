#include "reconciler/plan/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Roster MakeRoster(std::vector<std::pair<std::string, AccountState>> accounts,
                  std::vector<std::pair<std::string, std::string>> members) {
  RosterBuilder builder;
  std::map<std::string, uint32_t> groups;
  for (const auto& [id, state] : accounts) {
    Account account;
    account.id = id;
    account.state = state;
    builder.AddAccount(account);
  }
  for (const char* name : {"g1", "g2"}) {
    Group group;
    group.id = name;
    group.name = name;
    groups[name] = builder.AddGroup(group);
  }
  for (const auto& [group, account] : members) builder.AddMember(groups.at(group), account);
  return std::move(builder).Finish().value();
}

constexpr auto kOn = AccountState::kActive;
constexpr auto kOff = AccountState::kInactive;

TEST(Diff, EqualRostersDifferInNothing) {
  Roster roster = MakeRoster({{"a", kOn}, {"b", kOff}}, {{"g1", "a"}, {"g2", "b"}});
  EXPECT_THAT(Diff(roster, roster), IsEmpty());
}

TEST(Diff, ApplyingTheRowsGivesAnEmptyDiffAndLeavingOneOutDoesNot) {
  Roster want = MakeRoster({{"a", kOn}, {"b", kOff}, {"c", kOn}}, {{"g1", "a"}, {"g2", "c"}});
  Roster have = MakeRoster({{"a", kOff}, {"b", kOn}, {"c", kOn}}, {{"g1", "b"}, {"g2", "c"}});
  std::vector<DiffRow> rows = Diff(want, have);
  EXPECT_THAT(rows, ElementsAre(DiffRow{Action::kDeactivate, 1, kNoGroup},
                                DiffRow{Action::kRemoveMembership, 1, 0},
                                DiffRow{Action::kActivate, 0, kNoGroup},
                                DiffRow{Action::kAddMembership, 0, 0}));
  EXPECT_THAT(Diff(want, Apply(have, rows)), IsEmpty());
  for (size_t i = 0; i < rows.size(); ++i) {
    std::vector<DiffRow> fewer = rows;
    fewer.erase(fewer.begin() + static_cast<ptrdiff_t>(i));
    EXPECT_EQ(Diff(want, Apply(have, fewer)).size(), 1u);
  }
}

TEST(Diff, WhatOnlyOneSideHasTakesNoPart) {
  Roster want = MakeRoster({{"a", kOn}, {"x", kOff}}, {{"g1", "x"}});
  Roster have = MakeRoster({{"a", kOn}, {"b", kOn}}, {{"g1", "b"}});
  EXPECT_THAT(Diff(want, have), IsEmpty());
}

TEST(Diff, UntouchableAccountsAreLeftAlone) {
  Roster want = MakeRoster({{"a", kOff}}, {});
  Roster have = MakeRoster({{"a", AccountState::kUntouchable}}, {});
  EXPECT_THAT(Diff(want, have), IsEmpty());
}

TEST(RosterBuilder, TheSameIdTwiceIsAnError) {
  RosterBuilder builder;
  Account account;
  account.id = "a";
  builder.AddAccount(account);
  builder.AddAccount(account);
  EXPECT_FALSE(std::move(builder).Finish().ok());
}

TEST(RosterBuilder, OrderDoesNotMatterAndDoubledMembershipsAreOne) {
  Roster one = MakeRoster({{"a", kOn}, {"b", kOff}}, {{"g1", "a"}, {"g1", "a"}, {"g2", "b"}});
  Roster two = MakeRoster({{"b", kOff}, {"a", kOn}}, {{"g2", "b"}, {"g1", "a"}});
  EXPECT_EQ(one.Hash(), two.Hash());
  EXPECT_EQ(one.memberships.size(), 2u);
}

}  // namespace
}  // namespace rollcall
