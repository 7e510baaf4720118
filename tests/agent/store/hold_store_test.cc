#include "agent/store/hold_store.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class HoldStoreTest : public StateTest {
 protected:
  Hold MakeHold(std::optional<absl::Time> until) {
    return {0, "ada", "ada@example.com", Hold::Kind::kDeactivated, "left in anger", now(), until};
  }
};

TEST_F(HoldStoreTest, HoldWithoutAnEndLastsUntilItIsEnded) {
  auto id = store_->holds().Add(MakeHold(std::nullopt));
  ASSERT_TRUE(id.ok());
  runtime_.Advance(absl::Hours(24 * 365));
  ASSERT_THAT(*store_->holds().InForce(now()), SizeIs(1));
  EXPECT_THAT(Remembered().holds, ElementsAre(Field(&Hold::id, *id)));
  ASSERT_OK(store_->holds().End(*id, now()));
  EXPECT_THAT(*store_->holds().InForce(now()), IsEmpty());
  EXPECT_THAT(Remembered().holds, IsEmpty());
  EXPECT_EQ(store_->holds().List()->at(0).ended, now());
}

TEST_F(HoldStoreTest, HoldIsInForceUntilItsEndAndNotAtIt) {
  const absl::Time until = now() + absl::Hours(1);
  ASSERT_TRUE(store_->holds().Add(MakeHold(until)).ok());
  EXPECT_THAT(*store_->holds().InForce(until - absl::Nanoseconds(1)), SizeIs(1));
  EXPECT_THAT(*store_->holds().InForce(until), IsEmpty());
  EXPECT_THAT(*store_->holds().List(), SizeIs(1)) << "kept for the record";
}

TEST_F(HoldStoreTest, EveryFieldComesBack) {
  const Hold hold = MakeHold(now() + absl::Hours(1));
  auto id = store_->holds().Add(hold);
  Reopen();
  const Hold loaded = store_->holds().List()->at(0).hold;
  EXPECT_EQ(loaded.id, *id);
  EXPECT_EQ(loaded.person, hold.person);
  EXPECT_EQ(loaded.email, hold.email);
  EXPECT_EQ(loaded.kind, hold.kind);
  EXPECT_EQ(loaded.reason, hold.reason);
  EXPECT_EQ(loaded.created, hold.created);
  EXPECT_EQ(loaded.until, hold.until);
}

TEST_F(HoldStoreTest, HoldOfNobodyAndActivationWithoutEndAreRefused) {
  Hold nobody = MakeHold(std::nullopt);
  nobody.person = nobody.email = "";
  EXPECT_EQ(store_->holds().Add(nobody).status().code(), absl::StatusCode::kInvalidArgument);
  Hold endless = MakeHold(std::nullopt);
  endless.kind = Hold::Kind::kActivated;
  EXPECT_EQ(store_->holds().Add(endless).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(HoldStoreTest, EndingTwiceOrAnUnknownHoldIsTold) {
  auto id = store_->holds().Add(MakeHold(std::nullopt));
  ASSERT_OK(store_->holds().End(*id, now()));
  EXPECT_EQ(store_->holds().End(*id, now()).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->holds().End(*id + 1, now()).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace rollcall
