#include "agent/store/retention.h"

#include "agent/store/sqlite.h"
#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr RetentionRule kMonth = {absl::Hours(24 * 30), 10000};

class RetentionTest : public StateTest {
 protected:
  void SetUp() override {
    StateTest::SetUp();
    auto opened = Retention::Open(file_);
    ASSERT_TRUE(opened.ok()) << opened.status();
    retention_ = *std::move(opened);
  }

  static std::vector<Change> InCrowd(int changes = 1) {
    std::vector<Change> result;
    for (int i = 1; i <= changes; ++i) {
      result.push_back(MakeChange(i, "crowd", Action::kDeactivate, absl::StrCat("a", i)));
    }
    return result;
  }

  void SaveUnused(const std::string& id) {
    ASSERT_OK(store_->plans().Save(MakePlan(id, InCrowd()), "{}"));
  }

  // Of a plan that has read the other directory, too.
  void ApplyInScimAlone(const std::string& name) {
    Plan plan = MakePlan("p-" + name, {MakeChange(1, "scim", Action::kDeactivate, "a")});
    plan.directories = {"crowd", "scim"};
    ASSERT_OK(store_->plans().Save(plan, "{}"));
    ASSERT_OK(store_->runs().Start("r-" + name, plan.id, {}, now()));
    auto journal = store_->OpenJournal("r-" + name, runtime_);
    ASSERT_OK(journal.status());
    JournalBatch batch;
    batch.outcomes = {MakeOutcome("c1", OutcomeState::kApplied)};
    ASSERT_OK((*journal)->Commit(batch));
    ASSERT_OK(store_->runs().Finish("r-" + name, {RunState::kSucceeded, now(), 0, 0, ""}));
  }

  // Plans that are gone, and nothing is left of them.
  Deletions Delete(const RetentionRule& rule = kMonth) {
    const auto taken = retention_->TakeOut(rule, now());
    EXPECT_TRUE(taken.ok()) << taken.status();
    while (true) {
      const auto more = retention_->DeleteSlice();
      EXPECT_TRUE(more.ok()) << more.status();
      if (!more.ok() || !*more) return *taken;
    }
  }

  std::vector<std::string> Plans() {
    std::vector<std::string> ids;
    const auto plans = store_->plans().List(1000);
    for (const PlanSummary& plan : *plans) ids.push_back(plan.id);
    return ids;
  }
  std::vector<std::string> Runs() {
    std::vector<std::string> ids;
    const auto runs = store_->runs().List(1000);
    for (const RunSummary& run : *runs) ids.push_back(run.id);
    return ids;
  }

  // Rows that belong to no plan or run.
  int64_t Orphans() {
    auto database = Database::OpenToRead(file_);
    int64_t count = 0;
    EXPECT_TRUE((*database)
                    ->Read([&]() -> absl::Status {
                      absl::StatusOr<Statement> rows =
                          (*database)->Prepare("PRAGMA foreign_key_check");
                      if (!rows.ok()) return rows.status();
                      rows->Bind();
                      while (true) {
                        const absl::StatusOr<bool> more = rows->Next();
                        if (!more.ok()) return more.status();
                        if (!*more) return absl::OkStatus();
                        ++count;
                      }
                    })
                    .ok());
    return count;
  }

  std::unique_ptr<Retention> retention_;
};

TEST_F(RetentionTest, OldPlansGoWithTheirRunsAndTheLastRunOfADirectoryStays) {
  ApplyAll("old", InCrowd());
  ApplyAll("last", InCrowd());
  runtime_.Advance(absl::Hours(24 * 31));
  SaveUnused("p-new");
  const Deletions deleted = Delete();
  EXPECT_EQ(deleted.plans, 1);
  EXPECT_EQ(deleted.runs, 1);
  EXPECT_THAT(Plans(), ElementsAre("p-new", "p-last"));
  EXPECT_THAT(Runs(), ElementsAre("r-last"));
  EXPECT_EQ(Orphans(), 0);
  // What the run did is remembered all the same.
  EXPECT_EQ(Remembered().deactivated_by_us.size(), 1u);
  EXPECT_EQ(Remembered().applied_directories.count("crowd"), 1u);
}

TEST_F(RetentionTest, AgeCountsToTheInstant) {
  SaveUnused("p-1");
  const absl::Time made = now();
  runtime_.Advance(absl::Seconds(1));
  SaveUnused("p-2");
  runtime_.Advance(made + kMonth.age - now());
  EXPECT_EQ(Delete().plans, 0);
  runtime_.Advance(absl::Nanoseconds(1));
  EXPECT_EQ(Delete().plans, 1);
  EXPECT_THAT(Plans(), ElementsAre("p-2"));
}

TEST_F(RetentionTest, TheNewestStayByNumberAndTwoDaysInAnyCase) {
  for (int i = 1; i <= 4; ++i) {
    SaveUnused(absl::StrCat("p-", i));
    runtime_.Advance(absl::Hours(1));
  }
  const RetentionRule two = {kMonth.age, 2};
  EXPECT_EQ(Delete(two).plans, 0);
  runtime_.Advance(absl::Hours(48));
  EXPECT_EQ(Delete(two).plans, 2);
  EXPECT_THAT(Plans(), ElementsAre("p-4", "p-3"));
}

TEST_F(RetentionTest, WhatRunsOrWasInterruptedOrIsBeingMadeStays) {
  Begin("running", {MakeChange(1, "crowd", Action::kDeactivate, "a")});
  Begin("interrupted", {MakeChange(1, "scim", Action::kDeactivate, "a")});
  ASSERT_OK(store_->runs().Interrupt("r-interrupted", 3, now()));
  ASSERT_OK(store_->plans().BeginPlanning("p-planning", {}, now()));
  ApplyAll("later", {MakeChange(1, "crowd", Action::kDeactivate, "a"),
                     MakeChange(2, "scim", Action::kDeactivate, "a")});
  runtime_.Advance(absl::Hours(24 * 31));
  SaveUnused("p-new");
  EXPECT_EQ(Delete().plans, 0);
  EXPECT_EQ(store_->runs().Load("r-interrupted")->requests_used, 3);
}

TEST_F(RetentionTest, WhatMakesAPlanStaleStaysHoweverOld) {
  SaveUnused("p-open");
  ApplyAll("writes", InCrowd());
  for (int i = 0; i < 3; ++i) ApplyInScimAlone(absl::StrCat("elsewhere", i));
  runtime_.Advance(absl::Hours(24 * 31));
  SaveUnused("p-new");
  EXPECT_EQ(Delete().runs, 2);
  EXPECT_THAT(Runs(), UnorderedElementsAre("r-writes", "r-elsewhere2"));
  // A run of before the plan would not make it stale, and marks go on from the highest.
  const auto mark = store_->runs().Mark();
  ApplyAll("again", {MakeChange(1, "scim", Action::kDeactivate, "a")});
  EXPECT_GT(*store_->runs().Mark(), *mark);
  const auto overtaking = store_->runs().Overtaking("p-new");
  ASSERT_OK(overtaking.status());
  EXPECT_FALSE(overtaking->has_value());
}

TEST_F(RetentionTest, LastDayOfChangesStaysForTheLimits) {
  ApplyAll("first", InCrowd());
  ApplyAll("second", InCrowd());
  runtime_.Advance(absl::Hours(23));
  SaveUnused("p-new");
  EXPECT_EQ(Delete({absl::ZeroDuration(), 1}).plans, 0);
  EXPECT_EQ(Remembered().applied_last_24h.size(), 2u);
}

TEST_F(RetentionTest, WhatASchedulePointsAtStays) {
  SaveUnused("p-scheduled");
  ScheduleRecord record;
  record.name = "nightly";
  ASSERT_OK(store_->schedules().SavePlanned(record));
  record.last.emplace();
  record.last->plan = "p-scheduled";
  ASSERT_OK(store_->schedules().End(record));
  runtime_.Advance(absl::Hours(24 * 31));
  SaveUnused("p-new");
  EXPECT_EQ(Delete().plans, 0);
}

TEST_F(RetentionTest, ManyRowsGoInSlicesAndAKillInBetweenIsMadeUpFor) {
  const int changes = Retention::kSlice + 1;
  ApplyAll("large", InCrowd(changes));
  ApplyAll("last", InCrowd());
  runtime_.Advance(absl::Hours(24 * 31));
  SaveUnused("p-new");
  ASSERT_OK(retention_->TakeOut(kMonth, now()).status());
  EXPECT_THAT(Plans(), ElementsAre("p-new", "p-last"));
  EXPECT_TRUE(absl::IsNotFound(store_->runs().Load("r-large").status()));
  const int64_t before = Orphans();
  ASSERT_TRUE(*retention_->DeleteSlice());
  EXPECT_LE(before - Orphans(), Retention::kSlice);
  // Another process goes on.
  Reopen();
  auto opened = Retention::Open(file_);
  ASSERT_TRUE(opened.ok());
  retention_ = *std::move(opened);
  int slices = 0;
  while (*retention_->DeleteSlice()) ++slices;
  EXPECT_GT(slices, 3);  // events, journal, what was applied, the changes of the plan
  EXPECT_EQ(Orphans(), 0);
  // New ones do not meet the rows of old ones.
  ApplyAll("next", InCrowd(changes));
}

TEST_F(RetentionTest, NoMoreThanSoManyPlansAreTakenOutAtOnce) {
  for (int64_t i = 0; i < Retention::kMostAtOnce + 2; ++i) SaveUnused(absl::StrCat("p-", i));
  runtime_.Advance(absl::Hours(24 * 31));
  EXPECT_EQ(Delete().plans, Retention::kMostAtOnce);
  EXPECT_EQ(Delete().plans, 1);  // the newest stays
  EXPECT_EQ(Delete().plans, 0);
}

TEST_F(RetentionTest, LargePlansAreTakenOutFewAtATime) {
  for (const char* id : {"p-1", "p-2", "p-3", "p-4"}) {
    Plan plan = MakePlan(id, {});
    plan.counts.deactivate = Retention::kMostChangesAtOnce - 1;
    ASSERT_OK(store_->plans().Save(plan, "{}"));
  }
  runtime_.Advance(absl::Hours(24 * 31));
  EXPECT_EQ(Delete().plans, 2);
  EXPECT_EQ(Delete().plans, 1);  // the newest stays
}

TEST_F(RetentionTest, RequestsAreForgottenWithThePlansOfTheirTime) {
  const auto ask = [this](const std::string& id) {
    return *store_->requests().Remember("ops", id, "digest", "p-1", now());
  };
  EXPECT_FALSE(ask("old").has_value());
  runtime_.Advance(kMonth.age);
  EXPECT_FALSE(ask("new").has_value());
  Delete();
  EXPECT_TRUE(ask("old").has_value());
  runtime_.Advance(absl::Seconds(1));
  Delete();
  EXPECT_FALSE(ask("old").has_value());
  EXPECT_TRUE(ask("new").has_value());
}

TEST_F(RetentionTest, SizeIsThatOfTheState) {
  ApplyAll("one", InCrowd());
  SaveUnused("p-two");
  const auto size = retention_->Measure();
  ASSERT_OK(size.status());
  EXPECT_EQ(size->plans, 2);
  EXPECT_EQ(size->runs, 1);
  EXPECT_GT(size->bytes, 10'000);
}

}  // namespace
}  // namespace rollcall
