#include "reconciler/plan/budget.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/support/company.h"

namespace rollcall {
namespace {

class BudgetTest : public ::testing::Test {
 protected:
  void Add(Action action, int count, const std::string& group = "",
           const std::string& directory = "dir") {
    for (int n = 0; n < count; ++n) {
      Change change;
      change.directory = directory;
      change.action = action;
      change.account = absl::StrCat("a", n);
      change.group = group;
      change.group_id = group.empty() ? "" : absl::StrCat("g-", group);
      changes_.push_back(change);
    }
  }
  DirectoryTraits& traits(const std::string& directory = "dir") {
    return company_.Directory(directory).traits();
  }
  Budget Compute() {
    traits();
    return ComputeBudget(company_.Input(), changes_);
  }
  Company company_;
  std::vector<Change> changes_;
};

TEST_F(BudgetTest, NoChangesCostNothing) { EXPECT_EQ(Compute(), Budget()); }

TEST_F(BudgetTest, EachAccountChangeIsOneWriteAndTwoReads) {
  Add(Action::kDeactivate, 3);
  Add(Action::kActivate, 2);
  EXPECT_EQ(Compute().write_requests, 5);
  EXPECT_EQ(Compute().read_requests, 10);
}

TEST_F(BudgetTest, WhatProbingSaysOfOneChangeWinsOverTheKind) {
  traits().writes_per_account_change = 2;
  Add(Action::kDeactivate, 3);
  changes_[1].writes = 5;
  EXPECT_EQ(Compute().write_requests, 2 + 5 + 2);
}

TEST_F(BudgetTest, TheReadsOfAReRouteAreInTheBoundAndItsWriteIsNot) {
  traits("scim").reads_per_account_change = 3;
  traits("scim").membership_batch = 2;
  traits("scim").reads_per_group_batch = 2;
  Add(Action::kDeactivate, 2);
  changes_[0].reroute = Reroute{"scim", "s0", "", "", "", "", ""};
  EXPECT_EQ(Compute().read_requests, 2 * 2 + 3);
  EXPECT_EQ(Compute().write_requests, 2);
  changes_.clear();
  Add(Action::kAddMembership, 3, "eng");
  const Budget without = Compute();
  for (Change& change : changes_) change.reroute = Reroute{"scim", "s", "", "eng", "g", "", ""};
  EXPECT_EQ(Compute().read_requests, without.read_requests + 2 * 2);
  EXPECT_EQ(Compute().write_requests, without.write_requests);
}

TEST_F(BudgetTest, AKindMayNeedMoreRequestsAChange) {
  traits().writes_per_account_change = 2;
  traits().reads_per_account_change = 3;
  Add(Action::kDeactivate, 3);
  EXPECT_EQ(Compute().write_requests, 6);
  EXPECT_EQ(Compute().read_requests, 9);
}

TEST_F(BudgetTest, AFullBatchIsOneWrite) {
  traits().membership_batch = 100;
  Add(Action::kAddMembership, 100, "eng");
  EXPECT_EQ(Compute().write_requests, 1);
  EXPECT_EQ(Compute().read_requests, 2);
}

TEST_F(BudgetTest, OneMemberMoreThanABatchIsASecondWrite) {
  traits().membership_batch = 100;
  Add(Action::kAddMembership, 101, "eng");
  EXPECT_EQ(Compute().write_requests, 2);
  EXPECT_EQ(Compute().read_requests, 4);
}

TEST_F(BudgetTest, GroupsActionsAndDirectoriesDoNotShareBatches) {
  traits("other");
  Add(Action::kAddMembership, 1, "eng");
  Add(Action::kAddMembership, 1, "ops");
  Add(Action::kRemoveMembership, 1, "eng");
  Add(Action::kAddMembership, 1, "eng", "other");
  EXPECT_EQ(Compute().write_requests, 4);
}

TEST_F(BudgetTest, TheOrderOfChangesDoesNotMatter) {
  Add(Action::kAddMembership, 1, "eng");
  Add(Action::kAddMembership, 1, "ops");
  Add(Action::kAddMembership, 1, "eng");
  EXPECT_EQ(Compute().write_requests, 2);
}

TEST_F(BudgetTest, AnEffectIsOneReadAndNoWrite) {
  traits("cloud");
  Add(Action::kDeactivate, 1);
  changes_[0].effects = {{"cloud", "x", Action::kDeactivate}};
  EXPECT_EQ(Compute().write_requests, 1);
  EXPECT_EQ(Compute().read_requests, 3);
}

// An organisation with two directories asks four times to see one account.
TEST_F(BudgetTest, AnEffectCostsAsManyReadsAsOneLookAtItsKind) {
  traits("cloud").reads_per_account_change = 8;
  Add(Action::kActivate, 2);
  changes_[0].effects = {{"cloud", "x", Action::kActivate}};
  changes_[1].effects = {{"cloud", "y", Action::kActivate}};
  EXPECT_EQ(Compute().read_requests, 2 * 2 + 2 * 4);
}

TEST_F(BudgetTest, AGroupIsReadOnceForAllThatFollowsInIt) {
  traits("cloud").reads_per_group_batch = 7;
  Add(Action::kAddMembership, 3, "eng");
  for (Change& change : changes_) {
    change.effects = {{"cloud", change.account, Action::kAddMembership, "g-1"}};
  }
  changes_[2].effects[0].group_id = "g-2";
  EXPECT_EQ(Compute().read_requests, 2 + 2 * 4);
}

TEST_F(BudgetTest, TheSlowestDirectoryDecidesTheTime) {
  traits().requests_per_second = 30;
  traits("slow").requests_per_second = 1;
  Add(Action::kDeactivate, 10);             // 30 requests: 1 s
  Add(Action::kDeactivate, 1, "", "slow");  // 3 requests: 3 s
  EXPECT_EQ(Compute().estimated_duration, absl::Seconds(3));
}

TEST_F(BudgetTest, TheReadsOfEffectsTakeTimeInTheirDirectory) {
  traits("cloud").requests_per_second = 0.5;
  Add(Action::kDeactivate, 1);
  changes_[0].effects = {{"cloud", "x", Action::kDeactivate}};
  EXPECT_EQ(Compute().estimated_duration, absl::Seconds(2));
}

TEST_F(BudgetTest, TheTimeIsRoundedUpToMilliseconds) {
  traits().requests_per_second = 7;
  Add(Action::kDeactivate, 1);  // 3/7 s
  EXPECT_EQ(Compute().estimated_duration, absl::Milliseconds(429));
}

}  // namespace
}  // namespace rollcall
