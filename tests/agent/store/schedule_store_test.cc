#include "agent/store/schedule_store.h"

#include "tests/agent/store/state_fixture.h"

namespace rollcall {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ScheduleStoreTest : public StateTest {
 protected:
  ScheduleRecord MakeRecord(const std::string& name) {
    ScheduleRecord record;
    record.name = name;
    record.planned = {"0 2 * * * UTC",        now(),
                      now() + absl::Hours(1), now() + absl::Minutes(65),
                      now() - absl::Hours(2), now() - absl::Hours(1),
                      "it was still running"};
    return record;
  }

  static void MakeEnded(ScheduleRecord& record, absl::Time time) {
    record.running.reset();
    record.last = {time,
                   time + absl::Seconds(1),
                   time + absl::Seconds(2),
                   ScheduleResult::kFailed,
                   "crowd is unreadable",
                   "p-1",
                   "r-1"};
    record.failures = 3;
    record.backing_off_until = time + absl::Minutes(4);
  }

  std::vector<ScheduleRecord> Stored() { return *store_->schedules().List(); }
};

TEST_F(ScheduleStoreTest, EveryFieldComesBackByName) {
  ScheduleRecord b = MakeRecord("b");
  MakeEnded(b, now());
  ScheduleRecord a = MakeRecord("a");
  a.running = {now(), now() + absl::Nanoseconds(7)};
  ASSERT_OK(store_->schedules().SavePlanned(b));
  ASSERT_OK(store_->schedules().End(b));
  ASSERT_OK(store_->schedules().Begin(a));
  Reopen();
  EXPECT_THAT(Stored(), ElementsAre(a, b));
}

TEST_F(ScheduleStoreTest, ARecordWithoutAnyTimesComesBack) {
  ScheduleRecord record;
  record.name = "never";
  record.planned.counted_until = now();
  ASSERT_OK(store_->schedules().SavePlanned(record));
  EXPECT_THAT(Stored(), ElementsAre(record));
}

TEST_F(ScheduleStoreTest, PlanningDoesNotTouchWhatRunsAndWhatEnded) {
  ScheduleRecord record = MakeRecord("a");
  record.running = {now(), now()};
  ASSERT_OK(store_->schedules().Begin(record));
  // Who plans knows only an older state of the other's columns.
  ScheduleRecord replanned = MakeRecord("a");
  replanned.planned.next_due = now() + absl::Hours(9);
  ASSERT_OK(store_->schedules().SavePlanned(replanned));
  EXPECT_EQ(Stored()[0].running, record.running);
  EXPECT_EQ(Stored()[0].planned, replanned.planned);
}

TEST_F(ScheduleStoreTest, EndingDoesNotTouchWhatIsPlanned) {
  ScheduleRecord record = MakeRecord("a");
  record.running = {now(), now()};
  ASSERT_OK(store_->schedules().Begin(record));
  ScheduleRecord ended = record;
  ended.planned = {};
  MakeEnded(ended, now());
  ASSERT_OK(store_->schedules().End(ended));
  ended.planned = record.planned;
  EXPECT_THAT(Stored(), ElementsAre(ended));
}

TEST_F(ScheduleStoreTest, RemovedOnesAreGoneAndCannotEnd) {
  ScheduleRecord record = MakeRecord("a");
  ASSERT_OK(store_->schedules().SavePlanned(record));
  ASSERT_OK(store_->schedules().Remove("a"));
  EXPECT_THAT(Stored(), IsEmpty());
  ASSERT_OK(store_->schedules().Remove("a"));
  MakeEnded(record, now());
  EXPECT_EQ(store_->schedules().End(record).code(), absl::StatusCode::kNotFound);
}

TEST_F(ScheduleStoreTest, WhatDoesNotRunCannotBeginOrEnd) {
  EXPECT_EQ(store_->schedules().Begin(MakeRecord("a")).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(store_->schedules().End(MakeRecord("a")).code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace rollcall
