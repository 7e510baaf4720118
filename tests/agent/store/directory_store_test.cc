#include "agent/store/directory_store.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class DirectoryStoreTest : public StateTest {
 protected:
  DirectoryStatus StatusOf(const std::string& directory) {
    const auto all = store_->directories().List();
    EXPECT_TRUE(all.ok()) << all.status();
    for (const DirectoryStatus& status : *all) {
      if (status.directory == directory) return status;
    }
    return {};
  }

  // A complete plan of the configured export.
  void SaveComplete(const Plan& plan) {
    PlanResult result;
    result.plan = plan;
    result.to_remember.export_accepted = true;
    ExportFacts facts;
    facts.source = "people.json";
    ASSERT_OK(store_->SaveAndRemember(result, "{}", facts, now()));
  }

  Plan OfTwo(const std::string& id) {
    Plan plan = MakePlan(id, {MakeChange(1, "crowd", Action::kDeactivate, "a"),
                              MakeChange(2, "crowd", Action::kAddMembership, "b", "dev")});
    plan.directories = {"crowd", "scim"};
    plan.snapshot_times = {{"crowd", now()}, {"scim", now()}};
    return plan;
  }

  // Applies the plan with these outcomes, all of which are verified.
  void Apply(const Plan& plan, const std::vector<Outcome>& outcomes,
             const std::map<std::string, std::string>& halted = {}) {
    ASSERT_OK(store_->runs().Start("r-" + plan.id, plan.id, {}, now()));
    auto journal = store_->OpenJournal("r-" + plan.id, runtime_);
    ASSERT_OK(journal.status());
    JournalBatch batch;
    batch.outcomes = outcomes;
    for (Outcome& outcome : batch.outcomes) outcome.verified = true;
    ASSERT_OK((*journal)->Commit(batch));
    RunEnd end{RunState::kPartial, now(), 0, 0, ""};
    end.halted = halted;
    ASSERT_OK(store_->runs().Finish("r-" + plan.id, end));
  }
};

TEST_F(DirectoryStoreTest, DirectoryThatNoPlanHasReadIsNotListed) {
  const auto all = store_->directories().List();
  ASSERT_OK(all.status());
  EXPECT_TRUE(all->empty());
}

TEST_F(DirectoryStoreTest, CompletePlanSaysWhatIsLeftAndWhereNothingIs) {
  SaveComplete(OfTwo("p-1"));
  const DirectoryStatus crowd = StatusOf("crowd");
  EXPECT_EQ(crowd.read, now());
  EXPECT_FALSE(crowd.success.has_value());
  EXPECT_THAT(crowd.drift,
              UnorderedElementsAre(Pair("activate", 0), Pair("deactivate", 1),
                                   Pair("add_membership", 1), Pair("remove_membership", 0)));
  EXPECT_EQ(StatusOf("scim").success, now());
}

TEST_F(DirectoryStoreTest, EffectIsDriftOfItsDirectoryTooSoItIsNoSuccess) {
  Plan plan = OfTwo("p-1");
  plan.changes[0].effects.push_back({"scim", "x", Action::kDeactivate, ""});
  SaveComplete(plan);
  EXPECT_FALSE(StatusOf("scim").success.has_value());
  Apply(plan, {MakeOutcome("c2", OutcomeState::kApplied)});
  EXPECT_FALSE(StatusOf("scim").success.has_value());
}

TEST_F(DirectoryStoreTest, FindingsThatAreDriftCountWhomTheyName) {
  Plan plan = OfTwo("p-1");
  plan.findings = {
      {"ambiguous", Severity::kWarning, "", "", "crowd", 0, 0, {"a", "b"}},
      {"group_not_in_export", Severity::kWarning, "", "", "", 0, 0, {}},
      {"missing", Severity::kInfo, "", "", "crowd", 0, 0, {"c"}},
  };
  SaveComplete(plan);
  EXPECT_EQ(StatusOf("crowd").drift.at("ambiguous"), 2);
  EXPECT_EQ(StatusOf("crowd").drift.count("missing"), 0u);
  EXPECT_THAT(StatusOf("").drift, ElementsAre(Pair("group_not_in_export", 1)));
  SaveComplete(OfTwo("p-2"));
  EXPECT_EQ(StatusOf("crowd").drift.count("ambiguous"), 0u);
  EXPECT_TRUE(StatusOf("").drift.empty());
}

TEST_F(DirectoryStoreTest, RunLeavesWhatDoesNotHold) {
  const Plan plan = OfTwo("p-1");
  SaveComplete(plan);
  Apply(plan,
        {MakeOutcome("c1", OutcomeState::kApplied), MakeOutcome("c2", OutcomeState::kRefused)});
  EXPECT_EQ(StatusOf("crowd").drift.at("deactivate"), 0);
  EXPECT_EQ(StatusOf("crowd").drift.at("add_membership"), 1);
  EXPECT_FALSE(StatusOf("crowd").success.has_value());
}

TEST_F(DirectoryStoreTest, RunWhoseChangesAllHoldIsASuccessOfItsDirectories) {
  const Plan plan = OfTwo("p-1");
  SaveComplete(plan);
  const absl::Time planned = now();
  runtime_.Advance(absl::Minutes(5));
  Apply(plan,
        {MakeOutcome("c1", OutcomeState::kApplied), MakeOutcome("c2", OutcomeState::kAlreadyDone)});
  EXPECT_EQ(StatusOf("crowd").success, now());
  EXPECT_EQ(StatusOf("crowd").drift.at("add_membership"), 0);
  EXPECT_EQ(StatusOf("scim").success, planned);  // the run had nothing to do there
}

TEST_F(DirectoryStoreTest, RunOfAnotherPlanThanTheLastCompleteOneSaysNothingOfTheDrift) {
  SaveComplete(OfTwo("p-1"));
  Plan one = MakePlan("p-one", {MakeChange(1, "crowd", Action::kDeactivate, "a")});
  ASSERT_OK(store_->plans().Save(one, "{}"));
  Apply(one, {MakeOutcome("c1", OutcomeState::kApplied)});
  EXPECT_EQ(StatusOf("crowd").drift.at("deactivate"), 1);
  EXPECT_FALSE(StatusOf("crowd").success.has_value());
}

TEST_F(DirectoryStoreTest, UnreadableDirectoryFailsUntilAPlanReadsItAlsoThroughARestart) {
  SaveComplete(OfTwo("p-1"));
  Plan failing = OfTwo("p-2");
  failing.directories = {"scim"};
  failing.unreadable = {"crowd"};
  failing.changes.clear();
  failing.findings = {
      {"unreadable_directory", Severity::kWarning, "no answer", "", "crowd", 1, 0, {}}};
  const absl::Time first = now();
  ASSERT_OK(store_->plans().Save(failing, "{}"));
  runtime_.Advance(absl::Hours(1));
  failing.id = "p-3";
  failing.create_time = now();
  SaveComplete(failing);
  Reopen();
  EXPECT_EQ(StatusOf("crowd").failed, first);
  EXPECT_EQ(StatusOf("crowd").problem, "no answer");
  EXPECT_EQ(StatusOf("crowd").drift.at("deactivate"), 1);  // as it was last known
  EXPECT_FALSE(StatusOf("scim").failed.has_value());
  SaveComplete(OfTwo("p-4"));
  EXPECT_FALSE(StatusOf("crowd").failed.has_value());
  EXPECT_EQ(StatusOf("crowd").problem, "");
}

TEST_F(DirectoryStoreTest, DirectoryThatRefusedTheKeyWhileApplyingFails) {
  const Plan plan = OfTwo("p-1");
  SaveComplete(plan);
  Apply(plan, {MakeOutcome("c1", OutcomeState::kRefused)}, {{"crowd", "the key was refused"}});
  EXPECT_EQ(StatusOf("crowd").failed, now());
  EXPECT_EQ(StatusOf("crowd").problem, "the key was refused");
}

}  // namespace
}  // namespace rollcall
