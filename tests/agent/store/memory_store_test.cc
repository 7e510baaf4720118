#include "agent/store/memory_store.h"

#include "absl/strings/str_cat.h"
#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MemoryStoreTest : public StateTest {
 protected:
  Change One(Action action, const std::string& group = "") {
    return MakeChange(1, "crowd", action, "a1", group);
  }
  int64_t TimesApplied(Action action) {
    for (const Memory::Reversal& repeat : Remembered().applied_repeatedly) {
      if (repeat.action == action) return repeat.applied_times;
    }
    return 0;
  }
};

TEST_F(MemoryStoreTest, NewStateRemembersNothing) {
  const Memory memory = Remembered();
  EXPECT_THAT(memory.links, IsEmpty());
  EXPECT_THAT(memory.applied_directories, IsEmpty());
  EXPECT_EQ(memory.last_accepted, std::nullopt);
  EXPECT_THAT(memory.absent, IsEmpty());
}

TEST_F(MemoryStoreTest, AppliedChangesCountForOneDayWithTheWaiversOfTheirRun) {
  ApplyAll("1", {One(Action::kDeactivate)}, {{"max_deactivations", "a merger"}});
  Memory memory = Remembered();
  ASSERT_THAT(memory.applied_last_24h, SizeIs(1));
  const PastChange& past = memory.applied_last_24h[0];
  EXPECT_GT(past.run, 0);
  EXPECT_EQ(past.directory, "crowd");
  EXPECT_EQ(past.action, Action::kDeactivate);
  EXPECT_EQ(past.account, "a1");
  EXPECT_EQ(past.person, "person of a1");
  EXPECT_EQ(past.time, now());
  EXPECT_THAT(past.waived, ElementsAre("max_deactivations"));
  runtime_.Advance(absl::Hours(24) - absl::Nanoseconds(1));
  EXPECT_THAT(Remembered().applied_last_24h, SizeIs(1));
  runtime_.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(Remembered().applied_last_24h, IsEmpty());
}

TEST_F(MemoryStoreTest, ResultThatIsToldTwiceCountsOnce) {
  auto journal = Begin("1", {One(Action::kDeactivate)});
  Outcome outcome = MakeOutcome("c1", OutcomeState::kApplied);
  ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
  outcome.verified = true;
  ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
  EXPECT_THAT(Remembered().applied_last_24h, SizeIs(1));
  EXPECT_EQ(TimesApplied(Action::kDeactivate), 1);
  EXPECT_TRUE(store_->runs().Load("r-1")->outcomes["c1"].verified);
}

TEST_F(MemoryStoreTest, OnlyAppliedChangesLeaveATrace) {
  auto journal = Begin("1", {One(Action::kDeactivate)});
  for (OutcomeState state : {OutcomeState::kAlreadyDone, OutcomeState::kSkippedStale,
                             OutcomeState::kRefused, OutcomeState::kFailed}) {
    ASSERT_OK(journal->Commit({{MakeOutcome("c1", state)}, {}, {}}));
  }
  const Memory memory = Remembered();
  EXPECT_THAT(memory.applied_last_24h, IsEmpty());
  EXPECT_THAT(memory.deactivated_by_us, IsEmpty());
  EXPECT_THAT(memory.applied_directories, IsEmpty());
}

TEST_F(MemoryStoreTest, OwnDeactivationIsForgottenOnceWeActivate) {
  ApplyAll("1", {One(Action::kDeactivate)});
  EXPECT_THAT(Remembered().deactivated_by_us, ElementsAre(std::pair("crowd", "a1")));
  ApplyAll("2", {One(Action::kActivate)});
  EXPECT_THAT(Remembered().deactivated_by_us, IsEmpty());
}

TEST_F(MemoryStoreTest, OwnDeactivationIsForgottenOnceTheAccountWasSeenActiveLater) {
  const absl::Time read_before = now();
  runtime_.Advance(absl::Minutes(1));
  ApplyAll("1", {One(Action::kDeactivate)});
  ASSERT_OK(store_->memory().RememberActive({{"crowd", "a1"}}, read_before));
  EXPECT_THAT(Remembered().deactivated_by_us, SizeIs(1)) << "the snapshot was older";
  ASSERT_OK(store_->memory().RememberActive({{"crowd", "a1"}}, now() + absl::Minutes(1)));
  EXPECT_THAT(Remembered().deactivated_by_us, IsEmpty());
}

TEST_F(MemoryStoreTest, EffectIsHistoryOfItsOwnDirectory) {
  Change change = MakeChange(1, "scim", Action::kDeactivate, "a1");
  change.effects = {{"cloud", "x1", Action::kDeactivate}};
  ApplyAll("1", {change});
  const Memory memory = Remembered();
  EXPECT_THAT(memory.applied_last_24h, SizeIs(2));
  EXPECT_THAT(memory.applied_directories, ElementsAre("cloud", "scim"));
  EXPECT_TRUE(memory.deactivated_by_us.contains({"cloud", "x1"}));
  ASSERT_THAT(memory.applied_repeatedly, SizeIs(1)) << "R5 counts what was sent";
  EXPECT_EQ(memory.applied_repeatedly[0].directory, "scim");
}

TEST_F(MemoryStoreTest, SameChangeIsCountedUntilWeMakeTheOppositeOne) {
  ApplyAll("1", {One(Action::kAddMembership, "Eng")});
  ApplyAll("2", {One(Action::kAddMembership, "Eng")});
  EXPECT_EQ(TimesApplied(Action::kAddMembership), 2);
  ApplyAll("3", {One(Action::kAddMembership, "Sales")});
  EXPECT_THAT(Remembered().applied_repeatedly, SizeIs(2));
  ApplyAll("4", {One(Action::kRemoveMembership, "Eng"),
                 MakeChange(2, "crowd", Action::kRemoveMembership, "a1", "Sales")});
  EXPECT_EQ(TimesApplied(Action::kAddMembership), 0);
  EXPECT_EQ(TimesApplied(Action::kRemoveMembership), 1);
}

TEST_F(MemoryStoreTest, SameChangeIsCountedWhateverTheCaseOfItsGroup) {
  ApplyAll("1", {One(Action::kAddMembership, "Eng")});
  ApplyAll("2", {One(Action::kAddMembership, "eng")});
  EXPECT_EQ(TimesApplied(Action::kAddMembership), 2);
  ApplyAll("3", {One(Action::kRemoveMembership, "ENG")});
  EXPECT_EQ(TimesApplied(Action::kAddMembership), 0);
}

TEST_F(MemoryStoreTest, AssertionIsRememberedUntilAnOrdinaryChangeOfThatRecord) {
  Change again = MakeChange(1, "scim", Action::kDeactivate, "a1");
  again.routed_from = "cloud";
  ApplyAll("1", {again});
  EXPECT_THAT(Remembered().asserted, ElementsAre(std::pair("scim", "a1")));
  EXPECT_THAT(Remembered().applied_repeatedly, IsEmpty()) << "nobody undid anything";
  ApplyAll("2", {MakeChange(1, "scim", Action::kActivate, "a1")});
  EXPECT_THAT(Remembered().asserted, IsEmpty());
}

// Rule R5: a route that moves something can be undone, and is no assertion in vain (R3).
TEST_F(MemoryStoreTest, ARouteThatHelpedIsAChangeThatSomebodyCanUndo) {
  Change routed = MakeChange(1, "scim", Action::kDeactivate, "a1");
  routed.routed_from = "cloud";
  for (const char* run : {"1", "2"}) {
    auto journal = Begin(run, {routed});
    Outcome outcome = MakeOutcome("c1", OutcomeState::kApplied);
    ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
    outcome.verified = true;
    ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
    ASSERT_OK(journal->Commit({{outcome}, {}, {}}));  // told twice
    ASSERT_OK(
        store_->runs().Finish(absl::StrCat("r-", run), {RunState::kSucceeded, now(), 0, 0, ""}));
    EXPECT_THAT(Remembered().asserted, IsEmpty());
  }
  EXPECT_EQ(TimesApplied(Action::kDeactivate), 2);
}

TEST_F(MemoryStoreTest, ARoutedMembershipIsAChangeThatSomebodyCanUndo) {
  Change routed = MakeChange(1, "scim", Action::kAddMembership, "a1", "Eng");
  routed.routed_from = "cloud";
  ApplyAll("1", {routed});
  EXPECT_EQ(TimesApplied(Action::kAddMembership), 1);
}

TEST_F(MemoryStoreTest, AdoptedGroupsStay) {
  ASSERT_OK(store_->memory().Adopt("crowd", "eng", now()));
  ASSERT_OK(store_->memory().Adopt("crowd", "eng", now()));
  Reopen();
  EXPECT_THAT(Remembered().adopted_groups, ElementsAre(std::pair("crowd", "eng")));
}

// `masked` and `read_only` (PRODUCT.md section 4).
class RefusalTest : public MemoryStoreTest {
 protected:
  // One run of one change, which ends as a refusal of that name; "": it is applied.
  void Run(const std::string& name, const Change& change, const std::string& finding) {
    Outcome outcome =
        MakeOutcome("c1", finding.empty() ? OutcomeState::kApplied : OutcomeState::kRefused);
    outcome.finding = finding;
    ASSERT_OK(Begin(name, {change})->Commit({{outcome}, {}, {}}));
  }
  Change Membership(Action action) {
    Change change = One(action, "Eng");
    change.group_id = "g1";
    return change;
  }
};

TEST_F(RefusalTest, AReadOnlyDirectoryIsRememberedByTheKindOfWriteForADay) {
  Run("1", One(Action::kDeactivate), "read_only");
  EXPECT_THAT(Remembered().refusals,
              ElementsAre(Refusal{"read_only", "crowd", Action::kDeactivate, "", "", now()}));
  runtime_.Advance(absl::Hours(24) - absl::Nanoseconds(1));
  EXPECT_THAT(Remembered().refusals, SizeIs(1));
  runtime_.Advance(absl::Nanoseconds(1));
  EXPECT_THAT(Remembered().refusals, IsEmpty());
}

TEST_F(RefusalTest, TheLastRefusalCounts) {
  Run("1", One(Action::kDeactivate), "read_only");
  runtime_.Advance(absl::Hours(23));
  Run("2", One(Action::kDeactivate), "read_only");
  EXPECT_THAT(Remembered().refusals,
              ElementsAre(Refusal{"read_only", "crowd", Action::kDeactivate, "", "", now()}));
}

TEST_F(RefusalTest, AWriteOfThatKindThatWorksClearsIt) {
  Run("1", One(Action::kDeactivate), "read_only");
  Run("2", Membership(Action::kAddMembership), "read_only");
  EXPECT_THAT(Remembered().refusals, SizeIs(2));
  Run("3", One(Action::kActivate), "");
  EXPECT_THAT(Remembered().refusals,
              ElementsAre(Refusal{"read_only", "crowd", Action::kAddMembership, "", "", now()}));
  Run("4", Membership(Action::kRemoveMembership), "");
  EXPECT_THAT(Remembered().refusals, IsEmpty());
}

TEST_F(RefusalTest, AWriteElsewhereClearsNothing) {
  Run("1", One(Action::kDeactivate), "read_only");
  Change other = One(Action::kDeactivate);
  other.directory = "other";
  Run("2", other, "");
  EXPECT_THAT(Remembered().refusals, SizeIs(1));
}

TEST_F(RefusalTest, MaskedIsRememberedByAccountActionAndGroup) {
  Run("1", Membership(Action::kAddMembership), "masked");
  Run("2", One(Action::kDeactivate), "masked");
  EXPECT_THAT(Remembered().refusals,
              ElementsAre(Refusal{"masked", "crowd", Action::kDeactivate, "a1", "", now()},
                          Refusal{"masked", "crowd", Action::kAddMembership, "a1", "g1", now()}));
  Run("3", One(Action::kActivate), "");
  EXPECT_THAT(Remembered().refusals, SizeIs(2)) << "the opposite proves nothing";
  Run("4", One(Action::kDeactivate), "");
  Run("5", Membership(Action::kAddMembership), "");
  EXPECT_THAT(Remembered().refusals, IsEmpty());
}

TEST_F(RefusalTest, AMembershipThatWasAppliedAndIsSeenMaskedIsRemembered) {
  auto journal = Begin("1", {Membership(Action::kAddMembership)});
  Outcome outcome = MakeOutcome("c1", OutcomeState::kApplied);
  ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
  EXPECT_THAT(Remembered().refusals, IsEmpty());
  outcome.finding = "masked";
  ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
  EXPECT_THAT(Remembered().refusals, SizeIs(1));
}

// Rule R5: what was made through the owner is remembered of the owner.
TEST_F(MemoryStoreTest, AReRoutedChangeIsAppliedInItsOwnersDirectoryAndFollowsInItsOwn) {
  Change change = One(Action::kDeactivate);
  change.directory = "cloud";
  change.effects = {{"site", "a1", Action::kDeactivate}};
  change.reroute = Reroute{"scim", "s1", "ada", "", "", "", ""};
  auto journal = Begin("1", {change});
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}}));
  ASSERT_OK(journal->Commit({{}, {}, {"c1"}, 0, {"c1"}}));
  Outcome outcome = MakeOutcome("c1", OutcomeState::kApplied);
  outcome.rerouted = true;
  ASSERT_OK(journal->Commit({{outcome}, {}, {}}));
  ASSERT_OK(store_->runs().Finish("r-1", {RunState::kSucceeded, now(), 0, 0, ""}));
  const Memory memory = Remembered();
  std::vector<std::string> applied;
  for (const PastChange& past : memory.applied_last_24h) {
    applied.push_back(past.directory + "/" + past.account);
  }
  EXPECT_THAT(applied, ElementsAre("scim/s1", "cloud/a1", "site/a1"));
  EXPECT_TRUE(memory.asserted.contains({"scim", "s1"}));
  EXPECT_TRUE(memory.deactivated_by_us.contains({"scim", "s1"}));
  EXPECT_TRUE(memory.deactivated_by_us.contains({"cloud", "a1"}));
  EXPECT_THAT(memory.applied_repeatedly, IsEmpty());
  // Plans over the owner's directory are stale since.
  Plan later = MakePlan("p-2", {});
  later.directories = {"scim"};
  ASSERT_OK(store_->plans().Save(later, "{}", 0));  // begun before the run
  auto overtaking = store_->runs().Overtaking("p-2");
  ASSERT_TRUE(overtaking.ok() && overtaking->has_value());
  EXPECT_EQ((*overtaking)->directory, "scim");
}

TEST_F(MemoryStoreTest, AChangeThatWasNotReRoutedTouchesItsOwnDirectoryOnly) {
  Change change = One(Action::kDeactivate);
  change.reroute = Reroute{"scim", "s1", "ada", "", "", "", ""};
  ApplyAll("1", {change});
  EXPECT_THAT(Remembered().applied_last_24h, SizeIs(1));
  Plan later = MakePlan("p-2", {});
  later.directories = {"scim"};
  ASSERT_OK(store_->plans().Save(later, "{}", 0));  // begun before the run
  EXPECT_EQ(*store_->runs().Overtaking("p-2"), std::nullopt);
}

}  // namespace
}  // namespace rollcall
