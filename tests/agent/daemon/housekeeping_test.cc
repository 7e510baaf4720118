#include "agent/daemon/housekeeping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/store/store.h"
#include "tests/support/fake_runtime.h"
#include "tests/support/lockstep_runtime.h"
#include "tests/support/temp_folder.h"

namespace rollcall {
namespace {

constexpr RetentionRule kWeek = {absl::Hours(24 * 7), 10000};

class HousekeepingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Store::Open(folder_.File("rollcall.db"));
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  void SavePlans(int count, absl::Time made) {
    for (int i = 0; i < count; ++i) {
      Plan plan;
      plan.id = absl::StrCat("p-", next_++);
      plan.state = PlanState::kReady;
      plan.create_time = made;
      ASSERT_TRUE(store_->plans().Save(plan, "{}").ok());
    }
  }

  Housekeeping::Report Recorder() {
    return [this](const absl::StatusOr<StateSize>& size, const Deletions& deleted) {
      sizes_.push_back(size);
      deleted_ += deleted.plans;
    };
  }

  TempFolder folder_;
  std::unique_ptr<Store> store_;
  int next_ = 0;
  std::vector<absl::StatusOr<StateSize>> sizes_;
  int64_t deleted_ = 0;
};

TEST_F(HousekeepingTest, PassDeletesAllThatIsOldHoweverMuchAndIsMadeOnceAnHour) {
  FakeRuntime runtime;
  SavePlans(static_cast<int>(2 * Retention::kMostAtOnce), runtime.Now());
  runtime.Advance(absl::Hours(24 * 8));
  SavePlans(1, runtime.Now());
  Housekeeping housekeeping(store_->file(), runtime, Recorder());
  housekeeping.Tend(kWeek);
  EXPECT_EQ(deleted_, 2 * Retention::kMostAtOnce);
  ASSERT_EQ(sizes_.size(), 1u);
  ASSERT_TRUE(sizes_[0].ok()) << sizes_[0].status();
  EXPECT_EQ(sizes_[0]->plans, 1);
  runtime.Advance(Housekeeping::kEvery - absl::Hours(1) / 2);
  housekeeping.Tend(kWeek);
  EXPECT_EQ(sizes_.size(), 1u);
  runtime.Advance(absl::Hours(1) / 2);
  housekeeping.Tend(kWeek);
  EXPECT_EQ(sizes_.size(), 2u);
}

TEST_F(HousekeepingTest, PausesBetweenSlicesSoThatOthersCanWrite) {
  FakeRuntime runtime;
  SavePlans(3, runtime.Now());
  runtime.Advance(absl::Hours(24 * 8));
  SavePlans(1, runtime.Now());
  Housekeeping housekeeping(store_->file(), runtime, Recorder());
  housekeeping.Tend(kWeek);
  EXPECT_EQ(deleted_, 3);
  EXPECT_EQ(runtime.slept(), 3 * Housekeeping::kPause);
}

TEST_F(HousekeepingTest, OneThatIsClosedStopsSoonAndTheNextGoesOn) {
  LockstepRuntime runtime(absl::FromUnixSeconds(1'790'000'000));
  SavePlans(50, runtime.Now());
  ASSERT_TRUE(runtime.SleepUntil(runtime.Now() + absl::Hours(24 * 8), {}).ok());
  SavePlans(1, runtime.Now());
  {
    Housekeeping housekeeping(store_->file(), runtime, Recorder());
    housekeeping.Tend(kWeek);
    // Some slices.
    ASSERT_TRUE(runtime.SleepUntil(runtime.Now() + 5 * Housekeeping::kPause, {}).ok());
    housekeeping.Close();
  }
  EXPECT_TRUE(sizes_.empty());
  auto retention = Retention::Open(store_->file());
  ASSERT_TRUE(retention.ok());
  EXPECT_TRUE(*(*retention)->DeleteSlice());  // something was left
  Housekeeping housekeeping(store_->file(), runtime, Recorder());
  housekeeping.Tend(kWeek);
  ASSERT_TRUE(runtime.SleepUntil(runtime.Now() + absl::Minutes(1), {}).ok());
  housekeeping.Close();
  EXPECT_FALSE(*(*retention)->DeleteSlice());
  ASSERT_EQ(sizes_.size(), 1u);
}

TEST_F(HousekeepingTest, ClockThatIsSetBackDoesNotPutItOff) {
  LockstepRuntime runtime(absl::FromUnixSeconds(1'790'000'000));
  Housekeeping housekeeping(store_->file(), runtime, Recorder());
  const auto pass = [&] {
    housekeeping.Tend(kWeek);
    ASSERT_TRUE(runtime.SleepUntil(runtime.Now() + absl::Seconds(1), {}).ok());
  };
  pass();
  runtime.StepClock(-absl::Hours(24));
  pass();
  EXPECT_EQ(sizes_.size(), 2u);
}

TEST_F(HousekeepingTest, StateThatCannotBeReadIsTold) {
  FakeRuntime runtime;
  Housekeeping housekeeping(folder_.File("no/such.db"), runtime, Recorder());
  housekeeping.Tend(kWeek);
  ASSERT_EQ(sizes_.size(), 1u);
  EXPECT_FALSE(sizes_[0].ok());
}

}  // namespace
}  // namespace rollcall
