#include "agent/store/plan_store.h"

#include "reconciler/base/fingerprint.h"
#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PlanStoreTest : public StateTest {
 protected:
  Plan FullPlan() {
    Plan plan = MakePlan("p-full", {MakeChange(1, "scim", Action::kRemoveMembership, "a1", "Eng")});
    Change& change = plan.changes[0];
    change.user_name = "ada";
    change.reason = "G2: not listed";
    change.routed_from = "cloud";
    change.effects = {{"cloud", "x1", Action::kRemoveMembership, "g-9"},
                      {"site", "x2", Action::kActivate}};
    change.group_id = "g-1";
    change.linked_email = "ada@example.com";
    change.linked_external_id = std::string("with\0zero", 9);
    change.writes = 0;
    plan.changes.push_back(MakeChange(2, "scim", Action::kAddMembership, "a2", "Eng"));
    plan.changes[1].reroute =
        Reroute{"other", "o1", "ada", "Eng", "g-2", "ada@example.com", std::string("\0x", 2)};
    plan.labels = {{"s2", "ada"}};
    plan.state = PlanState::kBlocked;
    plan.etag = "etag";
    plan.config_hash = "config";
    plan.counts = {1, 2, 3, 4, 5, 6};
    plan.requests_used = 7;
    plan.budget = {8, 9, absl::Milliseconds(1500)};
    plan.findings = {{"first_run", Severity::kBlocking, "m", "c", "scim", 10, 11, {"s1", "s2"}},
                     {"missing", Severity::kInfo, "m2", "c2", "", 0, 0, {}}};
    plan.directories = {"scim", "cloud"};
    plan.unreadable = {"crowd"};
    plan.snapshot_times = {{"scim", now()}, {"cloud", now() + absl::Nanoseconds(1)}};
    plan.covered_groups = {{"scim", "z"}, {"scim", "a"}};
    return plan;
  }
};

TEST_F(PlanStoreTest, EveryFieldOfAPlanComesBackAfterReopening) {
  const Plan plan = FullPlan();
  ASSERT_OK(store_->plans().Save(plan, "{\"id\": \"p-full\"}\n"));
  Reopen();
  auto loaded = store_->plans().Load("p-full");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->id, plan.id);
  EXPECT_EQ(loaded->state, plan.state);
  EXPECT_EQ(loaded->etag, plan.etag);
  EXPECT_EQ(loaded->create_time, plan.create_time);
  EXPECT_EQ(loaded->config_hash, plan.config_hash);
  EXPECT_EQ(loaded->state_id, plan.state_id);
  EXPECT_EQ(loaded->counts, plan.counts);
  EXPECT_EQ(loaded->requests_used, plan.requests_used);
  EXPECT_EQ(loaded->budget, plan.budget);
  EXPECT_EQ(loaded->changes, plan.changes);
  EXPECT_EQ(loaded->findings, plan.findings);
  EXPECT_EQ(loaded->directories, plan.directories);
  EXPECT_EQ(loaded->unreadable, plan.unreadable);
  EXPECT_EQ(loaded->snapshot_times, plan.snapshot_times);
  EXPECT_EQ(loaded->covered_groups, plan.covered_groups);
  EXPECT_EQ(loaded->labels, plan.labels);
}

TEST_F(PlanStoreTest, DocumentIsKeptByteForByteWithItsHash) {
  const std::string document("{\"a\":\0\xFF}\n", 9);
  ASSERT_OK(store_->plans().Save(FullPlan(), document));
  EXPECT_EQ(*store_->plans().LoadDocument("p-full"), document);
  EXPECT_EQ(*store_->plans().DocumentSha256("p-full"), Sha256Hex(document));
}

TEST_F(PlanStoreTest, PlanThatIsNotThereIsNotFound) {
  EXPECT_EQ(store_->plans().Load("p-9").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->plans().LoadDocument("p-9").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->plans().ChangeState("p-9", PlanState::kReady, PlanState::kStale).code(),
            absl::StatusCode::kNotFound);
}

TEST_F(PlanStoreTest, SameIdTwiceIsRefusedAndTheFirstStays) {
  ASSERT_OK(store_->plans().Save(FullPlan(), "one"));
  EXPECT_EQ(store_->plans().Save(FullPlan(), "two").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*store_->plans().LoadDocument("p-full"), "one");
}

TEST_F(PlanStoreTest, NewestComesFirst) {
  EXPECT_EQ(*store_->plans().Newest(), std::nullopt);
  for (const char* id : {"p-1", "p-2", "p-3"}) {
    ASSERT_OK(store_->plans().Save(MakePlan(id, {}), "{}"));
  }
  EXPECT_EQ(*store_->plans().Newest(), "p-3");
  auto plans = store_->plans().List(2);
  ASSERT_TRUE(plans.ok());
  EXPECT_THAT(*plans, ElementsAre(::testing::Field(&PlanSummary::id, "p-3"),
                                  ::testing::Field(&PlanSummary::id, "p-2")));
}

TEST_F(PlanStoreTest, StateChangesOnlyFromTheStateThatWasExpected) {
  ASSERT_OK(store_->plans().Save(MakePlan("p-1", {}), "{}"));
  ASSERT_OK(store_->plans().ChangeState("p-1", PlanState::kReady, PlanState::kStale));
  const absl::Status again =
      store_->plans().ChangeState("p-1", PlanState::kReady, PlanState::kStale);
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(again.message()), HasSubstr("is STALE"));
}

TEST_F(PlanStoreTest, UnusedPlansAreDeletedAndUsedOnesStay) {
  ASSERT_OK(store_->plans().Save(FullPlan(), "{}"));
  ApplyAll("used", {MakeChange(1, "scim", Action::kActivate, "a1")});
  EXPECT_EQ(*store_->plans().DeleteUnused(now()), 0);
  EXPECT_EQ(*store_->plans().DeleteUnused(now() + absl::Seconds(1)), 1);
  EXPECT_FALSE(store_->plans().Load("p-full").ok());
  EXPECT_TRUE(store_->plans().Load("p-used").ok());
}

TEST_F(PlanStoreTest, HalfAMillionChangesAreSavedAndLoaded) {
  constexpr int kMany = 500000;
  Plan plan = MakePlan("p-big", {});
  plan.changes.reserve(kMany);
  for (int i = 1; i <= kMany; ++i) {
    plan.changes.push_back(
        MakeChange(i, "scim", Action::kAddMembership, absl::StrCat("account-", i), "everybody"));
  }
  ASSERT_OK(store_->plans().Save(plan, "{}"));
  auto loaded = store_->plans().Load("p-big");
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->changes, plan.changes);
}

}  // namespace
}  // namespace rollcall
