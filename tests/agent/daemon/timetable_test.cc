#include "agent/daemon/timetable.h"

#include "tests/agent/daemon/daemon_fixture.h"

namespace rollcall {
namespace {

using ::testing::StartsWith;
using Kind = Decision::Kind;

uint64_t Largest() { return 59 * 60 * 1000; }  // milliseconds: the most of a jitter of 59 minutes

class TimetableTest : public ::testing::Test {
 protected:
  Decision DecideAt(const std::string& time) const {
    return Decide(hourly_, record_, Utc(time), Largest);
  }

  Schedule hourly_ = MakeSchedule("hourly", "0 * * * *");
  ScheduleRecord record_ = NewRecord(hourly_, Utc("2026-03-01 00:30"), Largest);
};

TEST_F(TimetableTest, BackoffDoublesFromAMinuteToAnHour) {
  EXPECT_EQ(BackoffAfter(0), absl::ZeroDuration());
  EXPECT_EQ(BackoffAfter(1), absl::Minutes(1));
  EXPECT_EQ(BackoffAfter(2), absl::Minutes(2));
  EXPECT_EQ(BackoffAfter(6), absl::Minutes(32));
  EXPECT_EQ(BackoffAfter(7), absl::Hours(1));
  EXPECT_EQ(BackoffAfter(1'000'000'000), absl::Hours(1));
}

TEST_F(TimetableTest, JitterReachesItsBoundsAndNotBeyond) {
  Schedule jittered = hourly_;
  jittered.jitter = absl::Minutes(59);
  const absl::Time now = Utc("2026-03-01 00:30");
  EXPECT_EQ(NewRecord(jittered, now, Largest).planned.next_start, Utc("2026-03-01 01:59"));
  const auto one_more = [] { return Largest() + 1; };
  EXPECT_EQ(NewRecord(jittered, now, one_more).planned.next_start, Utc("2026-03-01 01:00"));
}

TEST_F(TimetableTest, NothingIsDecidedBeforeItsTime) {
  EXPECT_EQ(DecideAt("2026-03-01 00:59:59").kind, Kind::kWait);
  EXPECT_EQ(DecideAt("2026-03-01 01:00").kind, Kind::kStart);
}

TEST_F(TimetableTest, MissedTimesAreCountedUpToALimit) {
  const absl::Time first = Utc("2026-03-01 01:00");
  const absl::Time at_limit = first + absl::Hours(kMostMissed - 2);
  const Decision within = Decide(hourly_, record_, at_limit, Largest);
  EXPECT_THAT(within.planned.skip_reason, StartsWith("9998 times from"));
  EXPECT_EQ(within.running->due, at_limit);
  for (int beyond : {kMostMissed - 1, kMostMissed, kMostMissed + 1000}) {
    const absl::Time now = first + absl::Hours(beyond);
    const Decision decision = Decide(hourly_, record_, now, Largest);
    EXPECT_THAT(decision.planned.skip_reason, StartsWith("9999 or more times from")) << beyond;
    EXPECT_EQ(decision.kind, Kind::kStart);
    EXPECT_EQ(decision.planned.next_due, now + absl::Hours(1)) << "the next is counted from now";
  }
}

TEST_F(TimetableTest, ASmallStepBackWaitsAndALargeOneCountsAnew) {
  record_.planned = DecideAt("2026-03-01 05:00").planned;
  const absl::Time counted = Utc("2026-03-01 05:00");
  EXPECT_EQ(Decide(hourly_, record_, counted - kLongestStepBack, Largest).kind, Kind::kWait);
  const absl::Time before = counted - kLongestStepBack - absl::Seconds(1);
  const Decision anew = Decide(hourly_, record_, before, Largest);
  EXPECT_EQ(anew.kind, Kind::kReplanned);
  EXPECT_EQ(anew.planned.next_due, Utc("2026-03-01 02:00"));
}

TEST_F(TimetableTest, BackingOffByAClockThatWasWrongIsOver) {
  record_.failures = 9;
  record_.backing_off_until = Utc("2026-03-01 02:00");
  EXPECT_EQ(DecideAt("2026-03-01 01:00").kind, Kind::kSkip);
  record_.backing_off_until = Utc("2026-03-01 02:00:01");
  EXPECT_EQ(DecideAt("2026-03-01 01:00").kind, Kind::kStart);
}

TEST_F(TimetableTest, AShorterJitterDrawsAgainAndALongerOneDoesNot) {
  Schedule jittered = hourly_;
  jittered.jitter = absl::Minutes(59);
  const absl::Time now = Utc("2026-03-01 00:30");
  record_ = NewRecord(jittered, now, Largest);
  const ScheduleRecord drawn = record_;
  Adopt(jittered, now, [] { return uint64_t{0}; }, &record_);
  EXPECT_EQ(record_, drawn);
  jittered.jitter = absl::Minutes(58);
  Adopt(jittered, now, [] { return uint64_t{0}; }, &record_);
  EXPECT_EQ(record_.planned.next_start, Utc("2026-03-01 01:00"));
}

TEST_F(TimetableTest, TimesThatWereSkippedWhileItRanAreNotMissedOnceMore) {
  // Started at 01:00, the times until 05:00 were skipped, cut off at 05:30, up again at 06:10.
  record_ = NewRecord(hourly_, Utc("2026-03-01 05:00"), Largest);
  record_.running = {Utc("2026-03-01 01:00"), Utc("2026-03-01 01:00")};
  EXPECT_TRUE(Settle(hourly_, Utc("2026-03-01 06:10"), Largest, &record_));
  const Decision decision = DecideAt("2026-03-01 06:10");
  EXPECT_EQ(decision.kind, Kind::kStart);
  EXPECT_EQ(decision.running->due, Utc("2026-03-01 06:00"));
  EXPECT_THAT(decision.planned.skip_reason, StartsWith("1 time from 2026-03-01 01:00:00 UTC"));
}

TEST_F(TimetableTest, SettlingTwiceCountsAnInterruptionOnce) {
  record_.running = {Utc("2026-03-01 01:00"), Utc("2026-03-01 01:00")};
  record_.failures = 4;
  const absl::Time now = Utc("2026-03-01 01:10");
  EXPECT_TRUE(Settle(hourly_, now, Largest, &record_));
  EXPECT_EQ(record_.failures, 5);
  EXPECT_EQ(record_.planned.next_start, now + BackoffAfter(5));
  const ScheduleRecord settled = record_;
  EXPECT_FALSE(Settle(hourly_, now + absl::Minutes(1), Largest, &record_));
  EXPECT_EQ(record_, settled);
}

TEST_F(TimetableTest, CancelledWorkIsInterruptedOnlyWhereItWasStopped) {
  record_.running = {Utc("2026-03-01 01:00"), Utc("2026-03-01 01:00")};
  ScheduleRecord other = record_;
  const absl::Time now = Utc("2026-03-01 01:10");
  Conclude(absl::CancelledError("stopped"), now, true, &record_);
  EXPECT_EQ(record_.last->result, ScheduleResult::kInterrupted);
  Conclude(absl::CancelledError("cancelled by hand"), now, false, &other);
  EXPECT_EQ(other.last->result, ScheduleResult::kFailed);
  EXPECT_EQ(other.backing_off_until, now + BackoffAfter(1));
}

TEST_F(TimetableTest, SchedulesAreReadFromTheConfiguration) {
  config::v1::Config config;
  config::v1::Schedule* schedule = config.add_schedules();
  schedule->set_name("nightly");
  schedule->set_cron("0 2 * * *");
  schedule->set_action(config::v1::Schedule::ACTION_APPLY);
  schedule->set_time_zone("Europe/Berlin");
  schedule->mutable_jitter()->set_seconds(90);
  *config.add_schedules() = *schedule;
  config.mutable_schedules(1)->clear_time_zone();
  config.mutable_schedules(1)->set_action(config::v1::Schedule::ACTION_PLAN);
  const auto schedules = SchedulesOf(config);
  ASSERT_TRUE(schedules.ok()) << schedules.status();
  const Schedule& nightly = schedules->at(0);
  EXPECT_EQ(nightly.name, "nightly");
  EXPECT_EQ(nightly.action, ScheduleAction::kApply);
  EXPECT_EQ(nightly.Definition(), "0 2 * * * Europe/Berlin");
  EXPECT_EQ(nightly.jitter, absl::Seconds(90));
  EXPECT_EQ(nightly.cron.Next(Utc("2026-07-01 12:00"), nightly.zone), Utc("2026-07-02 00:00"));
  EXPECT_EQ(schedules->at(1).zone_name, "UTC");
  EXPECT_EQ(schedules->at(1).action, ScheduleAction::kPlan);
  config.mutable_schedules(1)->set_cron("no");
  EXPECT_FALSE(SchedulesOf(config).ok());
}

}  // namespace
}  // namespace rollcall
