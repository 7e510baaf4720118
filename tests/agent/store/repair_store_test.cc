#include "agent/store/repair_store.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RepairStoreTest : public StateTest {
 protected:
  RepairRecord MakeRepair() {
    RepairRecord repair;
    repair.time = now();
    repair.organisation = "cloud";
    repair.action = RepairAction::kDeleteRecords;
    repair.account = "aa-1";
    repair.scim_directory = "9f";
    repair.record = "u-1";
    repair.reason = "ticket 17";
    return repair;
  }
};

TEST_F(RepairStoreTest, ARepairIsOpenUntilItsOutcomeIsKnownAndEveryFieldComesBack) {
  EXPECT_THAT(*store_->repairs().List(), IsEmpty());
  RepairRecord repair = MakeRepair();
  repair.number = *store_->repairs().Begin(repair);
  Reopen();
  EXPECT_THAT(*store_->repairs().List(), ElementsAre(repair));
  runtime_.Advance(absl::Seconds(3));
  ASSERT_OK(store_->repairs().End(repair.number, RepairOutcome::kNotSeen, "nothing moved", now()));
  repair.outcome = RepairOutcome::kNotSeen;
  repair.message = "nothing moved";
  repair.ended = now();
  Reopen();
  EXPECT_THAT(*store_->repairs().List(), ElementsAre(repair));
}

TEST_F(RepairStoreTest, AnOutcomeIsGivenOnceAndToThatRepairAlone) {
  const int64_t first = *store_->repairs().Begin(MakeRepair());
  const int64_t second = *store_->repairs().Begin(MakeRepair());
  ASSERT_OK(store_->repairs().End(second, RepairOutcome::kDone, "", now()));
  EXPECT_EQ(store_->repairs().End(second, RepairOutcome::kRefused, "", now()).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->repairs().End(99, RepairOutcome::kDone, "", now()).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->repairs().List()->at(0).number, first);
  EXPECT_FALSE(store_->repairs().List()->at(0).ended.has_value());
  EXPECT_EQ(store_->repairs().List()->at(1).outcome, RepairOutcome::kDone);
}

}  // namespace
}  // namespace rollcall
