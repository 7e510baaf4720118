// What the service asks of the store: plans that are being made, parts of plans and runs, and what
// was asked for before.
#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PagingTest : public StateTest {
 protected:
  static std::vector<Change> Changes(int count) {
    std::vector<Change> changes;
    for (int i = 1; i <= count; ++i) {
      changes.push_back(MakeChange(i, "crowd", Action::kDeactivate, absl::StrCat("a", i)));
    }
    return changes;
  }

  std::vector<std::string> Plans(int64_t limit,
                                 int64_t before = std::numeric_limits<int64_t>::max()) {
    std::vector<std::string> ids;
    const auto plans = store_->plans().List(limit, before);
    EXPECT_TRUE(plans.ok()) << plans.status();
    for (const PlanSummary& plan : *plans) {
      ids.push_back(plan.id);
      last_ = plan.place;
    }
    return ids;
  }

  std::vector<std::string> ChangesFrom(const std::string& plan, int64_t first, int64_t limit) {
    std::vector<std::string> ids;
    const auto changes = store_->plans().LoadChanges(plan, {first, limit});
    EXPECT_TRUE(changes.ok()) << changes.status();
    for (const Change& change : *changes) ids.push_back(change.id);
    return ids;
  }

  int64_t last_ = 0;  // the place of the last plan listed
};

TEST_F(PagingTest, PlanCanBeAskedForWhileItIsMade) {
  ASSERT_OK(store_->plans().BeginPlanning("p-1", {"ops", "planner"}, now()));
  EXPECT_EQ(store_->plans().Load("p-1")->state, PlanState::kPlanning);
  EXPECT_THAT(*store_->plans().StillPlanning(), ElementsAre("p-1"));
  EXPECT_FALSE(store_->runs().Start("r-1", "p-1", {}, now()).ok());
  ASSERT_OK(store_->plans().Save(MakePlan("p-0", {}), "{}"));
  ASSERT_OK(store_->plans().Save(MakePlan("p-1", Changes(2)), "{\"made\": 1}"));
  Reopen();
  EXPECT_THAT(*store_->plans().StillPlanning(), IsEmpty());
  EXPECT_EQ(store_->plans().Load("p-1")->changes, Changes(2));
  EXPECT_EQ(*store_->plans().LoadDocument("p-1"), "{\"made\": 1}");
  EXPECT_EQ(store_->plans().Summary("p-1")->requester, (Requester{"ops", "planner"}));
  // It stays where it was begun.
  EXPECT_THAT(Plans(9), ElementsAre("p-0", "p-1"));
}

TEST_F(PagingTest, PlanThatIsMadeAlreadyIsNotMadeAgain) {
  ASSERT_OK(store_->plans().BeginPlanning("p-1", {}, now()));
  EXPECT_EQ(store_->plans().BeginPlanning("p-1", {}, now()).code(),
            absl::StatusCode::kAlreadyExists);
  ASSERT_OK(store_->plans().Save(MakePlan("p-1", {}), "{}"));
  EXPECT_EQ(store_->plans().Save(MakePlan("p-1", {}), "{}").code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(PagingTest, PlansAreListedPageByPageWhileMoreAreMade) {
  for (const char* id : {"p-1", "p-2", "p-3"}) {
    ASSERT_OK(store_->plans().Save(MakePlan(id, {}), "{}"));
  }
  EXPECT_THAT(Plans(2), ElementsAre("p-3", "p-2"));
  ASSERT_OK(store_->plans().Save(MakePlan("p-4", {}), "{}"));
  EXPECT_THAT(Plans(2, last_), ElementsAre("p-1"));
  EXPECT_THAT(Plans(2, last_), IsEmpty());
}

TEST_F(PagingTest, ChangesComeInPartsWithWhatBelongsToThem) {
  Plan plan = MakePlan("p-1", Changes(5));
  plan.changes[3].effects = {{"cloud", "x", Action::kDeactivate, ""}};
  plan.changes[4].reroute = Reroute{"scim", "s", "name", "", "", "", ""};
  ASSERT_OK(store_->plans().Save(plan, "{}"));
  EXPECT_THAT(ChangesFrom("p-1", 0, 2), ElementsAre("c1", "c2"));
  EXPECT_THAT(ChangesFrom("p-1", 4, 2), ElementsAre("c5"));
  EXPECT_THAT(ChangesFrom("p-1", 5, 2), IsEmpty());
  EXPECT_EQ(*store_->plans().LoadChanges("p-1", {3, 2}),
            std::vector<Change>(plan.changes.begin() + 3, plan.changes.end()));
  EXPECT_EQ(store_->plans().LoadChanges("p-9", {0, 2}).status().code(),
            absl::StatusCode::kNotFound);
  const auto rest = store_->plans().LoadWithoutChanges("p-1");
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_THAT(rest->changes, IsEmpty());
  EXPECT_EQ(rest->directories, plan.directories);
}

TEST_F(PagingTest, OutcomesComeInThePlansOrderWithoutWhatIsPending) {
  auto journal = Begin("1", Changes(12));
  ASSERT_OK(journal->Commit({{MakeOutcome("c11", OutcomeState::kApplied)}, {}, {}}));
  ASSERT_OK(journal->Commit({{MakeOutcome("c2", OutcomeState::kFailed)}, {}, {"c3"}}));
  ASSERT_OK(journal->Commit({{MakeOutcome("c1", OutcomeState::kApplied)}, {}, {}}));
  const auto first = store_->runs().LoadOutcomes("r-1", 0, 2);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(first->outcomes, ElementsAre(MakeOutcome("c1", OutcomeState::kApplied),
                                           MakeOutcome("c2", OutcomeState::kFailed)));
  ASSERT_TRUE(first->next.has_value());
  const auto second = store_->runs().LoadOutcomes("r-1", *first->next, 2);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_THAT(second->outcomes, ElementsAre(MakeOutcome("c11", OutcomeState::kApplied)));
  EXPECT_EQ(second->next, std::nullopt);
  EXPECT_EQ(store_->runs().LoadOutcomes("r-9", 0, 2).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(PagingTest, HeadOfARunSaysHowFarItIsAndForWhom) {
  ASSERT_OK(store_->plans().Save(MakePlan("p-1", Changes(3)), "{}"));
  ASSERT_OK(
      store_->runs().Start("r-1", "p-1", {{"first_run", "read"}}, now(), {"ops", "operator"}));
  auto journal = store_->OpenJournal("r-1", runtime_);
  ASSERT_TRUE(journal.ok()) << journal.status();
  ASSERT_OK((*journal)->Commit({{MakeOutcome("c1", OutcomeState::kApplied)}, {}, {"c2"}}));
  const auto head = store_->runs().LoadHead("r-1");
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->settled, 1);
  EXPECT_EQ(head->requester, (Requester{"ops", "operator"}));
  EXPECT_EQ(head->run.plan, "p-1");
  EXPECT_THAT(head->run.waivers, ElementsAre(Waiver{"first_run", "read"}));
  EXPECT_THAT(head->run.outcomes, IsEmpty());
  EXPECT_EQ((*store_->runs().List(1))[0].requester, (Requester{"ops", "operator"}));
  EXPECT_EQ(store_->runs().LoadHead("r-9").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(PagingTest, RequestAskedTwiceGivesWhatItGaveFirst) {
  RequestStore& requests = store_->requests();
  EXPECT_EQ(*requests.Remember("ops", "id-1", "digest", "p-1", now()), std::nullopt);
  Reopen();
  EXPECT_EQ(*store_->requests().Remember("ops", "id-1", "digest", "p-2", now()), "p-1");
  // Ids are each caller's own.
  EXPECT_EQ(*store_->requests().Remember("dev", "id-1", "digest", "p-3", now()), std::nullopt);
  const auto other = store_->requests().Remember("ops", "id-1", "another", "p-4", now());
  EXPECT_EQ(other.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(other.status().message()), HasSubstr("id-1 was used for another"));
}

TEST_F(PagingTest, RequestIsForgottenWhenItWasRefusedOrIsOld) {
  RequestStore& requests = store_->requests();
  EXPECT_EQ(*requests.Remember("ops", "id-1", "digest", "p-1", now()), std::nullopt);
  ASSERT_OK(requests.Forget("ops", "id-1"));
  EXPECT_EQ(*requests.Remember("ops", "id-1", "another", "p-2", now()), std::nullopt);
  EXPECT_EQ(*requests.DeleteOld(now()), 0);
  EXPECT_EQ(*requests.DeleteOld(now() + absl::Seconds(1)), 1);
  EXPECT_EQ(*requests.Remember("ops", "id-1", "digest", "p-3", now()), std::nullopt);
}

}  // namespace
}  // namespace rollcall
