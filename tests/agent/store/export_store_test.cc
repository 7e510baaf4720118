#include "agent/store/export_store.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ExportStoreTest : public StateTest {
 protected:
  static ExportFacts Facts(const std::string& hash, std::vector<absl::string_view> people,
                           const std::string& source = "people.json") {
    const auto count = static_cast<int64_t>(people.size());
    return {source, hash, {count, count - 1, 3, 4}, std::move(people)};
  }
  void Accept(const ExportFacts& facts) { ASSERT_OK(store_->exports().Accept(facts, now())); }
  // "id:times" of the absent, by id.
  std::vector<std::string> Absent() {
    std::vector<std::string> result;
    for (const AbsentPerson& person : Remembered().absent) {
      result.push_back(absl::StrCat(person.person, ":", person.missing_exports));
    }
    return result;
  }
};

TEST_F(ExportStoreTest, CountsOfTheLastAcceptedExportOfTheSameSourceComeBack) {
  Accept(Facts("h1", {"ada", "bob"}));
  Accept(Facts("h2", {"ada", "bob", "eve"}));
  Accept(Facts("h3", {"x"}, "other.json"));
  EXPECT_EQ(Remembered().last_accepted, (ExportCounts{3, 2, 3, 4}));
  EXPECT_EQ(Remembered().last_accepted_hash, "h2");
  EXPECT_EQ(Remembered("other.json").last_accepted_hash, "h3");
  EXPECT_EQ(Remembered("new.json").last_accepted, std::nullopt);
}

TEST_F(ExportStoreTest, PersonIsAbsentOnceForEachAcceptedExportWithoutThem) {
  Accept(Facts("h1", {"ada", "bob"}));
  EXPECT_THAT(Absent(), IsEmpty());
  Accept(Facts("h2", {"ada"}));
  EXPECT_THAT(Absent(), ElementsAre("bob:1"));
  Accept(Facts("h3", {"ada", "eve"}));
  EXPECT_THAT(Absent(), ElementsAre("bob:2"));
}

TEST_F(ExportStoreTest, SameContentTwiceCountsOnce) {
  Accept(Facts("h1", {"ada", "bob"}));
  Accept(Facts("h2", {"ada"}));
  Accept(Facts("h2", {"ada"}));
  EXPECT_THAT(Absent(), ElementsAre("bob:1"));
}

TEST_F(ExportStoreTest, WhoComesBackStartsAnew) {
  Accept(Facts("h1", {"ada", "bob"}));
  Accept(Facts("h2", {"ada"}));
  Accept(Facts("h3", {"bob", "ada"}));
  EXPECT_THAT(Absent(), IsEmpty());
  Accept(Facts("h4", {"ada"}));
  EXPECT_THAT(Absent(), ElementsAre("bob:1"));
}

TEST_F(ExportStoreTest, ProposedExportCountsOnlyOnceItsPlanIsApplied) {
  Accept(Facts("h1", {"ada", "bob"}));
  ASSERT_OK(store_->exports().Propose("p-1", Facts("h2", {"ada"}), now()));
  EXPECT_EQ(Remembered().last_accepted_hash, "h1");
  EXPECT_THAT(Absent(), IsEmpty());
  ASSERT_OK(store_->exports().AcceptProposed("p-1", now()));
  EXPECT_EQ(Remembered().last_accepted_hash, "h2");
  EXPECT_EQ(Remembered().last_accepted, (ExportCounts{1, 0, 3, 4}));
  EXPECT_THAT(Absent(), ElementsAre("bob:1"));
  ASSERT_OK(store_->exports().AcceptProposed("p-1", now()));
  EXPECT_THAT(Absent(), ElementsAre("bob:1"));
}

TEST_F(ExportStoreTest, TheNewestThreeProposalsAreKept) {
  for (int i = 1; i <= 4; ++i) {
    ASSERT_OK(store_->exports().Propose(absl::StrCat("p-", i), Facts(absl::StrCat("h", i), {"ada"}),
                                        now()));
  }
  ASSERT_OK(store_->exports().AcceptProposed("p-1", now()));
  EXPECT_EQ(Remembered().last_accepted_hash, "") << "the fourth pushed it out";
  ASSERT_OK(store_->exports().AcceptProposed("p-2", now()));
  EXPECT_EQ(Remembered().last_accepted_hash, "h2");
}

TEST_F(ExportStoreTest, MillionPeopleAreComparedInOnePass) {
  constexpr int kMany = 1000000;
  std::vector<std::string> ids;
  for (int i = 0; i < kMany; ++i) ids.push_back(absl::StrCat("person-", i));
  std::vector<absl::string_view> people(ids.begin(), ids.end());
  Accept(Facts("h1", people));
  people.erase(people.begin() + 5);
  people.push_back("new");
  Accept(Facts("h2", people));
  EXPECT_THAT(Absent(), ElementsAre("person-5:1"));
}

TEST_F(ExportStoreTest, WhoWasInAnAcceptedExportIsKnownAlsoWhenGone) {
  Accept(Facts("h1", {"ada", "bob"}));
  Accept(Facts("h2", {"ada"}));
  ASSERT_OK(store_->exports().Propose("p-blocked", Facts("h3", {"eve"}), now()));
  const auto known = [&](const std::string& person) {
    const absl::StatusOr<bool> knows = store_->exports().Knows(person);
    EXPECT_TRUE(knows.ok()) << knows.status();
    return knows.ok() && *knows;
  };
  EXPECT_TRUE(known("ada"));
  EXPECT_TRUE(known("bob"));
  EXPECT_FALSE(known("eve"));
  EXPECT_FALSE(known("Ada"));
  EXPECT_FALSE(known(""));
}

}  // namespace
}  // namespace rollcall
