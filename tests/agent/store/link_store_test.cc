#include "agent/store/link_store.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

RecordedLink ById(const std::string& account, const std::string& person) {
  return {"crowd", account, person, Proof::kRecordedId, "", false};
}
RecordedLink ByName(const std::string& account, const std::string& person) {
  return {"crowd", account, person, Proof::kRecordedName, "", false};
}

class LinkStoreTest : public StateTest {
 protected:
  void Record(std::vector<RecordedLink> links) {
    ASSERT_OK(store_->links().Record(std::move(links), now()));
  }
  std::vector<RecordedLink> Links() { return *store_->links().List(); }
  size_t Events(const std::string& account) {
    return store_->links().History("crowd", account, 1000)->size();
  }
};

TEST_F(LinkStoreTest, LinksAreKeptWithTheirProof) {
  Record({ByName("a2", "bob"),
          ById("a1", "ada"),
          {"scim", "s1", "ada", Proof::kRecordedId, "", false}});
  Reopen();
  EXPECT_THAT(Links(),
              ElementsAre(ById("a1", "ada"), ByName("a2", "bob"),
                          RecordedLink{"scim", "s1", "ada", Proof::kRecordedId, "", false}));
}

TEST_F(LinkStoreTest, SameLinkAgainWritesNothing) {
  Record({ById("a1", "ada")});
  Record({ById("a1", "ada")});
  EXPECT_EQ(Events("a1"), 1u);
}

TEST_F(LinkStoreTest, StrongerProofOfTheSamePersonReplacesTheWeakerOne) {
  Record({ByName("a1", "ada")});
  Record({ById("a1", "ada")});
  EXPECT_THAT(Links(), ElementsAre(ById("a1", "ada")));
}

TEST_F(LinkStoreTest, AccountThatHasAnotherPersonNowLosesItsOldLink) {
  Record({ByName("a1", "ada")});
  Record({ById("a1", "bob")});
  EXPECT_THAT(Links(), ElementsAre(ById("a1", "bob")));
  EXPECT_EQ(Events("a1"), 3u);
}

TEST_F(LinkStoreTest, LinkOfSomebodyThePlanSaysNothingAboutStays) {
  Record({ByName("a1", "gone")});
  Record({ByName("a2", "bob")});
  EXPECT_THAT(Links(), ElementsAre(ByName("a1", "gone"), ByName("a2", "bob")));
}

TEST_F(LinkStoreTest, LinkByHandIsNeverOverwrittenByAPlan) {
  ASSERT_OK(store_->links().LinkByHand("ada", "crowd", "a1", "she said so", now()));
  Record({ById("a1", "bob")});
  ASSERT_THAT(Links(), SizeIs(1));
  EXPECT_EQ(Links()[0].person, "ada");
  EXPECT_EQ(Links()[0].proof, Proof::kByHand);
  EXPECT_EQ(Links()[0].reason, "she said so");
}

TEST_F(LinkStoreTest, LinkByHandTakesTheAccountFromOthersAndThePersonFromOtherAccounts) {
  Record({ById("a1", "bob"), ById("a2", "ada")});
  ASSERT_OK(store_->links().LinkByHand("ada", "crowd", "a1", "swap", now()));
  EXPECT_THAT(Links(),
              ElementsAre(RecordedLink{"crowd", "a1", "ada", Proof::kByHand, "swap", false}));
}

TEST_F(LinkStoreTest, SeveredLinkIsNotRecordedAgainButAnotherPersonMayHaveTheAccount) {
  Record({ByName("a1", "ada")});
  ASSERT_OK(store_->links().Sever("ada", "crowd", "a1", "namesake", now()));
  Record({ByName("a1", "ada")});
  ASSERT_THAT(Links(), SizeIs(1));
  EXPECT_TRUE(Links()[0].severed);
  Record({ByName("a1", "bob")});
  EXPECT_THAT(Links(), SizeIs(2));
}

TEST_F(LinkStoreTest, LinkByHandSettlesWhatWasSevered) {
  ASSERT_OK(store_->links().Sever("ada", "crowd", "a1", "namesake", now()));
  ASSERT_OK(store_->links().LinkByHand("ada", "crowd", "a1", "a mistake", now()));
  ASSERT_THAT(Links(), SizeIs(1));
  EXPECT_FALSE(Links()[0].severed);
}

TEST_F(LinkStoreTest, HistoryTellsWhatHappenedInOrder) {
  Record({ByName("a1", "ada")});
  ASSERT_OK(store_->links().Sever("ada", "crowd", "a1", "namesake", now()));
  ASSERT_OK(store_->links().LinkByHand("bob", "crowd", "a1", "his", now()));
  std::vector<LinkEvent::Kind> kinds;
  const std::vector<LinkEvent> history = *store_->links().History("crowd", "a1", 10);
  for (const LinkEvent& event : history) {
    kinds.push_back(event.kind);
  }
  EXPECT_THAT(kinds, ElementsAre(LinkEvent::Kind::kRecorded, LinkEvent::Kind::kSevered,
                                 LinkEvent::Kind::kByHand));
  EXPECT_THAT(*store_->links().History("crowd", "a1", 1), SizeIs(1));
}

TEST_F(LinkStoreTest, TwoPeopleForOneAccountAreRefusedWhole) {
  EXPECT_EQ(store_->links().Record({ById("a1", "ada"), ById("a1", "bob")}, now()).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Links(), IsEmpty());
}

TEST_F(LinkStoreTest, HundredThousandLinksWriteOnlyTheirDifferences) {
  std::vector<RecordedLink> links;
  for (int i = 0; i < 100000; ++i) {
    links.push_back(ById(absl::StrCat("account", i), absl::StrCat("person", i)));
  }
  Record(links);
  links[7].proof = Proof::kRecordedName;
  Record(links);
  EXPECT_EQ(Links().size(), links.size());
  EXPECT_EQ(Events("account7"), 2u);
  EXPECT_EQ(Events("account8"), 1u);
}

}  // namespace
}  // namespace rollcall
