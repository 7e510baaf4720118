#include "reconciler/apply/staleness.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rollcall {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class StalenessTest : public testing::Test {
 protected:
  StalenessTest() {
    change_.account = account_.id = "1";
    change_.person = "x-1";
    change_.user_name = account_.user_name = "ann";
    change_.linked_email = account_.email = "ann@example.com";
    change_.linked_external_id = account_.external_id = "x-1";
  }
  std::string Changed() const { return WhatChanged(change_, account_, directory_); }

  Change change_;
  AccountRecord account_;
  DirectorySpec directory_;
};

TEST_F(StalenessTest, NothingChanged) { EXPECT_THAT(Changed(), IsEmpty()); }

TEST_F(StalenessTest, NamesAreComparedFolded) {  // rule L2
  account_.user_name = "ANN";
  account_.email = "Ann@Example.com";
  EXPECT_THAT(Changed(), IsEmpty());
}

TEST_F(StalenessTest, IdsAreComparedByteForByte) {
  account_.external_id = "X-1";
  EXPECT_THAT(Changed(), HasSubstr("externalId"));
  account_.external_id = "x-1";
  account_.id = "01";
  EXPECT_THAT(Changed(), HasSubstr("id"));
}

TEST_F(StalenessTest, NewUserNameIsNamed) {
  account_.user_name = "bob";
  EXPECT_EQ(Changed(), "its user name was \"ann\" and is \"bob\" now");
}

TEST_F(StalenessTest, UserNameDoesNotCountWhereTheKindHasNone) {
  directory_.kind = DirectoryKind::kJira;
  account_.user_name = "";
  EXPECT_THAT(Changed(), IsEmpty());
}

TEST_F(StalenessTest, EmailThatVanishedCounts) {
  account_.email = "";
  EXPECT_THAT(Changed(), HasSubstr("is empty now"));
}

TEST_F(StalenessTest, EmailThatWasNoProofMayBeAnything) {
  change_.linked_email = "";
  EXPECT_THAT(Changed(), IsEmpty());
}

TEST_F(StalenessTest, ExternalIdThatAppearedAndNamesThisPersonIsFine) {
  change_.linked_external_id = "";
  EXPECT_THAT(Changed(), IsEmpty());
}

TEST_F(StalenessTest, ExternalIdThatAppearedAndNamesSomebodyElseCounts) {  // rule L6
  change_.linked_external_id = "";
  account_.external_id = "x-2";
  EXPECT_THAT(Changed(), HasSubstr("x-2"));
}

TEST_F(StalenessTest, ExternalIdDoesNotCountWhereItIsIgnored) {  // rule L7
  directory_.match.external_id = MatchRule::ExternalId::kIgnore;
  account_.external_id = "x-2";
  EXPECT_THAT(Changed(), IsEmpty());
}

TEST_F(StalenessTest, UntouchableAccountIsNeverTouched) {  // rule A5
  account_.state = AccountState::kUntouchable;
  EXPECT_THAT(Changed(), HasSubstr("A5"));
}

TEST_F(StalenessTest, PartlyActiveIsNeitherGoal) {  // rule A4
  EXPECT_FALSE(AtGoal(Action::kActivate, AccountState::kPartlyActive));
  EXPECT_FALSE(AtGoal(Action::kDeactivate, AccountState::kPartlyActive));
  EXPECT_TRUE(AtGoal(Action::kActivate, AccountState::kActive));
  EXPECT_TRUE(AtGoal(Action::kDeactivate, AccountState::kInactive));
}

TEST_F(StalenessTest, RecordThatNamesAnotherOrganisationAccountIsNamed) {  // rule R2
  directory_.provisions = "cloud";
  change_.effects = {{"cloud", "aaid", Action::kDeactivate}, {"site", "aaid", Action::kDeactivate}};
  account_.linked_account = "aaid";
  EXPECT_THAT(Changed(), IsEmpty());
  account_.linked_account = "";  // then nothing is carried along, and verification will tell
  EXPECT_THAT(Changed(), IsEmpty());
  account_.linked_account = "other";
  EXPECT_EQ(Changed(), "its organisation account was \"aaid\" and is \"other\" now");
}

}  // namespace
}  // namespace rollcall
