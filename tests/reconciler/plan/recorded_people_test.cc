// Whom a name means while the export cannot be read.
#include "reconciler/plan/recorded_people.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RecordedPeopleTest : public ::testing::Test {
 protected:
  struct Row {
    std::string id, user_name, email;
  };
  void Add(const std::string& directory, const std::vector<Row>& rows) {
    RosterBuilder builder;
    for (const Row& row : rows) {
      Account account;
      account.id = row.id;
      account.user_name = row.user_name;
      account.email = row.email;
      builder.AddAccount(account);
    }
    DirectoryInput& input = directories_.emplace_back();
    input.id = directory;
    input.snapshot.emplace();
    input.snapshot->roster = std::move(builder).Finish().value();
  }
  void Link(const std::string& directory, const std::string& account, const std::string& person,
            Proof proof = Proof::kRecordedName) {
    memory_.links.push_back({directory, account, person, proof, "", false});
  }
  RecordedPeople Find(const std::string& query) {
    return FindRecordedPeople(memory_, directories_, query);
  }

  Memory memory_;
  std::vector<DirectoryInput> directories_;
};

TEST_F(RecordedPeopleTest, AUserNameOrAnEmailInAnyDirectoryFindsThePersonBehindItsLink) {
  Add("corp", {{"a1", "ada", "ada@example.com"}, {"a2", "bob", "bob@example.com"}});
  Add("cloud", {{"x1", "", "countess@example.com"}});
  Link("corp", "a1", "p1");
  Link("cloud", "x1", "p1");
  Link("corp", "a2", "p2");
  EXPECT_THAT(Find("ADA").people, ElementsAre("p1"));
  EXPECT_THAT(Find("ada@Example.com").people, ElementsAre("p1"));
  EXPECT_THAT(Find("countess@example.com").people, ElementsAre("p1"));
  EXPECT_THAT(Find("carl@example.com").people, IsEmpty());
}

TEST_F(RecordedPeopleTest, AStableIdMeansThatPersonWhateverAccountsAreCalled) {
  Add("corp", {{"a1", "p2", "ada@example.com"}});
  Link("corp", "a1", "p1");
  Link("corp", "gone", "p2");
  EXPECT_THAT(Find("p2").people, ElementsAre("p2"));
  EXPECT_THAT(Find("P2").people, ElementsAre("p1"));  // ids compare byte for byte
}

TEST_F(RecordedPeopleTest, AccountsOfSeveralPeopleAreAllNamed) {
  Add("corp", {{"a1", "ada", "ada@example.com"}});
  Add("site", {{"b1", "ada2", "ada@example.com"}});
  Link("corp", "a1", "p1");
  Link("site", "b1", "p2");
  EXPECT_THAT(Find("ada@example.com").people, ElementsAre("p1", "p2"));
}

TEST_F(RecordedPeopleTest, AnAccountWithoutALinkProvesNothingAndIsNamed) {
  Add("corp", {{"a1", "ada", "ada@example.com"}, {"a2", "ada.old", "ada@example.com"}});
  Link("corp", "a1", "p1");
  Link("corp", "a2", "p1");
  memory_.links.back().severed = true;
  const RecordedPeople found = Find("ada@example.com");
  EXPECT_THAT(found.people, ElementsAre("p1"));
  EXPECT_THAT(found.unproven, ElementsAre("corp/a2"));
}

TEST_F(RecordedPeopleTest, ADirectoryThatWasNotReadTellsNothing) {
  directories_.emplace_back().id = "corp";
  Link("corp", "a1", "p1");
  EXPECT_THAT(Find("ada").people, IsEmpty());
}

TEST_F(RecordedPeopleTest, AHoldByNameReachesEveryAccountOfSomebodyWhoIsGone) {
  Add("corp", {{"a1", "ada", "ada@example.com"}});
  Link("corp", "a1", "p1");
  Hold hold;
  hold.email = "ADA@example.com";
  memory_.holds = {hold};
  Export exported;
  ExtendHoldsToGonePeople(exported, directories_, memory_);
  ASSERT_EQ(memory_.holds.size(), 2u);
  EXPECT_EQ(memory_.holds[1].person, "p1");
  // Of somebody whom the export holds, it is only a name.
  memory_.holds = {hold};
  exported.people.emplace_back().id = "p1";
  ExtendHoldsToGonePeople(exported, directories_, memory_);
  EXPECT_EQ(memory_.holds.size(), 1u);
  // Nor does an exception that keeps somebody in.
  exported.people.clear();
  memory_.holds[0].kind = Hold::Kind::kActivated;
  ExtendHoldsToGonePeople(exported, directories_, memory_);
  EXPECT_EQ(memory_.holds.size(), 1u);
}

TEST_F(RecordedPeopleTest, ExternalIdsCountWhereAnIdHasEverProvenALink) {
  Link("corp", "a1", "p1");
  EXPECT_FALSE(ExportOfNobody(memory_).has_stable_ids);
  Link("corp", "a2", "p2", Proof::kRecordedId);
  EXPECT_TRUE(ExportOfNobody(memory_).has_stable_ids);
  EXPECT_TRUE(ExportOfNobody(memory_).people.empty());
}

}  // namespace
}  // namespace rollcall
