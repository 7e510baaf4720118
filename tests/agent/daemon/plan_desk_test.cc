#include "agent/daemon/plan_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "agent/daemon/reasons.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The configured export is not there, so that no directory is ever asked. The runtime has done what
// it starts when it returns.
class PlanDeskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::Open(folder_.File("rollcall.db"));
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
    auto config = ParseConfig(
        "export: {people: nowhere.json}\n"
        "directories: [{id: corp, people: all, scim: {url: \"http://127.0.0.1:1/v2\", "
        "token: {env: NONE}}}]\n",
        folder_.File("rollcall.yaml"));
    ASSERT_TRUE(config.ok()) << config.status();
    office_ = std::make_unique<Office>(
        std::make_shared<const LoadedConfig>(*std::move(config)), *store_, runtime_,
        [](const LoadedConfig&) -> absl::StatusOr<std::unique_ptr<Wiring>> {
          return absl::InternalError("nothing is to be connected");
        });
    desk_ = std::make_unique<PlanDesk>(*office_);
  }

  Plan Load(const std::string& id) {
    auto plan = store_->plans().Load(id);
    EXPECT_TRUE(plan.ok()) << plan.status();
    return *std::move(plan);
  }

  // Plans that are made before that time cannot be written.
  void FillDiskUntil(absl::Time time) {
    auto other = Database::Open(folder_.File("rollcall.db"));
    ASSERT_TRUE(other.ok()) << other.status();
    ASSERT_TRUE((*other)
                    ->Run(absl::StrCat("CREATE TRIGGER disk_is_full BEFORE INSERT ON plans "
                                       "WHEN NEW.created < ",
                                       absl::ToUnixNanos(time),
                                       " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"))
                    .ok());
  }

  TempFolder folder_;
  FakeRuntime runtime_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Office> office_;
  std::unique_ptr<PlanDesk> desk_;
};

TEST_F(PlanDeskTest, PlanThatCannotBeMadeIsThereAndSaysWhy) {
  PlanOrder order;
  order.requester = {"ops", "planner"};
  const auto id = desk_->Begin(order);
  ASSERT_TRUE(id.ok()) << id.status();
  const Plan plan = Load(*id);
  EXPECT_EQ(plan.state, PlanState::kFailed);
  ASSERT_EQ(plan.findings.size(), 1u);
  EXPECT_EQ(plan.findings[0].name, "planning_failed");
  EXPECT_THAT(plan.findings[0].message, HasSubstr("nowhere.json"));
  EXPECT_EQ(store_->plans().Summary(*id)->requester, (Requester{"ops", "planner"}));
}

TEST_F(PlanDeskTest, RequestWhosePlanWasNeverBegunMakesItNow) {
  // As a kill between the two leaves it.
  ASSERT_TRUE(store_->requests().Remember("ops", "id-1", "digest", "p-1", runtime_.Now()).ok());
  PlanOrder order;
  order.requester = {"ops", "planner"};
  order.request_id = "id-1";
  order.digest = "digest";
  EXPECT_EQ(*desk_->Begin(order), "p-1");
  EXPECT_EQ(Load("p-1").state, PlanState::kFailed);
  EXPECT_EQ(*desk_->Begin(order), "p-1");
  order.digest = "another";
  EXPECT_EQ(ReasonOf(desk_->Begin(order).status()), v1::REQUEST_ID_REUSED);
}

TEST_F(PlanDeskTest, RequestAskedAgainGivesItsPlanAlthoughItsUploadIsUsedUp) {
  PlanOrder order;
  order.requester = {"ops", "planner"};
  order.request_id = "id-1";
  order.digest = "digest";
  order.export_files.emplace().people = folder_.File("uploaded.json");
  const auto first = desk_->Begin(order);
  ASSERT_TRUE(first.ok()) << first.status();
  order.obstacle = absl::NotFoundError("the upload is gone");
  EXPECT_EQ(*desk_->Begin(order), *first);
  // Asked for the first time it is told, and may be asked again.
  order.request_id = "id-2";
  EXPECT_EQ(desk_->Begin(order).status(), order.obstacle);
  EXPECT_EQ(desk_->Check(order), order.obstacle);
  order.obstacle = absl::OkStatus();
  const auto second = desk_->Begin(order);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_NE(*second, *first);
}

TEST_F(PlanDeskTest, PlanThatAProcessWhichIsGoneWasMakingFails) {
  ASSERT_TRUE(store_->plans().BeginPlanning("p-1", {}, runtime_.Now()).ok());
  EXPECT_THAT(*store_->plans().StillPlanning(), ElementsAre("p-1"));
  ASSERT_TRUE(desk_->CloseLeftovers().ok());
  EXPECT_THAT(*store_->plans().StillPlanning(), IsEmpty());
  EXPECT_THAT(Load("p-1").findings[0].message, HasSubstr("ended while the plan was being made"));
}

// Whoever asked waits for what becomes of the plan.
TEST_F(PlanDeskTest, FailureThatCannotBeWrittenForAWhileIsWrittenLater) {
  const absl::Time well = runtime_.Now() + PlanDesk::kSaveRetry * 3 / 2;
  PlanOrder order;
  order.release = [&] { FillDiskUntil(well); };
  const auto id = desk_->Begin(order);
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_EQ(Load(*id).state, PlanState::kFailed);
  EXPECT_EQ(runtime_.slept(), 2 * PlanDesk::kSaveRetry);
  EXPECT_THAT(*store_->plans().StillPlanning(), IsEmpty());
}

// The next start says so then (CloseLeftovers).
TEST_F(PlanDeskTest, FailureThatCanNeverBeWrittenIsGivenUpOneDay) {
  PlanOrder order;
  order.release = [&] { FillDiskUntil(runtime_.Now() + absl::Hours(24)); };
  const auto id = desk_->Begin(order);
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_THAT(*store_->plans().StillPlanning(), ElementsAre(*id));
  EXPECT_EQ(runtime_.slept(), PlanDesk::kMostSaves * PlanDesk::kSaveRetry);
}

TEST_F(PlanDeskTest, WhatIsNotInOrderOrComesTooLateMakesNoPlan) {
  PlanOrder order;
  order.directories = {"nowhere"};
  EXPECT_EQ(ReasonOf(desk_->Begin(order).status()), v1::NO_SUCH_RESOURCE);
  order = {};
  order.as_configured_source = true;
  EXPECT_EQ(ReasonOf(desk_->Begin(order).status()), v1::INVALID_FIELD);
  desk_->Close();
  EXPECT_EQ(ReasonOf(desk_->Begin({}).status()), v1::SHUTTING_DOWN);
  EXPECT_THAT(*store_->plans().List(10), IsEmpty());
}

}  // namespace
}  // namespace rollcall
